import { Alert, Form, Input, InputNumber, Select } from "antd";
import { ApiError } from "@/api/errors.ts";
import type { DecisionIn, ProposalDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";

export type Verdict = DecisionIn["verdict"];
/** What a person says; what he had read is added when it is sent. */
export type Judgement = Omit<DecisionIn, "content_hash">;

interface Fields {
  reason?: string;
  due_hours?: number;
  exclude_units?: string[];
  note?: string;
}
interface Props {
  proposal: ProposalDetail;
  verdict: Verdict;
  busy: boolean;
  /** Why it could not be decided; the dialog stays open. */
  error: Error | null;
  close: () => void;
  done: (body: Judgement) => void;
}

/** The body the server gets: an amendment only when one amends, empty fields left out. */
export function bodyOf(verdict: Verdict, fields: Fields): Judgement {
  const reason = fields.reason?.trim() ?? "";
  if (verdict !== "amend") return { verdict, reason };
  return {
    verdict,
    reason,
    amendment: {
      ...(fields.due_hours ? { due_hours: fields.due_hours } : {}),
      ...(fields.exclude_units?.length ? { exclude_units: fields.exclude_units } : {}),
      note: fields.note?.trim() ?? "",
    },
  };
}

/** States the reach before, asks for the reason where one is owed. */
export function DecisionDialog({ proposal, verdict, busy, error, close, done }: Props) {
  const { t, text } = useI18n();
  const [form] = Form.useForm<Fields>();
  const excluded = Form.useWatch("exclude_units", form)?.length ?? 0;
  const reach = Math.max(0, proposal.recipients_count - excluded);
  const owed = verdict !== "approve";
  return (
    <Dialog
      open
      title={t(`decision.${verdict}Title`)}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t(`decision.${verdict}Do`)}
      okButtonProps={{ loading: busy, danger: verdict === "reject" }}
      begin={owed ? "field" : "confirm"}
    >
      <p>
        <b>{text(proposal.title)}</b>
      </p>
      <p className="z-reach">
        {verdict === "reject" ? t("decision.reachNone") : t("decision.reach", { n: reach })}
      </p>
      {error ? <Refused error={error} /> : null}
      <Form<Fields>
        form={form}
        layout="vertical"
        onFinish={(fields) => done(bodyOf(verdict, fields))}
      >
        {verdict === "amend" ? <Amendment proposal={proposal} /> : null}
        <Form.Item
          name="reason"
          label={t(owed ? "decision.reason" : "decision.reasonOptional")}
          rules={owed ? [{ required: true, whitespace: true, message: t("form.required") }] : []}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

/** The server's words; what has to be decided first is one click away. */
function Refused({ error }: { error: Error }) {
  const { t, text } = useI18n();
  const body = error instanceof ApiError ? error.body : null;
  const plan = body?.code === "dispatch.rests_on" ? body.facts?.plan : null;
  return (
    <Alert
      type="error"
      showIcon
      className="z-gap"
      title={text(body?.message) || t("error.failed")}
      description={
        plan ? (
          <ViewLink path={`/dispatch/${String(plan)}`}>
            {t("dispatch.number", { n: String(plan) })}
          </ViewLink>
        ) : null
      }
    />
  );
}

function Amendment({ proposal }: { proposal: ProposalDetail }) {
  const { t } = useI18n();
  return (
    <>
      <Form.Item name="due_hours" label={t("decision.dueHours")}>
        <InputNumber min={1} max={240} precision={0} suffix={t("decision.hours")} />
      </Form.Item>
      <Form.Item name="exclude_units" label={t("decision.exclude")}>
        <Select
          mode="multiple"
          allowClear
          optionFilterProp="label"
          options={proposal.recipients.map((unit) => ({ value: unit.code, label: unit.name }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t("decision.note")}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
    </>
  );
}
