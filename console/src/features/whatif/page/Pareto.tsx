import { useMemo } from "react";
import { Chart } from "@/shared/charts/Chart.tsx";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { front, personDays, rounded } from "../answer.ts";
import { pareto, scaleOf } from "../charts.ts";
import type { Answer } from "../comparison.ts";
import { OptionMark } from "../marks.tsx";
import { useColours } from "./useColours.ts";

interface Props {
  answer: Answer;
  options: string[];
}

/** Infections against person-days restricted: whatever is on the line is beaten by nothing. */
export function Pareto({ answer, options }: Props) {
  const { t } = useI18n();
  const colours = useColours();
  const best = useMemo(() => front(answer), [answer]);
  const wide = scaleOf(answer.pareto.map((one) => one.person_days)).log;
  const option = useMemo(
    () =>
      pareto(answer, options, best, colours, {
        infections: t("whatif.axisInfections"),
        personDays: t(wide ? "whatif.axisPersonDaysLog" : "whatif.axisPersonDays"),
      }),
    [answer, options, best, colours, wide, t],
  );
  return (
    <section>
      <h2 className="z-sub">
        {t("whatif.pareto")} <small>{t("whatif.paretoMeans")}</small>
      </h2>
      <Chart
        option={option}
        height={270}
        label={t("whatif.paretoChart", {
          names: best.map((one) => one.option).join(t("list.comma")),
        })}
      />
      <ul className="z-whatif-dots">
        {options.map((name, at) => {
          const dot = answer.pareto.find((one) => one.option === name);
          const range = personDays(answer, name);
          return dot ? (
            <li key={name} className={dot.on_front ? "" : "z-whatif-beaten"}>
              <OptionMark at={at} /> {name}{" "}
              <span className="z-num">
                {number(rounded(dot.infections))} / {number(rounded(dot.person_days))}
              </span>
              {range ? <small>{range.map((n) => number(rounded(n))).join(" – ")}</small> : null}
              <small>{dot.on_front ? "" : t("whatif.beaten")}</small>
            </li>
          ) : null;
        })}
      </ul>
    </section>
  );
}
