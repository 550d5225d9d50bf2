import { CheckCircleFilled } from "@ant-design/icons";
import { useState } from "react";
import type { JobDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { JobState } from "../marks.tsx";
import { useJob } from "../queries.ts";
import { NextStep } from "./NextStep.tsx";
import { NotSent } from "./NotSent.tsx";
import { overlaid } from "./outbox.ts";
import { Sheet } from "./Sheet.tsx";
import { StepList } from "./StepList.tsx";
import { current } from "./steps.ts";
import { useOutbox } from "./useOutbox.ts";

/** One job in the hand of whoever does it: the step to do now, one big button, the rest below. */
export function JobPage() {
  const { t } = useI18n();
  const id = useRecordId();
  const job = useJob(typeof id === "number" ? id : null);
  if (id === "bad" || id === null)
    return <NotFound back="/dispatch/jobs" name={t("desk.dispatchJobs")} />;
  return (
    <section className="z-page z-job">
      <Answered query={job}>{(data) => <Shown key={data.id} job={data} />}</Answered>
    </section>
  );
}

function Shown({ job }: { job: JobDetail }) {
  const { t, term, text } = useI18n();
  const may = useMay("dispatch.report");
  const [picked, pick] = useState<number | null>(null);
  const open = job.state === "issued" || job.state === "begun";
  const outbox = useOutbox();
  const waiting = outbox.items.filter((one) => one.job === job.id);
  const steps = overlaid(job.steps, waiting);
  const step = steps.find((one) => one.no === picked) ?? current(steps);
  return (
    <>
      <header className="z-job-head">
        <ViewLink path="/dispatch/jobs">{t("dispatch.backToJobs")}</ViewLink>
        <h1>{text(job.title)}</h1>
        <p className="z-row">
          <JobState job={job} />
          <span className="z-hint">
            {term("dispatchJobKind", job.kind)} {job.code} · {job.unit.name} · {t("dispatch.due")}{" "}
            <When at={job.due_at} short /> ·{" "}
            <ViewLink path={`/dispatch/${job.plan}`}>
              {t("dispatch.number", { n: job.plan })}
            </ViewLink>
          </span>
        </p>
        <progress
          max={job.steps_total}
          value={job.steps_done}
          aria-label={t("dispatch.stepsDone", { done: job.steps_done, total: job.steps_total })}
        />
        <p className="z-hint">
          {t("dispatch.stepsDone", { done: job.steps_done, total: job.steps_total })}
        </p>
      </header>
      <NotSent job={job} waiting={waiting} drop={outbox.drop} />
      {open && step ? (
        <NextStep
          key={step.no}
          job={job}
          step={step}
          may={may}
          outbox={outbox}
          told={() => pick(null)}
        />
      ) : open ? null : (
        <p className="z-job-over" role="status">
          <CheckCircleFilled className={job.state === "done" ? "z-ok" : ""} />{" "}
          {t(job.state === "cancelled" ? "dispatch.jobCancelled" : "dispatch.jobOver")}
        </p>
      )}
      {job.instead ? (
        <p>
          <ViewLink path={`/dispatch/jobs/${job.instead}`}>{t("dispatch.heir")}</ViewLink>
        </p>
      ) : null}
      <StepList steps={steps} now={open ? (step?.no ?? null) : null} pick={open ? pick : null} />
      {may ? <Sheet job={job} /> : null}
    </>
  );
}
