import { EnvironmentOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { JobDetail, JobStep } from "@/api/types.ts";
import { shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useTell } from "../queries.ts";
import { Facts } from "./Facts.tsx";
import { closed, deeds } from "./steps.ts";

interface Props {
  job: JobDetail;
  step: JobStep;
  may: boolean;
  told: () => void;
}

/** What to do now; the big button closes the step, everything that went wrong is asked twice. */
export function NextStep({ job, step, may, told: after }: Props) {
  const { t, term, text } = useI18n();
  const told = useTold();
  const [wrong, setWrong] = useState<string | null>(null);
  const tell = useTell(job.id);
  const { main, wrong: others } = deeds(step);
  const send = (what: string, note = "") =>
    tell.mutate(
      { step: step.no, what, note },
      {
        onSuccess: () => {
          setWrong(null);
          after();
          told.done(term("dispatchTold", what));
        },
        onError: told.failed,
      },
    );
  return (
    <section className="z-job-now" aria-label={t("dispatch.nextStep")}>
      <p className="z-hint">
        {t("dispatch.stepOf", { no: step.no, n: job.steps_total })} ·{" "}
        <Period from={step.at} to={step.ends} />
      </p>
      <h2>{text(step.label)}</h2>
      {step.place ? <p>{step.place}</p> : null}
      {typeof step.lon === "number" && typeof step.lat === "number" ? (
        <p>
          <a href={`geo:${step.lat},${step.lon}`}>
            <EnvironmentOutlined /> {t("dispatch.wayThere")}
          </a>
        </p>
      ) : null}
      <Facts step={step} />
      {step.receipt && !closed(step) ? (
        <p className="z-reach">
          {term("dispatchReceipt", step.receipt.what)} {shortMinute(step.receipt.at)}
          {step.receipt.note ? <q>{step.receipt.note}</q> : null}
        </p>
      ) : null}
      {may && main ? (
        <Button
          type="primary"
          block
          className="z-job-main"
          loading={tell.isPending && wrong === null}
          onClick={() => send(main)}
        >
          {term("dispatchDo", main)}
        </Button>
      ) : null}
      {may && others.length ? (
        <div className="z-job-wrong">
          {others.map((what) => (
            <Button key={what} onClick={() => setWrong(what)}>
              {term("dispatchDo", what)}
            </Button>
          ))}
        </div>
      ) : null}
      {may ? null : <p className="z-hint">{t("dispatch.mayNotTell")}</p>}
      {wrong ? (
        <ReasonModal
          open
          danger
          title={term("dispatchDo", wrong)}
          reach={t("dispatch.wrongReach", { what: text(step.label) })}
          label={t("dispatch.noteOptional")}
          required={false}
          confirm={term("dispatchDo", wrong)}
          busy={tell.isPending}
          close={() => setWrong(null)}
          done={(note) => send(wrong, note)}
        />
      ) : null}
    </section>
  );
}
