import { Button } from "antd";
import { useMemo, useState } from "react";
import { Chart } from "@/shared/charts/Chart.tsx";
import { useI18n } from "@/shared/i18n/context.tsx";
import { drawn } from "../answer.ts";
import { course } from "../charts.ts";
import type { Answer } from "../comparison.ts";
import { useMeasure } from "../useMeasure.ts";
import { useColours } from "./useColours.ts";

/** So many at first: what a meeting asks for. */
const FIRST = 9;
/** With more lines than these only the bands of some can be told apart. */
const BANDED = 2;

interface Props {
  answer: Answer;
  options: string[];
  shown: ReadonlySet<number>;
  pointed: number | null;
  against: string;
}

/** One chart a measure, all options in each, the same days below all of them. */
export function Multiples({ answer, options, shown, pointed, against }: Props) {
  const { t } = useI18n();
  const [all, setAll] = useState(false);
  const measures = useMemo(() => drawn(answer), [answer]);
  const base = options.indexOf(against);
  const banded = useMemo(() => {
    if (shown.size <= BANDED) return shown;
    return new Set(pointed === null ? [base] : [pointed]);
  }, [shown, pointed, base]);
  return (
    <section>
      <h2 className="z-sub">
        {t("whatif.dayByDay")} <small>{t("whatif.dayByDayMeans")}</small>
      </h2>
      <div className="z-whatif-multiples">
        {measures.slice(0, all ? undefined : FIRST).map((measure) => (
          <Multiple
            key={measure}
            answer={answer}
            options={options}
            measure={measure}
            shown={shown}
            banded={banded}
          />
        ))}
      </div>
      {measures.length > FIRST ? (
        <Button size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {t(all ? "whatif.fewer" : "whatif.allMeasures", { n: measures.length })}
        </Button>
      ) : null}
    </section>
  );
}

interface MultipleProps {
  answer: Answer;
  options: string[];
  measure: string;
  shown: ReadonlySet<number>;
  banded: ReadonlySet<number>;
}

function Multiple({ answer, options, measure, shown, banded }: MultipleProps) {
  const { t } = useI18n();
  const { name, unit } = useMeasure();
  const colours = useColours();
  const option = useMemo(
    () => course(answer, options, measure, { colours, shown, banded, words: { to: "–" } }),
    [answer, options, measure, colours, shown, banded],
  );
  return (
    <figure className="z-whatif-multiple">
      <figcaption>
        {name(measure)} <small>{unit(measure)}</small>
      </figcaption>
      <Chart
        option={option}
        height={150}
        label={t("whatif.chartOf", { what: name(measure), n: options.length })}
      />
    </figure>
  );
}
