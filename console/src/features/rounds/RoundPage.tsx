import { Button, Upload } from "antd";
import type { RoundDetail } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Overdue, Period, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Areas, Hops, Laboratories } from "./boards.tsx";
import { useCloseRound, useCountFile, usePublish, useRound } from "./queries.ts";

const FIGURES = [
  "registered",
  "sampled",
  "in_transit",
  "received",
  "tested",
  "reported",
  "positive",
  "void",
] as const;

export function RoundPage({ id }: { id: number }) {
  const round = useRound(id);
  const { t } = useI18n();
  return (
    <Answered query={round}>
      {(data) => (
        <article className="z-directive">
          <div className="z-directive-scroll">
            <Head round={data} />
            <dl className="z-facts">
              {FIGURES.map((figure) => (
                <Figure key={figure} name={t(`rounds.${figure}`)} n={data.board[figure]} />
              ))}
            </dl>
            <p className="z-hint">{t("rounds.sum")}</p>
            <Alarms round={data} />
            <Hops round={data} />
            <Laboratories round={data} />
            <Areas round={data} />
          </div>
          <Actions round={data} />
        </article>
      )}
    </Answered>
  );
}

function Figure({ name, n }: { name: string; n: number }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="z-num">
        <b>{number(n)}</b>
      </dd>
    </>
  );
}

function Head({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  return (
    <header>
      <p className="z-head-note">{round.unit.name}</p>
      <h2>{round.title}</h2>
      <dl className="z-facts">
        <dt>{t("rounds.hours")}</dt>
        <dd>
          <Period from={round.opens_at} to={round.closes_at} />
        </dd>
        <dt>{t("rounds.due")}</dt>
        <dd>
          <When at={round.due_at} />
        </dd>
        <dt>{t("rounds.lastResult")}</dt>
        <dd>{round.last_result ? <When at={round.last_result} /> : t("rounds.notYetForetold")}</dd>
        <dt>{t("rounds.points")}</dt>
        <dd>
          <ViewLink path={`/rounds/${round.id}/points`}>
            {t("rounds.seePoints", { n: round.points })}
          </ViewLink>
        </dd>
      </dl>
      {round.published_at && !round.closed_at ? (
        <p className="z-reach">
          {t("rounds.publishedAt")} <When at={round.published_at} />{" "}
          <a href="/public/points" target="_blank" rel="noreferrer">
            {t("rounds.publicPage")}
          </a>
        </p>
      ) : null}
      {round.closed_at ? (
        <p className="z-reach">
          {t("rounds.closedAt")} <When at={round.closed_at} />
        </p>
      ) : null}
    </header>
  );
}

function Alarms({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  return (
    <>
      <h3>
        {t("rounds.alarms")} <small>{number(round.alarms_total)}</small>
      </h3>
      {round.alarms.length === 0 ? <p className="z-hint">{t("rounds.noAlarms")}</p> : null}
      <ul className="z-plain">
        {round.alarms.map((one) => (
          <li key={`${one.kind}-${one.point}`}>
            <Overdue label={t(alarmKey(one.kind), { n: one.n })} /> {one.name}
          </li>
        ))}
      </ul>
    </>
  );
}

function alarmKey(kind: string) {
  switch (kind) {
    case "tube":
      return "rounds.alarmTube" as const;
    case "late":
      return "rounds.alarmLate" as const;
    case "handover":
      return "rounds.alarmHandover" as const;
    case "queue":
      return "rounds.alarmQueue" as const;
    case "silent":
      return "rounds.alarmSilent" as const;
    default:
      return "rounds.alarmDrift" as const;
  }
}

function Actions({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("resource.write");
  const mayCount = useMay("sample.collect");
  const file = useCountFile(round.id);
  const shut = useCloseRound(round.id);
  const told = useTold();
  if (asOf || round.closed_at || !(may || mayCount)) return null;
  const send = async (chosen: File) =>
    file.mutate(await chosen.text(), {
      onSuccess: ({ fresh, again }) => told.done(t("rounds.taken", { n: fresh, again })),
      onError: told.failed,
    });
  return (
    <footer className="z-actions">
      {mayCount ? (
        <Upload
          accept=".csv"
          showUploadList={false}
          beforeUpload={(chosen) => {
            void send(chosen);
            return false;
          }}
        >
          <Button type="primary" loading={file.isPending}>
            {t("rounds.file")}
          </Button>
        </Upload>
      ) : null}
      {may ? <Publish round={round} /> : null}
      {may ? (
        <Button
          loading={shut.isPending}
          onClick={() => shut.mutate(undefined, { onError: told.failed })}
        >
          {t("rounds.close")}
        </Button>
      ) : null}
    </footer>
  );
}

function Publish({ round }: { round: RoundDetail }) {
  const { t } = useI18n();
  const publish = usePublish(round.id);
  const told = useTold();
  const shown = round.published_at !== null;
  return (
    <Button
      loading={publish.isPending}
      onClick={() => publish.mutate(!shown, { onError: told.failed })}
    >
      {t(shown ? "rounds.takeBack" : "rounds.publish")}
    </Button>
  );
}
