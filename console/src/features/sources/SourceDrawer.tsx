import { Drawer } from "antd";
import type { SourceItem } from "@/api/types.ts";
import { number, percent } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { usePackFigures } from "@/shared/rules/usePackFigures.ts";
import { Day, When } from "@/shared/ui/marks.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useMay } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { useSource } from "./queries.ts";
import { SourceHistory } from "./SourceHistory.tsx";
import { SourceMark } from "./SourceMark.tsx";
import { clockOf, known } from "./states.ts";

const PACK = "source-watch";
const FIGURES = [
  "source.late_h",
  "source.due_h",
  "source.complete_share",
  "source.window_d",
  "source.baseline_weeks",
  "source.usual_share",
  "source.zero_usual",
] as const;

/** One source: what it is, what came day by day, and by which figures that is judged. */
export function SourceDrawer({ id, close }: { id: string | undefined; close: () => void }) {
  const { t } = useI18n();
  const narrow = useNarrow();
  return (
    <Drawer
      open={id !== undefined}
      onClose={close}
      size={narrow ? "100%" : 620}
      destroyOnHidden
      className="z-drawer"
      title={t("desk.sources")}
    >
      {id === undefined ? null : <Loaded id={id} />}
    </Drawer>
  );
}

function Loaded({ id }: { id: string }) {
  const { t } = useI18n();
  const source = useSource(id);
  return (
    <Answered query={source}>
      {(data) =>
        data ? (
          <Source source={data} />
        ) : (
          <Empty title={t("sources.empty")} hint={t("sources.emptyHint")} />
        )
      }
    </Answered>
  );
}

function Source({ source }: { source: SourceItem }) {
  const { t, term } = useI18n();
  const days = source.history.length - 1;
  return (
    <article className="z-sourcepage">
      <header>
        <h2>
          {source.unit.name} · {term("stream", source.stream)}
        </h2>
        <p className="z-row">
          <SourceMark state={source.state} />
          {source.since ? (
            <span>
              {t("sources.since")} <Day on={source.since} />
            </span>
          ) : null}
        </p>
        <Said state={source.state} />
      </header>
      <Facts source={source} />
      <p className="z-row">
        <Links source={source} />
      </p>
      <h3>{t("sources.history", { n: days })}</h3>
      <p className="z-hint">{t("sources.outageHint")}</p>
      <SourceHistory days={source.history} />
      <Terms />
    </article>
  );
}

function Said({ state }: { state: string }) {
  const { t } = useI18n();
  switch (known(state)) {
    case "ok":
      return <p>{t("sources.saidOk")}</p>;
    case "late":
      return <p>{t("sources.saidLate")}</p>;
    case "partial":
      return <p>{t("sources.saidPartial")}</p>;
    case "outage":
      return <p>{t("sources.saidOutage")}</p>;
    case "never":
      return <p>{t("sources.saidNever")}</p>;
    default:
      return null;
  }
}

function Facts({ source }: { source: SourceItem }) {
  const { t } = useI18n();
  const { completeness, delay_h: delay } = source;
  return (
    <dl className="z-facts">
      <dt>{t("sources.completeness")}</dt>
      <dd className="z-num">
        {completeness === null
          ? t("sources.noShare")
          : `${percent(completeness)} (${number(source.received)} / ${number(source.expected ?? 0)})`}
      </dd>
      <dt>{t("sources.delay")}</dt>
      <dd>
        {delay ? (
          <>
            <At hours={delay.median} /> / <At hours={delay.p90} />
          </>
        ) : (
          "–"
        )}
      </dd>
      <dt>{t("sources.lastDay")}</dt>
      <dd>
        <Day on={source.last_day} />
      </dd>
      <dt>{t("sources.lastAt")}</dt>
      <dd>
        <When at={source.last_at} />
      </dd>
      <dt>{t("sources.lastFile")}</dt>
      <dd>
        <When at={source.last_file_at} />
      </dd>
      <dt>{t("sources.sites")}</dt>
      <dd className="z-num">{number(source.sites)}</dd>
      <dt>{t("sources.sender")}</dt>
      <dd>{source.sender}</dd>
    </dl>
  );
}

/** A clock time of the day reported on, or of a later one. */
export function At({ hours }: { hours: number }) {
  const { t } = useI18n();
  const { time, days } = clockOf(hours);
  if (days === 0) return <span className="z-num">{t("sources.sameDay", { time })}</span>;
  if (days === 1) return <span className="z-num">{t("sources.nextDay", { time })}</span>;
  return <span className="z-num">{t("sources.daysLater", { time, n: days })}</span>;
}

function Links({ source }: { source: SourceItem }) {
  const { t } = useI18n();
  const signals = useMay("signal.read");
  return (
    <>
      {signals ? (
        <ViewLink path="/signals" params={{ scope: source.unit.code }}>
          {t("sources.signalsLink")}
        </ViewLink>
      ) : null}
      <ViewLink path="/admin/feeds">{t("sources.filesLink")}</ViewLink>
    </>
  );
}

function Terms() {
  const { t } = useI18n();
  const { unit } = useFormat();
  const figure = usePackFigures(PACK);
  const found = FIGURES.flatMap((key) => figure(key) ?? []);
  if (found.length === 0) return null;
  return (
    <>
      <h3>
        {t("sources.terms")} <small>{t("sources.termsMark")}</small>
      </h3>
      <dl className="z-facts z-sourceterms">
        {found.map(({ title, value, unit: measure }) => (
          <Term
            key={title}
            title={title}
            value={
              measure === "share" ? percent(Number(value)) : `${String(value)} ${unit(measure)}`
            }
          />
        ))}
      </dl>
    </>
  );
}

function Term({ title, value }: { title: string; value: string }) {
  return (
    <>
      <dt>{title}</dt>
      <dd className="z-num">{value}</dd>
    </>
  );
}
