import { CopyOutlined } from "@ant-design/icons";
import { Alert, Button, Spin } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Comparison } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { AnswerMarks } from "../marks.tsx";
import { useComparison, useWithdraw } from "../queries.ts";
import { AnswerView } from "./AnswerView.tsx";
import { ProposeDialog } from "./ProposeDialog.tsx";
import { ZoneDays } from "./ZoneDays.tsx";

/** One question: what was asked, how far it is, and what it came to. */
export function ComparisonPage() {
  const { t } = useI18n();
  const id = useRecordId();
  const comparison = useComparison(typeof id === "number" ? id : null);
  if (id === "bad" || id === null) return <NotFound back="/whatif" name={t("desk.whatif")} />;
  return (
    <section className="z-page z-whatif">
      <Answered query={comparison} rows={14}>
        {(data) => <Shown comparison={data} />}
      </Answered>
    </section>
  );
}

function Shown({ comparison }: { comparison: Comparison }) {
  const answer = comparison.answer;
  return (
    <>
      <Head comparison={comparison} />
      {comparison.state === "queued" || comparison.state === "running" ? (
        <Waiting comparison={comparison} />
      ) : null}
      <Refused comparison={comparison} />
      {answer ? (
        <AnswerView answer={answer} against={comparison.against}>
          {answer.closed?.length ? (
            <ZoneDays comparison={comparison} closed={answer.closed} />
          ) : null}
        </AnswerView>
      ) : null}
    </>
  );
}

function Head({ comparison }: { comparison: Comparison }) {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const go = useNavigate();
  const may = useMay("whatif.ask") && asOf === null;
  const [proposing, setProposing] = useState(false);
  const answer = comparison.answer;
  return (
    <header className="z-whatif-pagehead">
      <div>
        <ViewLink path="/whatif">{t("whatif.back")}</ViewLink>
        <h1>{comparison.title}</h1>
        <p className="z-row">
          <State group="whatifState" state={comparison.state} />
          {answer ? (
            <AnswerMarks label={answer.label} synthetic={answer.synthetic_population} />
          ) : null}
          <span className="z-hint">
            {comparison.unit.name} ·{" "}
            {t("whatif.size", { days: comparison.days, runs: comparison.runs })} · {t("asOf.label")}{" "}
            <When at={comparison.as_of} /> · {comparison.created_by}
            {answer?.unseen ? ` · ${t("whatif.unseenOf", { n: number(answer.unseen) })}` : null}
          </span>
        </p>
      </div>
      {may ? (
        <div className="z-row">
          {comparison.state === "queued" ? <Withdraw id={comparison.id} /> : null}
          <Button
            icon={<CopyOutlined />}
            onClick={() => void go(to("/whatif/new", { copy: comparison.id }))}
          >
            {t("whatif.copy")}
          </Button>
          {answer ? (
            <Button type="primary" onClick={() => setProposing(true)}>
              {t("whatif.propose")}
            </Button>
          ) : null}
        </div>
      ) : null}
      {proposing && answer ? (
        <ProposeDialog comparison={comparison} answer={answer} close={() => setProposing(false)} />
      ) : null}
    </header>
  );
}

function Withdraw({ id }: { id: number }) {
  const { t } = useI18n();
  const told = useTold();
  const withdraw = useWithdraw(id);
  return (
    <Button
      loading={withdraw.isPending}
      onClick={() => withdraw.mutate(undefined, { onError: told.failed })}
    >
      {t("whatif.withdraw")}
    </Button>
  );
}

/** It goes on without anybody watching; the page asks again by itself. */
function Waiting({ comparison }: { comparison: Comparison }) {
  const { t } = useI18n();
  const { length } = useFormat();
  const lasted = (ms: number) =>
    ms < 120_000 ? t("whatif.seconds", { n: Math.max(0, Math.round(ms / 1000)) }) : length(ms);
  const now = useNow(1_000);
  const running = comparison.state === "running";
  const since = running ? (comparison.started_at ?? comparison.created_at) : comparison.created_at;
  return (
    <div className="z-state" role="status">
      <Spin size="large" />
      <strong>{t(running ? "whatif.running" : "whatif.queued")}</strong>
      <span>
        {t("whatif.willRun", {
          n: comparison.options.length,
          runs: number(comparison.runs),
          days: comparison.days,
        })}{" "}
        · {t("whatif.since", { length: lasted(now - Date.parse(since)) })}
      </span>
      <span className="z-hint">{t("whatif.mayLeave")}</span>
    </div>
  );
}

function Refused({ comparison }: { comparison: Comparison }) {
  const { t, text } = useI18n();
  if (comparison.state === "withdrawn")
    return <Alert type="info" showIcon className="z-gap" title={t("whatif.withdrawn")} />;
  if (comparison.state !== "failed") return null;
  return (
    <Alert
      type="error"
      showIcon
      className="z-gap"
      title={text(comparison.refusal?.message) || t("error.failed")}
      description={t("whatif.failedHint")}
    />
  );
}
