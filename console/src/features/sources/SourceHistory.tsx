import type { SourceItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day } from "@/shared/ui/marks.tsx";

type SourceDay = SourceItem["history"][number];

/** Day by day, the newest first: what came of what was expected, and what was counted. */
export function SourceHistory({ days }: { days: readonly SourceDay[] }) {
  const { t } = useI18n();
  const most = Math.max(1, ...days.map((day) => Math.max(day.received, day.expected ?? 0)));
  return (
    <table className="z-plain z-sourcedays">
      <thead>
        <tr>
          <th scope="col">{t("sources.day")}</th>
          <th scope="col" colSpan={2}>
            {t("sources.reports")}
          </th>
          <th scope="col" className="z-num">
            {t("sources.count")}
          </th>
          <th scope="col">
            <span className="z-unseen">{t("field.state")}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {[...days].reverse().map((day) => (
          <tr key={day.date} className={silent(day) ? "z-silent" : ""}>
            <th scope="row">
              <Day on={day.date} />
            </th>
            <td className="z-num">
              {number(day.received)} / {day.expected === null ? "–" : number(day.expected)}
            </td>
            <td>
              <Bar day={day} most={most} />
            </td>
            <td className="z-num">{day.count === null ? "–" : number(day.count)}</td>
            <td>
              <Remark day={day} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const silent = (day: SourceDay): boolean =>
  day.due && (day.expected ?? 0) > 0 && (day.received === 0 || day.doubted);

function Bar({ day, most }: { day: SourceDay; most: number }) {
  const share = (n: number): string => `${(n / most) * 100}%`;
  return (
    <span className="z-camebar" aria-hidden="true">
      <i style={{ width: share(day.received) }} />
      {day.expected ? <b style={{ left: share(day.expected) }} /> : null}
    </span>
  );
}

function Remark({ day }: { day: SourceDay }) {
  const { t } = useI18n();
  if (day.doubted) return <b className="z-worse">{t("sources.doubted")}</b>;
  if (!day.due && day.received < (day.expected ?? 0))
    return <span className="z-hint">{t("sources.notYet")}</span>;
  if (day.received === 0 && day.expected) return <b>{t("sources.noReport")}</b>;
  if (day.expected === 0) return <span className="z-hint">{t("sources.restDay")}</span>;
  if (day.expected === null && day.received)
    return <span className="z-hint">{t("sources.learning")}</span>;
  return null;
}
