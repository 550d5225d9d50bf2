import { Form, Input, Radio } from "antd";
import type { SignalItem } from "@/api/types.ts";
import { minute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { usePackFigures } from "@/shared/rules/usePackFigures.ts";
import { Dialog } from "@/shared/ui/Dialog.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { type Outcome, refusals } from "./OutcomeNote.tsx";
import { useSnooze } from "./queries.ts";
import { silenced } from "./triage.ts";

const HOUR = 3_600_000;
/** Lengths offered, in hours, as far as the rules allow; the longest allowed is always there. */
const LENGTHS = [6, 24, 72] as const;
/** The service's clock may be a little behind this one. */
const SPARE = 120_000;
const PACK = "multi-source-warning";
const NAMED = 8;

interface Props {
  signals: readonly SignalItem[];
  close: () => void;
  done: (outcome: Outcome) => void;
}

/** Silences counties and streams for a while: which, until when, why, and what still comes through. */
export function SnoozeDialog({ signals, close, done }: Props) {
  const { t } = useI18n();
  const [form] = Form.useForm<{ hours: number; reason: string }>();
  const now = useNow();
  const most = Number(usePackFigures(PACK)("signal.snooze_max_d")?.value ?? 0) * 24;
  const snooze = useSnooze();
  const quiet = silenced(signals);
  const lengths = LENGTHS.filter((hours) => most === 0 || hours < most);
  const until = (hours: number): string =>
    new Date(now + hours * HOUR - (hours === most ? SPARE : 0)).toISOString();
  const send = ({ hours, reason }: { hours: number; reason: string }) =>
    snooze.mutate(
      { signals: quiet, until: until(hours), reason: reason.trim() },
      {
        onSuccess: ({ done: finished, failed }) => {
          done({ what: "snooze", done: finished.length, refused: refusals(failed, quiet) });
          close();
        },
      },
    );
  return (
    <Dialog
      open
      title={t("signal.snooze")}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t("signal.snooze")}
      okButtonProps={{ loading: snooze.isPending, disabled: quiet.length === 0 }}
    >
      <Silenced quiet={quiet} />
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ hours: 24 }}
        onFinish={send}
      >
        <Form.Item name="hours" label={t("snooze.until")}>
          <Radio.Group
            vertical
            options={[...lengths, ...(most ? [most] : [])].map((hours) => ({
              value: hours,
              label: <Length hours={hours} until={until(hours)} longest={hours === most} />,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("decision.reason")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }]}
        >
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
    </Dialog>
  );
}

/** Which counties and streams go silent, and up to which grade. */
function Silenced({ quiet }: { quiet: readonly SignalItem[] }) {
  const { t, term } = useI18n();
  return (
    <div className="z-reach">
      <p>
        <b>{quiet.length ? t("snooze.reach", { n: quiet.length }) : t("snooze.none")}</b>
      </p>
      <ul>
        {quiet.slice(0, NAMED).map((one) => (
          <li key={one.id}>
            {one.unit.name} · {term("stream", one.stream)} ·{" "}
            {t("snooze.upTo", { grade: term("grade", one.grade) })}
          </li>
        ))}
        {quiet.length > NAMED ? <li>{t("list.andMore", { n: quiet.length - NAMED })}</li> : null}
      </ul>
      <p className="z-hint">{t("snooze.means")}</p>
    </div>
  );
}

interface LengthProps {
  hours: number;
  until: string;
  longest: boolean;
}

function Length({ hours, until, longest }: LengthProps) {
  const { t } = useI18n();
  const length = hours % 24 ? t("snooze.hours", { n: hours }) : t("snooze.days", { n: hours / 24 });
  return (
    <>
      {t("snooze.for", { length, at: minute(until) })}
      {longest ? <small> {t("snooze.longest")}</small> : null}
    </>
  );
}
