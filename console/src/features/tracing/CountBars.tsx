import type { Count } from "@/api/pending.ts";
import { countMost, countText } from "@/shared/format/count.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

interface Row {
  key: string;
  name: string;
  persons: Count;
}

/** People by place or county, longest first as the server sends them; small cells hatched. */
export function CountBars({ title, rows }: { title: string; rows: readonly Row[] }) {
  const { t } = useI18n();
  const most = Math.max(1, ...rows.map((row) => countMost(row.persons)));
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
                className={persons.value === null ? "z-bar-few" : "z-bar-full"}
                style={{ width: `${(countMost(persons) / most) * 100}%` }}
              />
            </span>
            <b className="z-num" title={persons.value === null ? t("count.small") : undefined}>
              {countText(persons)}
            </b>
          </li>
        ))}
      </ul>
    </section>
  );
}
