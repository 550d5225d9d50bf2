import { Alert, Button, Popconfirm, Spin } from "antd";
import { useRef } from "react";
import type { DrillDetail, DrillEvening } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { DrillBand, Synthetic, useSize } from "../marks.tsx";
import { useAbandon, useDrill } from "../queries.ts";
import { Decide } from "./Decide.tsx";
import { History } from "./History.tsx";
import { Known } from "./Known.tsx";
import { Truth } from "./Truth.tsx";

/** One drill: what is known, what is to be decided, and at its end the truth. */
export function DrillPage() {
  const { t } = useI18n();
  const id = useRecordId();
  const drill = useDrill(typeof id === "number" ? id : null);
  if (id === "bad" || id === null) return <NotFound back="/drills" name={t("desk.drills")} />;
  return (
    <section className="z-page z-played">
      <DrillBand />
      <Answered query={drill} rows={14}>
        {(data) => <Shown key={data.id} drill={data} />}
      </Answered>
    </section>
  );
}

function Shown({ drill }: { drill: DrillDetail }) {
  const last = useRef<DrillEvening | null>(null);
  last.current = drill.evening ?? last.current;
  return (
    <>
      <Head drill={drill} />
      <Ended drill={drill} />
      {drill.result ? <Truth drill={drill} result={drill.result} /> : null}
      {drill.state === "preparing" || drill.state === "scoring" ? (
        <Waiting state={drill.state} />
      ) : null}
      {(drill.state === "waiting" || drill.state === "stepping") && last.current ? (
        <Table drill={drill} evening={last.current} />
      ) : null}
      {drill.state === "stepping" && !last.current ? <Waiting state="stepping" /> : null}
      <History decisions={drill.decisions} />
    </>
  );
}

/** What is known on the left, what is to be decided on the right. */
function Table({ drill, evening }: { drill: DrillDetail; evening: DrillEvening }) {
  const busy = drill.state === "stepping";
  return (
    <div className="z-drill-table" aria-busy={busy}>
      <Known drill={drill} evening={evening} />
      <Decide key={`${drill.step}-${busy}`} drill={drill} evening={evening} busy={busy} />
    </div>
  );
}

function Head({ drill }: { drill: DrillDetail }) {
  const { t } = useI18n();
  const size = useSize();
  return (
    <header className="z-whatif-pagehead">
      <div>
        <ViewLink path="/drills">{t("drill.back")}</ViewLink>
        <h1>{drill.title}</h1>
        <p className="z-row">
          <State group="drillState" state={drill.state} /> <Synthetic />
          <span className="z-hint">
            {drill.unit.name} · {size(drill)} · {drill.created_by}
          </span>
        </p>
      </div>
      {drill.may_play ? <Abandon id={drill.id} /> : null}
    </header>
  );
}

function Abandon({ id }: { id: number }) {
  const { t } = useI18n();
  const told = useTold();
  const abandon = useAbandon(id);
  return (
    <Popconfirm
      title={t("drill.abandonSure")}
      okText={t("drill.abandon")}
      cancelText={t("drill.goOn")}
      onConfirm={() => abandon.mutate(undefined, { onError: told.failed })}
    >
      <Button loading={abandon.isPending}>{t("drill.abandon")}</Button>
    </Popconfirm>
  );
}

/** It goes on without anybody watching; the page asks again by itself. */
function Waiting({ state }: { state: "preparing" | "stepping" | "scoring" }) {
  const { t, term } = useI18n();
  return (
    <div className="z-state" role="status">
      <Spin size="large" />
      <strong>{term("drillWaiting", state)}</strong>
      <span className="z-hint">{t("drill.mayLeave")}</span>
    </div>
  );
}

function Ended({ drill }: { drill: DrillDetail }) {
  const { t, text } = useI18n();
  if (drill.state === "abandoned")
    return <Alert type="info" showIcon className="z-gap" title={t("drill.abandoned")} />;
  if (drill.state !== "failed") return null;
  return (
    <Alert
      type="error"
      showIcon
      className="z-gap"
      title={text(drill.refusal?.message) || t("error.failed")}
    />
  );
}
