import { Tooltip } from "antd";
import type { Figure, Situation } from "@/api/types.ts";
import { number, signed } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Sparkline } from "@/shared/ui/Sparkline.tsx";
import { deskOf, ViewLink } from "@/shared/view/ViewLink.tsx";
import { onDays } from "./daysBack.ts";
import { FeedAges } from "./FeedAges.tsx";
import { Reports } from "./Reports.tsx";
import { Trends } from "./Trends.tsx";

/** Today's figures; each is a link to the list it counts. */
export function FigurePanel({ situation }: { situation: Situation }) {
  const { t } = useI18n();
  return (
    <>
      <header className="z-panel-head">
        <h1>
          {situation.scope.name} <small>{t("situation.figures")}</small>
        </h1>
        <span className="z-head-note">
          {t("situation.knownAt")} <When at={situation.as_of} short />
        </span>
      </header>
      <div className="z-figures">
        {situation.figures.map((figure) => (
          <FigureCard key={figure.key} figure={figure} asOf={situation.as_of} />
        ))}
      </div>
      <Trends trends={situation.trends} />
      <FeedAges feeds={situation.feeds} run={situation.run ?? null} />
      <Reports />
    </>
  );
}

/** Keys of figures where more is better; for all others more is worse. */
const MORE_IS_BETTER = new Set(["rooms_free", "beds_free"]);

function FigureCard({ figure, asOf }: { figure: Figure; asOf: string }) {
  const { t, term, text } = useI18n();
  const { unit } = useFormat();
  const name = term("figure", figure.key);
  const known = figure.value !== null && figure.value !== undefined;
  return (
    <ViewLink
      path={deskOf(figure.list.route)}
      params={figure.list.filters}
      className="z-figure"
      title={t("situation.openList")}
    >
      <span className="z-figure-name">{name}</span>
      <span className="z-figure-row">
        {known ? (
          <b className="z-num">
            {number(figure.value ?? 0)}
            <small>{unit(figure.unit)}</small>
          </b>
        ) : (
          <Tooltip title={text(figure.missing)}>
            <b className="z-figure-missing">{t("situation.missing")}</b>
          </Tooltip>
        )}
        <Sparkline points={onDays(figure.series, asOf)} />
      </span>
      <Change figure={figure} />
    </ViewLink>
  );
}

function Change({ figure }: { figure: Figure }) {
  const { t, text } = useI18n();
  if (figure.value === null) return <span className="z-figure-change">{text(figure.missing)}</span>;
  if (figure.change === null || figure.change === undefined)
    return <span className="z-figure-change">{t("situation.noYesterday")}</span>;
  const worse = figure.change !== 0 && figure.change > 0 !== MORE_IS_BETTER.has(figure.key);
  const arrow = figure.change > 0 ? "▲" : figure.change < 0 ? "▼" : "";
  return (
    <span className={worse ? "z-figure-change z-worse" : "z-figure-change"}>
      {t("situation.onYesterday")} {arrow} <span className="z-num">{signed(figure.change)}</span>
    </span>
  );
}
