import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { parts } from "./summary.ts";

/** What a step says: its own figures as the engine named them, and below each group of them. */
export function Summary({ summary }: { summary: Record<string, unknown> }) {
  const { t, term, text } = useI18n();
  const { plain, groups, methods, notes } = parts(summary);
  return (
    <>
      {notes.map(([name, note]) => (
        <div key={name} className="z-worse">
          {text(note)}
        </div>
      ))}
      <Figures figures={plain} />
      {groups.map(([name, figures]) => (
        <div key={name}>
          {term("summary", name)} <Figures figures={figures} />
        </div>
      ))}
      {methods.map((one) => (
        <div key={`${one.stream} ${one.method} ${one.why}`}>
          {term("stream", one.stream)} {term("signalMethod", one.method)}{" "}
          <b className="z-num">{t("runs.series", { n: number(one.series) })}</b>
          {one.why
            ? ` ${t("runs.short", { has: number(one.has[1]), needs: number(one.needs) })}`
            : null}
        </div>
      ))}
    </>
  );
}

function Figures({ figures }: { figures: readonly (readonly [string, number | string])[] }) {
  const { term } = useI18n();
  return (
    <span className="z-summary">
      {figures.map(([name, value]) => (
        <span key={name}>
          {term("summary", name)}{" "}
          <b className="z-num">
            {typeof value === "number" ? number(value) : term("binding", value)}
          </b>
        </span>
      ))}
    </span>
  );
}
