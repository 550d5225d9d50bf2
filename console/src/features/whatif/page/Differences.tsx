import { Button, Segmented } from "antd";
import { useState } from "react";
import { number, percent, signed } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import {
  counted,
  interval,
  isChance,
  isLevel,
  isShare,
  type Level,
  rounded,
  totalOf,
} from "../answer.ts";
import type { Answer, Difference } from "../comparison.ts";
import { OptionMark } from "../marks.tsx";
import { useMeasure } from "../useMeasure.ts";

interface Props {
  answer: Answer;
  options: string[];
}

/** So many rows at first. */
const FIRST = 10;
const LEVELS: readonly Level[] = ["80", "95"];

/** Each option minus the one it is compared with, run by run: what luck they share falls out. */
export function Differences({ answer, options }: Props) {
  const { t } = useI18n();
  const [level, setLevel] = useState<Level>("80");
  const [all, setAll] = useState(false);
  const measures = counted(answer);
  const { against, rows } = answer.differences;
  const others = options.flatMap((name, at) => (name === against ? [] : [{ name, at }]));
  return (
    <section>
      <h2 className="z-sub z-row">
        {t("whatif.differences")} <small>{t("whatif.differencesMeans")}</small>
        <Segmented
          size="small"
          className="z-push"
          aria-label={t("whatif.interval")}
          value={level}
          onChange={(value) => setLevel(value)}
          options={LEVELS.map((value) => ({ value, label: t("whatif.percentOf", { n: value }) }))}
        />
      </h2>
      <div className="z-whatif-scroll">
        <table className="z-plain z-whatif-differences">
          <thead>
            <tr>
              <th scope="col">{t("whatif.measure")}</th>
              <th scope="col" className="z-num">
                <OptionMark at={options.indexOf(against)} /> {against}
                <small>{t("whatif.itself")}</small>
              </th>
              {others.map(({ name, at }) => (
                <th key={name} scope="col" className="z-num">
                  <OptionMark at={at} /> {name}
                  <small>{t("whatif.difference")}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {measures.slice(0, all ? undefined : FIRST).map((measure) => (
              <tr key={measure}>
                <Measure measure={measure} />
                <td className="z-num">
                  <Itself answer={answer} option={against} measure={measure} level={level} />
                </td>
                {others.map(({ name }) => (
                  <td key={name} className="z-num">
                    <Apart
                      of={rows.find((row) => row.option === name && row.measure === measure)}
                      measure={measure}
                      level={level}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {measures.length > FIRST ? (
        <Button size="small" aria-expanded={all} className="z-gap" onClick={() => setAll(!all)}>
          {t(all ? "whatif.fewer" : "whatif.allMeasures", { n: measures.length })}
        </Button>
      ) : null}
    </section>
  );
}

function Measure({ measure }: { measure: string }) {
  const { t } = useI18n();
  const { name, unit } = useMeasure();
  const of = isLevel(measure) ? t("whatif.peak") : isChance(measure) ? t("whatif.atEnd") : "";
  return (
    <th scope="row">
      {name(measure)} <small>{[unit(measure), of].filter(Boolean).join(" · ")}</small>
    </th>
  );
}

const plain = (measure: string, value: number): string =>
  isShare(measure) ? percent(value) : number(rounded(value));

interface ItselfProps {
  answer: Answer;
  option: string;
  measure: string;
  level: Level;
}

function Itself({ answer, option, measure, level }: ItselfProps) {
  const total = totalOf(answer, option, measure);
  if (typeof total?.mean !== "number") return "–";
  const range = isChance(measure) ? null : interval(total, level);
  return (
    <>
      {plain(measure, total.mean)}
      {range ? <small>{range.map((value) => plain(measure, value)).join(" – ")}</small> : null}
    </>
  );
}

interface ApartProps {
  of: Difference | undefined;
  measure: string;
  level: Level;
}

/** The mean difference, its interval, and in how many of the paired runs there is less. */
function Apart({ of, measure, level }: ApartProps) {
  const { t } = useI18n();
  if (typeof of?.mean !== "number") return "–";
  if (of.q025 === 0 && of.q975 === 0 && of.mean === 0)
    return <span className="z-none">{t("whatif.same")}</span>;
  const range = isChance(measure) ? null : interval(of, level);
  const points = (value: number): string =>
    isShare(measure)
      ? t("whatif.points", { n: signed(rounded(value * 100)) })
      : signed(rounded(value));
  return (
    <>
      <b>{points(of.mean)}</b>
      {range ? <small>{range.map(points).join(` ${t("whatif.to")} `)}</small> : null}
      {of.better === null || isChance(measure) ? null : (
        <small>{t("whatif.fewerIn", { share: percent(Math.round(of.better * 100) / 100) })}</small>
      )}
    </>
  );
}
