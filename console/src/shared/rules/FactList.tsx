import { useI18n } from "@/shared/i18n/context.tsx";
import { useVocabulary } from "./vocabulary.ts";

/** The facts something was judged on, by their names. */
export function FactList({
  facts,
  subject,
}: {
  facts: Record<string, unknown>;
  subject?: string | null;
}) {
  const { t } = useI18n();
  const words = useVocabulary(subject);
  const names = Object.keys(facts);
  if (names.length === 0) return null;
  return (
    <>
      <h3>{t("trace.facts")}</h3>
      <dl className="z-facts">
        {names.map((name) => (
          <div key={name} className="z-pair">
            <dt>{words.fact(name)}</dt>
            <dd className="z-num">{words.value(facts[name], name)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
