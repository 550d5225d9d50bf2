import { Form, Input, Radio } from "antd";
import type { SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { needsReason, type SignalAction } from "./actions.ts";
import { DISMISSALS, type Dismissal, needsNote, written } from "./dismissal.ts";
import type { Outcome } from "./OutcomeNote.tsx";
import { useTriage } from "./queries.ts";
import { Reach } from "./Reach.tsx";
import { fitting } from "./triage.ts";

const RISKS = ["low", "moderate", "high", "very_high"] as const;

interface Fields {
  code?: Dismissal;
  risk?: (typeof RISKS)[number];
  note?: string;
}
interface Props {
  action: SignalAction;
  signals: readonly SignalItem[];
  close: () => void;
  done: (outcome: Outcome) => void;
}

/** One step in the life of signals: how far it reaches, and what has to be said with it. */
export function ActDialog({ action, signals, close, done }: Props) {
  const { term } = useI18n();
  const [form] = Form.useForm<Fields>();
  const told = useTold();
  const triage = useTriage();
  const { fit, left } = fitting(action, signals);
  const send = ({ code, risk, note = "" }: Fields) =>
    triage.mutate(
      {
        action,
        ids: fit.map((one) => one.id),
        reason: code ? written(code, note) : note.trim(),
        ...(risk ? { risk } : {}),
      },
      {
        onSuccess: ({ done: finished, refused }) => {
          done({
            what: action,
            done: finished.length,
            refused: refused.flatMap(({ id, code: said, sentence }) => {
              const signal = fit.find((one) => one.id === id);
              return signal ? [{ signal, sentence, said }] : [];
            }),
          });
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={term("signal", action)}
      onCancel={close}
      onOk={() => form.submit()}
      okText={term("signal", action)}
      okButtonProps={{
        danger: action === "dismiss",
        loading: triage.isPending,
        disabled: fit.length === 0,
      }}
    >
      <Reach signals={fit} left={left} />
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={send}>
        {action === "dismiss" ? <Why /> : null}
        {action === "assess" ? <Risk /> : null}
        {action === "take" ? null : <Note action={action} />}
      </Form>
    </Dialog>
  );
}

function Why() {
  const { t, term } = useI18n();
  return (
    <Form.Item
      name="code"
      label={t("signal.dismissWhy")}
      rules={[{ required: true, message: t("form.required") }]}
    >
      <Radio.Group vertical>
        {DISMISSALS.map((value) => (
          <Radio key={value} value={value}>
            {term("dismissal", value)}
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}

function Risk() {
  const { t, term } = useI18n();
  return (
    <Form.Item
      name="risk"
      label={t("signal.risk")}
      rules={[{ required: true, message: t("form.required") }]}
    >
      <Radio.Group>
        {RISKS.map((value) => (
          <Radio key={value} value={value}>
            {term("signalRisk", value)}
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}

function Note({ action }: { action: SignalAction }) {
  const { t } = useI18n();
  const form = Form.useFormInstance<Fields>();
  const code = Form.useWatch("code", form);
  const required = needsReason(action) || (code !== undefined && needsNote(code));
  const label = action === "check" ? "signal.found" : required ? "decision.reason" : "signal.note";
  return (
    <Form.Item
      name="note"
      label={t(label)}
      rules={[{ required, whitespace: required, message: t("form.required") }]}
    >
      <Input.TextArea rows={2} maxLength={1900} />
    </Form.Item>
  );
}
