import { Button, Form, Input, Radio } from "antd";
import { useState } from "react";
import type { ClockDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { REASONS, useWaive, type WaiveReason } from "./queries.ts";
import { RemindButton, useReminding } from "./RemindButton.tsx";

/** Remind with one click; waive for a reason of the closed list. */
export function ClockActions({ clock }: { clock: ClockDetail }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const reminding = useReminding(clock);
  const [asking, setAsking] = useState(false);
  const { may } = clock;
  if (asOf || !(may.remind || may.waive)) return null;
  return (
    <footer className="z-actions">
      {may.remind ? <RemindButton state={reminding} primary /> : null}
      {may.waive ? <Button onClick={() => setAsking(true)}>{t("clock.waive")}</Button> : null}
      {asking ? <WaiveDialog clock={clock} close={() => setAsking(false)} /> : null}
    </footer>
  );
}

interface Fields {
  reason: WaiveReason;
  note: string;
}

function WaiveDialog({ clock, close }: { clock: ClockDetail; close: () => void }) {
  const { t, term, text } = useI18n();
  const [form] = Form.useForm<Fields>();
  const told = useTold();
  const waive = useWaive(clock.id);
  const send = ({ reason, note }: Fields) =>
    waive.mutate(
      { reason, note: note.trim() },
      {
        onSuccess: () => {
          told.done(t("clock.waivedDone"));
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("clock.waiveTitle")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("clock.waive")}
      okButtonProps={{ loading: waive.isPending, danger: true }}
    >
      <p>
        <b>{text(clock.name)}</b> · {text(clock.subject.label)} · {clock.owner.name}
      </p>
      <p className="z-reach">{t("clock.waiveReach")}</p>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item
          name="reason"
          label={t("decision.reason")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Radio.Group
            vertical
            options={REASONS.map((value) => ({ value, label: term("waiveReason", value) }))}
          />
        </Form.Item>
        <Form.Item
          name="note"
          label={t("clock.waiveNote")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}
