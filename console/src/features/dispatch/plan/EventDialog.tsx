import { Form, Input, Radio } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { OpenEvent, PlanDetail, PlanEvent } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { EventLine } from "../OpenEvents.tsx";
import { HAPPENINGS } from "../planners.ts";
import { useHappened } from "../queries.ts";
import { TargetSelect } from "./TargetSelect.tsx";

interface Fields {
  thing?: string;
  to?: string;
  note?: string;
  /** By the number of the receipt. */
  instead?: Record<string, string>;
}
interface Props {
  plan: PlanDetail;
  /** What was told of its jobs and has no plan yet, when the dialog opened: what is asked here
   * stays while it is answered, as the answer itself takes these away. */
  told: readonly OpenEvent[];
  close: () => void;
}
const AS_TOLD = "told";

/** Something went wrong: the plan is made again from now, what is done stays. */
export function EventDialog({ plan, told: toldThen, close }: Props) {
  const { t, term } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const [open] = useState(toldThen);
  const told = useTold();
  const now = useNow();
  const [form] = Form.useForm<Fields>();
  const again = useHappened();
  const known = HAPPENINGS[plan.planner] ?? {};
  const usable = open.filter((one) => known[one.kind]);
  const kinds = [...(usable.length ? [AS_TOLD] : []), ...Object.keys(known)];
  const [kind, setKind] = useState(kinds[0] ?? "");
  const send = (fields: Fields) =>
    again.mutate(
      {
        id: plan.id,
        events:
          kind === AS_TOLD
            ? usable.map((one) => asTold(one, fields.instead?.[one.id]))
            : [asSaid(kind, fields, now)],
      },
      {
        onSuccess: (made) => {
          close();
          void go(to(`/dispatch/${made.id}`));
        },
        onError: told.failed,
      },
    );
  return (
    <Dialog
      open
      title={t("dispatch.tellEvent")}
      okText={t("dispatch.replan")}
      onCancel={close}
      onOk={() => form.submit()}
      okButtonProps={{ loading: again.isPending, disabled: kind === "" }}
      begin={kind === AS_TOLD ? "confirm" : "field"}
    >
      <p className="z-reach">{t("dispatch.eventReach")}</p>
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item label={t("dispatch.whatHappened")}>
          <Radio.Group
            aria-label={t("dispatch.whatHappened")}
            value={kind}
            onChange={(event) => {
              setKind(event.target.value);
              form.resetFields();
            }}
            options={kinds.map((one) => ({
              value: one,
              label:
                one === AS_TOLD
                  ? t("dispatch.asTold", { n: usable.length })
                  : term("dispatchEvent", one),
            }))}
          />
        </Form.Item>
        {kind === AS_TOLD ? (
          <AsTold plan={plan} open={open} />
        ) : (
          <Said key={kind} plan={plan} kind={kind} />
        )}
      </Form>
    </Dialog>
  );
}

const asTold = ({ kind, thing, at, note }: OpenEvent, to = ""): PlanEvent => ({
  kind,
  thing,
  at,
  note,
  to,
});
const asSaid = (kind: string, fields: Fields, now: number): PlanEvent => ({
  kind,
  thing: fields.thing ?? "",
  to: fields.to ?? "",
  at: new Date(now).toISOString(),
  note: fields.note?.trim() ?? "",
});

/** What drivers and sites have told; what the planner has no answer for stays with people. */
function AsTold({ plan, open }: { plan: PlanDetail; open: readonly OpenEvent[] }) {
  const { t } = useI18n();
  const known = HAPPENINGS[plan.planner] ?? {};
  return (
    <ul className="z-dispatch-told">
      {open.map((one) => {
        const about = known[one.kind];
        return (
          <li key={one.id}>
            <EventLine event={one} />
            {about ? null : <small> {t("dispatch.noAnswer")}</small>}
            {about?.to ? (
              <Form.Item
                name={["instead", String(one.id)]}
                label={t("dispatch.instead")}
                rules={[{ required: true, message: t("form.required") }]}
              >
                <TargetSelect plan={plan} source={about.to} without={one.thing} />
              </Form.Item>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function Said({ plan, kind }: { plan: PlanDetail; kind: string }) {
  const { t, term } = useI18n();
  const about = HAPPENINGS[plan.planner]?.[kind];
  const required = [{ required: true, message: t("form.required") }];
  if (!about) return null;
  return (
    <>
      <Form.Item name="thing" label={term("dispatchEventThing", kind)} rules={required}>
        <TargetSelect plan={plan} source={about.thing} />
      </Form.Item>
      {about.to ? (
        <Form.Item name="to" label={t("dispatch.instead")} rules={required}>
          <TargetSelect plan={plan} source={about.to} />
        </Form.Item>
      ) : null}
      <Form.Item name="note" label={t("dispatch.noteOptional")}>
        <Input maxLength={500} />
      </Form.Item>
    </>
  );
}
