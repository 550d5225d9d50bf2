import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Trace } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { type Line, linesOf } from "./lines.ts";
import { type Outcome, ofExpression, ofTrace } from "./node.ts";
import { type FigureWords, useVocabulary } from "./vocabulary.ts";

type Figures = (key: string) => FigureWords | null;

/** A condition as people read it: one sentence a line, indented under what joins them. */
export function ConditionTree({
  expression,
  subject,
  figures,
}: {
  expression: unknown;
  subject?: string | null;
  figures?: Figures;
}) {
  const words = useVocabulary(subject, figures);
  return <Lines lines={[linesOf(ofExpression(expression), words)]} />;
}

/** The same as it was judged: each sentence with its facts, and a sign for how it came out. */
export function TraceTree({
  trace,
  subject,
  figures,
}: {
  trace: Trace;
  subject?: string | null;
  figures?: Figures;
}) {
  const words = useVocabulary(subject, figures);
  return <Lines lines={[linesOf(ofTrace(trace), words)]} />;
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className="z-ruletree">
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule's sentences never change places
        <li key={`${i}-${line.text}`} className={line.outcome ? `z-outcome-${line.outcome}` : ""}>
          <span className="z-ruletree-line">
            <Sign outcome={line.outcome} />
            <span>{line.text}</span>
          </span>
          {line.parts.length ? <Lines lines={line.parts} /> : null}
        </li>
      ))}
    </ul>
  );
}

function sign(outcome: Exclude<Outcome, null>): ReactNode {
  switch (outcome) {
    case "held":
      return <CheckCircleFilled />;
    case "failed":
      return <CloseCircleFilled />;
    case "unknown":
      return <QuestionCircleFilled />;
  }
}

export function Sign({ outcome }: { outcome: Outcome }) {
  const { term } = useI18n();
  if (outcome === null) return null;
  const name = term("outcome", outcome);
  return (
    <span className={`z-sign z-sign-${outcome}`} role="img" aria-label={name} title={name}>
      {sign(outcome)}
    </span>
  );
}
