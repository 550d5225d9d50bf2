import { Segmented } from "antd";
import type { SignalQuality } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { Day } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { Budget } from "./Budget.tsx";
import { Calibration } from "./Calibration.tsx";
import { Measures } from "./Measures.tsx";
import { daysOf, WEEKS } from "./period.ts";
import { useQuality } from "./queries.ts";
import { SelfTests } from "./SelfTests.tsx";
import { TestsDone } from "./TestsDone.tsx";

/** How good warning has been: what people had to handle, what was real, what was said of it. */
export function Quality() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["weeks"] as const);
  const { asOf } = useView();
  const now = useNow(600_000);
  const weeks = WEEKS.find((one) => one === filters.weeks) ?? "4";
  const quality = useQuality(daysOf(weeks, asOf ? Date.parse(asOf) : now));
  return (
    <section className="z-page z-list">
      <DeskTabs desk="signals" note={quality.data ? <Days of={quality.data} /> : null} />
      <div className="z-filters">
        <Segmented
          size="small"
          aria-label={t("quality.period")}
          value={weeks}
          onChange={(value) => setFilters({ weeks: value === "4" ? null : value })}
          options={WEEKS.map((value) => ({ value, label: t("quality.weeks", { n: value }) }))}
        />
        <span className="z-hint">{t("quality.hint")}</span>
      </div>
      <Answered query={quality} rows={10}>
        {(data) => (
          <>
            <Measures quality={data} />
            <div className="z-quality">
              <Budget budget={data.budget} />
              <Calibration points={data.calibration} />
            </div>
            <TestsDone quality={data} />
          </>
        )}
      </Answered>
      <SelfTests />
    </section>
  );
}

function Days({ of }: { of: SignalQuality }) {
  return (
    <>
      <Day on={of.first} /> – <Day on={of.last} />
    </>
  );
}
