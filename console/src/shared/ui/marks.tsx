import {
  CheckCircleFilled,
  ClockCircleOutlined,
  QuestionCircleOutlined,
  WarningFilled,
} from "@ant-design/icons";
import { Tooltip } from "antd";
import type { UnitRef } from "@/api/types.ts";
import { day, minute, shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** A risk grade or level: colour, and always its letter, for those who cannot tell colours apart. */
export function Grade({ grade, word = true }: { grade: string; word?: boolean }) {
  const { term } = useI18n();
  return (
    <span className="z-grade">
      <b className={`z-chip z-chip-${grade}`}>{term("gradeLetter", grade)}</b>
      {word ? term("grade", grade) : null}
    </span>
  );
}

/** The state of a record, in words, with a shape that says how far along it is. */
export function State({ group, state }: { group: string; state: string }) {
  const { term } = useI18n();
  return <span className={`z-tag z-tag-${tone(state)}`}>{term(group, state)}</span>;
}

function tone(state: string): "wait" | "go" | "done" | "stop" {
  switch (state) {
    case "waiting":
    case "raised":
    case "proposed":
    case "issued":
    case "received":
    case "reported":
    case "sent":
      return "wait";
    case "approved":
    case "amended":
    case "verified":
    case "checked":
    case "assessed":
    case "confirmed":
    case "active":
    case "signed":
    case "in_work":
    case "isolating":
    case "running":
    case "preparing":
    case "stepping":
    case "scoring":
    case "taken":
    case "event":
      return "go";
    case "rejected":
    case "failed":
    case "refused":
    case "overdue":
    case "late":
      return "stop";
    default:
      return "done";
  }
}

export function Overdue({ label }: { label?: string }) {
  const { t } = useI18n();
  return (
    <span className="z-overdue">
      <WarningFilled /> {label ?? t("mark.overdue")}
    </span>
  );
}

/** The rule behind a statement, and whether its figure was read in a source text. */
export function Rule({
  id,
  verified,
  source,
}: {
  id: string;
  verified?: boolean | null;
  source?: string;
}) {
  const { t } = useI18n();
  const known = verified === true || verified === false;
  const title = !known ? id : t(verified ? "rule.verified" : "rule.recalled");
  return (
    <Tooltip title={source ? `${title} · ${source}` : title}>
      <span className="z-rule">
        {verified === true ? <CheckCircleFilled className="z-ok" /> : null}
        {verified === false ? <QuestionCircleOutlined className="z-warn" /> : null}
        {id}
      </span>
    </Tooltip>
  );
}

export function When({ at, short = false }: { at: string | null | undefined; short?: boolean }) {
  if (!at) return <span className="z-none">–</span>;
  const text = short ? shortMinute(at) : minute(at);
  return (
    <time dateTime={at} className="z-num" title={minute(at)}>
      {text}
    </time>
  );
}

/** From - to; the day is not said twice. */
export function Period({ from, to }: { from: string; to: string | null | undefined }) {
  if (!to) return <When at={from} short />;
  const [, clock = ""] = shortMinute(to).split(" ");
  return (
    <span className="z-num" title={`${minute(from)} – ${minute(to)}`}>
      {shortMinute(from)} – {day(from) === day(to) ? clock : shortMinute(to)}
    </span>
  );
}

export function Day({ on }: { on: string | null | undefined }) {
  return on ? (
    <time dateTime={on} className="z-num">
      {day(on)}
    </time>
  ) : (
    <span className="z-none">–</span>
  );
}

export function Unit({ unit }: { unit: UnitRef }) {
  return <span title={unit.code}>{unit.name}</span>;
}

export function Imputed() {
  const { t } = useI18n();
  return (
    <Tooltip title={t("mark.imputedHint")}>
      <span className="z-imputed">
        <ClockCircleOutlined /> {t("mark.imputed")}
      </span>
    </Tooltip>
  );
}
