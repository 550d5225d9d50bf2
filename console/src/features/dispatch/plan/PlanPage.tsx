import { Alert, Spin } from "antd";
import { useState } from "react";
import type { PlanDetail } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { usePlan } from "../queries.ts";
import { Head } from "./Head.tsx";
import { Headline } from "./Headline.tsx";
import { Late } from "./Late.tsx";
import { Parts } from "./Parts.tsx";
import { Said } from "./Said.tsx";
import { TrayBar } from "./TrayBar.tsx";
import { keep, kept, type Tray } from "./tray.ts";

/** One plan: what was asked, what came of it, and what may be done with it. */
export function PlanPage() {
  const { t } = useI18n();
  const id = useRecordId();
  const plan = usePlan(typeof id === "number" ? id : null);
  if (id === "bad" || id === null) return <NotFound back="/dispatch" name={t("desk.dispatch")} />;
  return (
    <section className="z-page z-dispatch">
      <Answered query={plan} rows={14}>
        {(data) => <Shown key={data.id} plan={data} />}
      </Answered>
    </section>
  );
}

function Shown({ plan }: { plan: PlanDetail }) {
  const [tray, setKept] = useState<Tray>(() => kept(plan.id));
  const setTray = (next: Tray) => {
    keep(plan.id, next);
    setKept(next);
  };
  return (
    <>
      <Head plan={plan} />
      <Standing plan={plan} />
      <Late plan={plan} />
      {plan.answer ? <Headline plan={plan} answer={plan.answer} /> : null}
      <Said plan={plan} />
      {plan.answer ? <Parts plan={plan} tray={tray} setTray={setTray} /> : null}
      {tray.length ? <TrayBar plan={plan} tray={tray} setTray={setTray} /> : null}
    </>
  );
}

/** Where the plan stands, in so far as there is no answer to look at. */
function Standing({ plan }: { plan: PlanDetail }) {
  const { t, text } = useI18n();
  switch (plan.state) {
    case "queued":
    case "running":
      return <Waiting plan={plan} />;
    case "withdrawn":
      return <Alert type="info" showIcon className="z-gap" title={t("dispatch.withdrawn")} />;
    case "failed":
      return (
        <Alert
          type="error"
          showIcon
          className="z-gap"
          title={text(plan.refusal?.message) || t("error.failed")}
          description={t("dispatch.failedHint")}
        />
      );
    default:
      return null;
  }
}

/** It goes on without anybody watching; the page asks again by itself. */
function Waiting({ plan }: { plan: PlanDetail }) {
  const { t, term } = useI18n();
  const { length } = useFormat();
  const now = useNow(1_000);
  const running = plan.state === "running";
  const since = Date.parse((running ? plan.started_at : null) ?? plan.created_at);
  const ms = Math.max(0, now - since);
  return (
    <div className="z-state" role="status">
      <Spin size="large" />
      <strong>{t(running ? "dispatch.running" : "dispatch.queued")}</strong>
      <span>
        {term("dispatchPlanner", plan.planner)} · {plan.unit.name} ·{" "}
        {t("dispatch.since", {
          length: ms < 120_000 ? t("dispatch.seconds", { n: Math.round(ms / 1000) }) : length(ms),
        })}
      </span>
      <span className="z-hint">{t("dispatch.mayLeave")}</span>
    </div>
  );
}
