import { EnvironmentOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { JobDetail } from "@/api/types.ts";
import { shortMinute } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { Facts } from "./Facts.tsx";
import type { Step } from "./outbox.ts";
import { closed, deeds } from "./steps.ts";
import type { useOutbox } from "./useOutbox.ts";

interface Props {
  job: JobDetail;
  step: Step;
  may: boolean;
  outbox: ReturnType<typeof useOutbox>;
  told: () => void;
}

/** What to do now; the big button closes the step, everything that went wrong is asked twice. */
export function NextStep({ job, step, may, outbox, told: after }: Props) {
  const { t, term, text } = useI18n();
  const told = useTold();
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { main, wrong: others } = deeds(step);
  const send = async (what: string, note = "") => {
    setBusy(true);
    const left = await outbox.tell(job.id, { step: step.no, what, note });
    setBusy(false);
    if (left?.refused !== undefined) {
      outbox.drop(left.key);
      told.refused(text(left.refused) || t("error.failed"));
      return;
    }
    setWrong(null);
    after();
    told.done(left ? t("dispatch.keptToSend") : term("dispatchTold", what));
  };
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
          loading={busy && wrong === null}
          onClick={() => void send(main)}
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
          busy={busy}
          close={() => setWrong(null)}
          done={(note) => void send(wrong, note)}
        />
      ) : null}
    </section>
  );
}
