import type { ReactNode } from "react";
import type { SignalQuality } from "@/api/types.ts";
import { number, percent, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** The measures of the rules; one that cannot be known says why. */
export function Measures({ quality }: { quality: SignalQuality }) {
  const { t } = useI18n();
  const { per_analyst_day: each, ppv, days_gained: gained, self_tests: tests } = quality;
  const found = tests.sensitivity;
  return (
    <dl className="z-measures">
      <Measure name={t("quality.signals")} value={number(quality.signals)}>
        {t("quality.signalsMeans")}
      </Measure>
      <Measure
        name={t("quality.perAnalyst")}
        value={each === null ? null : number(Math.round(each * 10) / 10)}
        why={t("quality.perAnalystUnknown")}
      >
        {t("quality.perAnalystMeans")}
      </Measure>
      <Measure
        name={t("quality.ppv")}
        value={ppv.decided ? percent(ppv.confirmed / ppv.decided) : null}
        why={t("quality.ppvUnknown")}
      >
        {t("quality.ppvMeans", { confirmed: ppv.confirmed, decided: ppv.decided })}
      </Measure>
      <Measure
        name={t("quality.sensitivity")}
        value={found ? percent(found.value) : null}
        why={t("quality.sensitivityUnknown")}
      >
        {t("quality.sensitivityMeans", {
          found: tests.found,
          run: tests.run,
          low: percent(found?.low ?? 0),
          high: percent(found?.high ?? 1),
        })}
      </Measure>
      <Measure
        name={t("quality.gained")}
        value={gained.median === null ? null : t("quality.days", { n: signed(gained.median) })}
        why={t("quality.gainedUnknown")}
      >
        {t("quality.gainedMeans", { n: gained.events })}
      </Measure>
    </dl>
  );
}

interface Props {
  name: string;
  value: string | null;
  /** Why it is not known. */
  why?: string;
  /** What it means. */
  children: ReactNode;
}

function Measure({ name, value, why, children }: Props) {
  const { t } = useI18n();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value === null ? (
          <span className="z-unknown">
            {t("quality.unknown")}
            {why}
          </span>
        ) : (
          <>
            <b className="z-num">{value}</b>
            <small>{children}</small>
          </>
        )}
      </dd>
    </div>
  );
}
