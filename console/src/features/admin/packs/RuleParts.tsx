import type { ReactNode } from "react";
import type { Pack, PackRule, Text } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ConditionTree } from "@/shared/rules/RuleTree.tsx";
import type { FigureWords } from "@/shared/rules/vocabulary.ts";
import { figuresOf } from "./said.ts";

type Figures = (key: string) => FigureWords | null;

const isText = (value: unknown): value is Text =>
  typeof value === "object" && value !== null && "zh" in value && "en" in value;

/** What follows where a rule holds, part by part. */
export function OutcomeList({
  outcome,
  pack,
  subject,
}: {
  outcome: Record<string, unknown>;
  pack: Pack;
  subject: string | null;
}) {
  const { term, text } = useI18n();
  const figures = figuresOf(pack, text);
  const words = (name: string, value: unknown): ReactNode => {
    if (isText(value)) return text(value);
    if (name === "until")
      return <ConditionTree expression={value} subject={subject} figures={figures} />;
    const code = String(value);
    if (name === "report" || name === "deadline") {
      const clock = pack.clocks.find((one) => one.id === code);
      return clock ? text(clock.name) : code;
    }
    return term(`outcome_${name}`, code);
  };
  return (
    <dl className="z-facts">
      {Object.entries(outcome).map(([name, value]) => (
        <div key={name} className="z-pair">
          <dt>{term("outcomePart", name)}</dt>
          <dd>{words(name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The conditions that end a measure, each in words and as the machine reads it. */
export function ReleaseList({
  release,
  subject,
  figures,
}: {
  release: PackRule["release"];
  subject: string | null;
  figures: Figures;
}) {
  const { t, text } = useI18n();
  if (!release) return null;
  const conditions = release.all ?? release.any ?? [];
  return (
    <>
      <h2 className="z-sub">{t(release.all ? "pack.releaseAll" : "pack.releaseAny")}</h2>
      <ol className="z-releases">
        {conditions.map((one) => (
          <li key={one.id}>
            <b>{text(one.text)}</b>
            <ConditionTree expression={one.when} subject={subject} figures={figures} />
          </li>
        ))}
      </ol>
    </>
  );
}
