import type { Count } from "@/api/types.ts";
import { countMost, type Told, toldOf } from "@/shared/format/count.ts";
import { useCount } from "@/shared/format/useCount.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

interface Row {
  key: string;
  name: string;
  persons: Count;
}

const CLASS: Readonly<Record<Told, string>> = {
  known: "z-bar-full",
  few: "z-bar-few",
  hidden: "z-bar-few z-bar-hidden",
};

/** People by place or county, longest first as the server sends them; small cells hatched. */
export function CountBars({ title, rows }: { title: string; rows: readonly Row[] }) {
  const { t } = useI18n();
  const count = useCount();
  const hint = (told: Told): string | undefined =>
    told === "known" ? undefined : t(told === "few" ? "count.small" : "count.hiddenHint");
  const most = Math.max(1, ...rows.map((row) => countMost(row.persons) ?? 0));
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="z-countbars">
        {rows.map(({ key, name, persons }) => (
          <li key={key}>
            <span>{name}</span>
            <span className="z-bar" aria-hidden="true">
              <i
                className={CLASS[toldOf(persons)]}
                style={{ width: `${((countMost(persons) ?? most) / most) * 100}%` }}
              />
            </span>
            <b className="z-num" title={hint(toldOf(persons))}>
              {count(persons)}
            </b>
          </li>
        ))}
      </ul>
    </section>
  );
}
