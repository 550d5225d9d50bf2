import { chance, number } from "@/shared/format/number.ts";
import { monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { chanceOf, dayOf, rounded, totalOf } from "../answer.ts";
import type { Answer } from "../comparison.ts";
import { OptionMark } from "../marks.tsx";

interface Props {
  answer: Answer;
  options: string[];
}

const COLUMNS = [
  "roomsOut",
  "bedsOut",
  "transfersOut",
  "mostWaiting",
  "labPeak",
  "noCommunity",
  "release",
] as const;

/** What gives way first with each option, and when it would be over. */
export function Binds({ answer, options }: Props) {
  const { t } = useI18n();
  return (
    <section>
      <h2 className="z-sub">
        {t("whatif.binds")} <small>{t("whatif.bindsMeans", { n: answer.days.length })}</small>
      </h2>
      <div className="z-whatif-scroll">
        <table className="z-plain z-whatif-binds">
          <thead>
            <tr>
              <th scope="col">{t("proposal.option")}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className="z-num">
                  {t(`whatif.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {options.map((name, at) => (
              <tr key={name}>
                <th scope="row">
                  <OptionMark at={at} /> {name}
                </th>
                {COLUMNS.map((column) => (
                  <td key={column} className="z-num">
                    <Cell answer={answer} option={name} column={column} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="z-hint">{t("whatif.bindsNote")}</p>
    </section>
  );
}

interface OneProps {
  answer: Answer;
  option: string;
  column: (typeof COLUMNS)[number];
}

function Cell({ column, ...of }: OneProps) {
  switch (column) {
    case "roomsOut":
      return <Short {...of} measure="rooms_out" />;
    case "bedsOut":
      return <Short {...of} measure="beds_out" />;
    case "transfersOut":
      return <Short {...of} measure="transfers_out" />;
    case "mostWaiting":
      return <Peak {...of} measure="waiting" />;
    case "labPeak":
      return <Peak {...of} measure="lab_hours" />;
    case "noCommunity":
      return <Chance {...of} measure="p_no_community_case" />;
    case "release":
      return <Release {...of} measure="release_day" />;
  }
}

interface CellProps {
  answer: Answer;
  option: string;
  measure: string;
}

function Chance({ answer, option, measure, bad = false }: CellProps & { bad?: boolean }) {
  const value = chanceOf(answer, option, measure);
  if (value === null) return "–";
  return <span className={bad && value >= 0.5 ? "z-worse" : ""}>{chance(value)}</span>;
}

/** An option that restricts nothing has no day of release. */
function Release(of: CellProps) {
  const { t } = useI18n();
  const total = totalOf(of.answer, of.option, of.measure);
  if (total && total.mean === null)
    return <span className="z-none">{t("whatif.nothingRestricted")}</span>;
  return <When {...of} />;
}

/** In how many runs somebody waits for it; and since when, where it comes to it in most of them. */
function Short({ answer, option, measure }: CellProps) {
  const since = dayOf(answer, option, `${measure}_day`);
  return (
    <>
      <Chance answer={answer} option={option} measure={`p_${measure}`} bad />{" "}
      {since ? <When answer={answer} option={option} measure={`${measure}_day`} /> : null}
    </>
  );
}

function Peak({ answer, option, measure }: CellProps) {
  const total = totalOf(answer, option, measure);
  if (typeof total?.mean !== "number") return "–";
  const { mean, q10, q90 } = total;
  return (
    <>
      {number(rounded(mean))}
      {typeof q10 === "number" && typeof q90 === "number" && q90 > 0 ? (
        <small>
          {number(rounded(q10))} – {number(rounded(q90))}
        </small>
      ) : null}
    </>
  );
}

/** The day on which it is so in half of the runs, and in which four fifths of them it lies. */
function When({ answer, option, measure }: CellProps) {
  const { t } = useI18n();
  const found = dayOf(answer, option, measure);
  if (!found)
    return <span className="z-none">{t("whatif.notWithin", { n: answer.days.length })}</span>;
  const date = (day: number | null) => {
    const on = answer.days[Math.round(day ?? answer.days.length)];
    return on ? monthDay(on) : t("whatif.later");
  };
  return (
    <>
      {date(found.q50)}
      <small>
        {date(found.q10)} – {date(found.q90)}
      </small>
    </>
  );
}
