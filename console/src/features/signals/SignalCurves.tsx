import { useMemo } from "react";
import type { SignalItem } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { sentinel } from "@/shared/charts/options.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { type Curve, curvesOf, told } from "./told.ts";

/** Each stream behind the signal: its days, what was expected of them, the day in question. */
export function SignalCurves({ signal }: { signal: SignalItem }) {
  const { t } = useI18n();
  const curves = useMemo(() => curvesOf(signal).filter((one) => one.history.length > 0), [signal]);
  if (curves.length === 0) return <p className="z-hint z-gap">{t("signal.noHistory")}</p>;
  const short = (signal.evidence.streams ?? []).filter((one) => one.why);
  return (
    <>
      <div className={curves.length > 1 ? "z-charts" : ""}>
        {curves.map((curve) => (
          <Plot key={curve.stream} curve={curve} alone={curves.length === 1} />
        ))}
      </div>
      <p className="z-hint">{t("signal.legend")}</p>
      {short.map((one) => (
        <ShortHistory key={one.stream} {...one} />
      ))}
    </>
  );
}

function Plot({ curve, alone }: { curve: Curve; alone: boolean }) {
  const { t, term } = useI18n();
  const { stream, history, band, observed, expected, z } = curve;
  const words = useMemo(() => ({ missing: t("chart.missing"), unit: "" }), [t]);
  const option = useMemo(
    () =>
      sentinel(
        history.map((day, i) => ({
          date: day.date,
          value: day.count,
          low: band[i]?.[0] ?? null,
          high: band[i]?.[1] ?? null,
        })),
        words,
      ),
    [history, band, words],
  );
  const name = term("stream", stream);
  const facts = { name, observed: told(observed), expected: told(expected) };
  return (
    <figure>
      {alone ? null : (
        <figcaption>
          <b>{name}</b>{" "}
          <small className="z-num">
            {t("signal.ofExpected", facts)}
            {z === null ? "" : ` · z ${z.toFixed(1)}`}
          </small>
        </figcaption>
      )}
      <Chart option={option} height={alone ? 220 : 130} label={t("signal.curve", facts)} />
    </figure>
  );
}

interface Short {
  stream: string;
  why?: string;
  has?: number | null;
  needs?: number | null;
}

/** Why a stream was not judged together with the others. */
function ShortHistory({ stream, why, has, needs }: Short) {
  const { t, term } = useI18n();
  const name = term("stream", stream);
  return (
    <p className="z-hint">
      {why === "not_calibrated"
        ? t("signal.notCalibrated", { stream: name })
        : t("signal.shortHistory", { stream: name, has: told(has), needs: told(needs) })}
    </p>
  );
}
