import { ThunderboltOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import type { SignalItem, UnitRef } from "@/api/types.ts";
import { chance } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { BandSparkline } from "@/shared/ui/BandSparkline.tsx";
import { Overdue } from "@/shared/ui/marks.tsx";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { type Curve, told } from "./told.ts";

/** Days that a small curve can show. */
const DAYS = 28;

/** How likely it is real, and on hover what that means; unknown is said, never shown as none. */
export function Probability({ value }: { value: number | null }) {
  const { t } = useI18n();
  const known = value !== null;
  return (
    <Tooltip
      title={t(known ? "signal.probabilityMeans" : "signal.probabilityUnknown", {
        p: known ? chance(value) : "",
      })}
    >
      <span className={known ? "z-probability" : "z-probability z-none"}>
        {known ? t("signal.likelyReal", { p: chance(value) }) : t("signal.probabilityNone")}
      </span>
    </Tooltip>
  );
}

/** The rule of a pack that raised it, leading to its text. */
export function RuleChip({ rule }: { rule: NonNullable<SignalItem["rule"]> }) {
  const { text } = useI18n();
  const may = useMay("pack.read");
  const chip = (
    <span className="z-rule">
      <ThunderboltOutlined /> {rule.rule_id}
    </span>
  );
  return (
    <Tooltip title={`${rule.pack} · ${text(rule.text)}`}>
      {may ? (
        <ViewLink
          path={`/admin/packs/${rule.pack}/rules/${rule.rule_id}`}
          onClick={(event) => event.stopPropagation()}
        >
          {chip}
        </ViewLink>
      ) : (
        chip
      )}
    </Tooltip>
  );
}

/** A stream in small: its name, its days against what was expected, how far off the last is. */
export function SmallCurve({ curve, width = 92 }: { curve: Curve; width?: number }) {
  const { t, term } = useI18n();
  const { observed, expected, z } = curve;
  const name = term("stream", curve.stream);
  return (
    <span
      className={curve.above ? "z-curve z-curve-above" : "z-curve"}
      title={t("signal.curve", { name, observed: told(observed), expected: told(expected) })}
    >
      <small>{name}</small>
      <BandSparkline
        points={curve.history.slice(-DAYS).map((day) => day.count)}
        band={curve.band.slice(-DAYS)}
        width={width}
      />
      <b className="z-num">{z === null ? "" : `z ${z.toFixed(1)}`}</b>
    </span>
  );
}

/** Two counties by name, and how many more; all of them on hover. */
export function Counties({ units, most = 2 }: { units: readonly UnitRef[]; most?: number }) {
  const { t } = useI18n();
  const more = units.length - most;
  return (
    <span title={units.map((one) => one.name).join(t("list.comma"))}>
      {units
        .slice(0, most)
        .map((one) => one.name)
        .join(t("list.comma"))}
      {more > 0 ? <small> {t("signals.moreCounties", { n: more })}</small> : null}
    </span>
  );
}

/** How long is left to verify it or to look in the field. */
export function DueMark({ clock }: { clock: { clock: string; due_at: string } | undefined }) {
  const { term } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  if (!clock) return <span className="z-none">–</span>;
  const words = `${term("signalClock", clock.clock)} ${due(clock.due_at, now)}`;
  return Date.parse(clock.due_at) < now ? (
    <Overdue label={words} />
  ) : (
    <span className="z-num">{words}</span>
  );
}
