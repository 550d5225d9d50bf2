import type { FeedState, RunBrief } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Overdue, State, When } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

/** How old the data is: the run behind the figures, and each feed's last day. */
export function FeedAges({ feeds, run }: { feeds: FeedState[]; run: RunBrief | null }) {
  const { t, term } = useI18n();
  const { ago } = useFormat();
  const { asOf } = useView();
  const now = useNow();
  const at = asOf ? Date.parse(asOf) : now;
  return (
    <section className="z-panel-part">
      <h2>{t("situation.data")}</h2>
      {run ? (
        <p className="z-run-line">
          {t("situation.run")} <When at={run.as_of} short />{" "}
          <State group="runState" state={run.state} />
        </p>
      ) : (
        <p className="z-hint">{t("situation.noRun")}</p>
      )}
      <table className="z-feeds">
        <tbody>
          {feeds.map((feed) => (
            <tr key={`${feed.feed}-${feed.sender}`}>
              <td title={feed.sender}>{term("feed", feed.feed)}</td>
              <td className="z-num">{feed.last_data_date ?? "–"}</td>
              <td className="z-num">
                {feed.last_received_at ? ago(feed.last_received_at, at) : t("feeds.never")}
              </td>
              <td>{feed.late ? <Overdue label={t("feeds.late")} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
