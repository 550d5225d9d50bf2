import { type ReactNode, useState } from "react";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { optionsOf } from "../answer.ts";
import type { Answer } from "../comparison.ts";
import { Binds } from "./Binds.tsx";
import { Differences } from "./Differences.tsx";
import { Fit } from "./Fit.tsx";
import { Handed } from "./Handed.tsx";
import { Legend } from "./Legend.tsx";
import { Multiples } from "./Multiples.tsx";
import { Pareto } from "./Pareto.tsx";

interface Props {
  answer: Answer;
  against: string;
  /** What stands behind the differences. */
  children?: ReactNode;
}

/** What the options came to: at a glance, day by day, and as differences. */
export function AnswerView({ answer, against, children }: Props) {
  const options = optionsOf(answer);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const shown = new Set(options.flatMap((_, at) => (hidden.has(at) ? [] : [at])));
  const toggle = (at: number) =>
    setHidden((before) => {
      const next = new Set(before);
      if (!next.delete(at)) next.add(at);
      return next.size === options.length ? before : next;
    });
  return (
    <>
      <div className="z-whatif-glance">
        <Pareto answer={answer} options={options} />
        <Binds answer={answer} options={options} />
      </div>
      <Legend
        options={options}
        against={against}
        shown={shown}
        toggle={toggle}
        point={setPointed}
      />
      <Multiples
        answer={answer}
        options={options}
        shown={shown}
        pointed={pointed}
        against={against}
      />
      <Differences answer={answer} options={options} />
      {children}
      {answer.handover ? <Handed handover={answer.handover} options={options} /> : null}
      {answer.calibration ? <Fit fit={answer.calibration} /> : null}
      <Basis answer={answer} />
    </>
  );
}

/** What it rests on, and what to know before it is used. */
function Basis({ answer }: { answer: Answer }) {
  const { t, term } = useI18n();
  return (
    <>
      <h2 className="z-sub">{t("whatif.basis")}</h2>
      <ul className="z-bullets">
        <li>
          {t("whatif.basisRun", {
            engine: term("whatifEngine", answer.engine),
            cases: number(answer.cases),
            people: number(answer.people),
            seconds: number(Math.round(answer.seconds)),
            seed: answer.seed,
          })}
        </li>
        <li>{t("whatif.basisPaired")}</li>
        <li>{term("whatifLabelHint", answer.label)}</li>
        {answer.notes.map((code) => (
          <li key={code}>{term("whatifNote", code)}</li>
        ))}
      </ul>
    </>
  );
}
