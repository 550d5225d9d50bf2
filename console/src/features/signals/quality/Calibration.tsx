import { useMemo } from "react";
import type { SignalQuality } from "@/api/types.ts";
import { Chart } from "@/shared/charts/Chart.tsx";
import { type Calibrated, calibration } from "@/shared/charts/options.ts";
import { percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Empty } from "@/shared/ui/states.tsx";

/** What was said of signals against what became of them, and from how many that is known. */
export function Calibration({ points }: { points: SignalQuality["calibration"] }) {
  const { t } = useI18n();
  const words = useMemo(
    () => ({
      said: t("quality.said"),
      real: t("quality.real"),
      tell: ({ said, real, n }: Calibrated) =>
        t("quality.bin", { said: percent(said), real: percent(real), n }),
    }),
    [t],
  );
  const option = useMemo(
    () =>
      calibration(
        points.map((one) => ({ said: one.said, real: one.real, n: one.tests })),
        words,
      ),
    [points, words],
  );
  const n = points.reduce((sum, one) => sum + one.tests, 0);
  return (
    <section>
      <h2 className="z-sub">
        {t("quality.calibration")} {n ? <small>{t("quality.fromSignals", { n })}</small> : null}
      </h2>
      {n === 0 ? (
        <Empty title={t("quality.unknownYet")} hint={t("quality.calibrationUnknown")} />
      ) : (
        <>
          <Chart option={option} height={240} label={t("quality.calibrationChart", { n })} />
          <p className="z-hint">{t("quality.calibrationMeans")}</p>
        </>
      )}
    </section>
  );
}
