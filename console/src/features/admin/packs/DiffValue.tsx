import type { Text } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is Text =>
  isMapping(value) && typeof value.zh === "string" && typeof value.en === "string";

/** One side of a difference: a sentence, a value with its unit, or part by part. */
export function DiffValue({ value }: { value: unknown }) {
  const { t, text, term } = useI18n();
  const words = useVocabulary();
  if (value === null || value === undefined) return <span className="z-none">–</span>;
  if (Array.isArray(value) && value.length && value.every(isText))
    return <>{value.map(text).join(t("expr.semicolon"))}</>;
  if (!isMapping(value)) return <span className="z-num">{words.value(value)}</span>;
  if (isText(value) && Object.keys(value).length === 2) return <>{text(value)}</>;
  if ("value" in value && "unit" in value)
    return <b className="z-num">{words.amount(value.value, String(value.unit))}</b>;
  return (
    <dl className="z-facts">
      {Object.entries(value).map(([name, part]) => (
        <div key={name} className="z-pair">
          <dt>{term("packPart", name)}</dt>
          <dd>
            <DiffValue value={part} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
