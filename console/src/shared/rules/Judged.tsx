import type { Text, Trace } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { TraceTree } from "./RuleTree.tsx";
import { usePackFigures } from "./usePackFigures.ts";

/** A judgement shown: in the service's sentences first, then as a tree with its signs. */
export function Judged({
  words,
  trace,
  version,
  subject,
}: {
  words: readonly Text[];
  trace: Trace | null;
  version: string | null;
  subject?: string | null;
}) {
  const { t, text } = useI18n();
  const figures = usePackFigures(version);
  return (
    <>
      <ul className="z-words">
        {words.map((one) => (
          <li key={text(one)}>{text(one)}</li>
        ))}
      </ul>
      {trace?.op === "value" ? null : trace ? (
        <TraceTree trace={trace} subject={subject ?? null} figures={figures} />
      ) : (
        <p className="z-hint">{t("trace.none")}</p>
      )}
    </>
  );
}
