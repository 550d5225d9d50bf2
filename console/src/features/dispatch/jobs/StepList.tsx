import { CheckCircleFilled, SyncOutlined, WarningFilled } from "@ant-design/icons";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period, When } from "@/shared/ui/marks.tsx";
import type { Step } from "./outbox.ts";
import { closed } from "./steps.ts";

interface Props {
  steps: readonly Step[];
  now: number | null;
  /** Turns to a step out of its order; null when nothing can be told any more. */
  pick: ((no: number) => void) | null;
}

/** All steps in order, what was told of each; one can be taken out of turn. */
export function StepList({ steps, now, pick }: Props) {
  const { t } = useI18n();
  return (
    <>
      <h3>{t("dispatch.allSteps")}</h3>
      <ol className="z-job-steps">
        {steps.map((step) => (
          <li key={step.no} aria-current={step.no === now ? "step" : undefined}>
            {pick && step.may.length > 0 && step.no !== now ? (
              <button type="button" onClick={() => pick(step.no)}>
                <Line step={step} />
              </button>
            ) : (
              <div>
                <Line step={step} />
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function Line({ step }: { step: Step }) {
  const { t, term, text } = useI18n();
  const { receipt } = step;
  return (
    <>
      <span className="z-job-no">
        {receipt === null ? (
          step.no
        ) : step.waits ? (
          <SyncOutlined className="z-warn" />
        ) : closed(step) ? (
          <CheckCircleFilled className="z-ok" />
        ) : (
          <WarningFilled className="z-warn" />
        )}
      </span>
      <span className="z-job-line">
        <b>{text(step.label)}</b>
        <small>
          <Period from={step.at} to={step.ends} />
          {receipt ? (
            <>
              {" "}
              · {term("dispatchReceipt", receipt.what)} <When at={receipt.at} short />
            </>
          ) : null}
          {step.waits ? <b className="z-warn"> {t("dispatch.notSent")}</b> : null}
          {receipt?.note ? <q>{receipt.note}</q> : null}
        </small>
      </span>
    </>
  );
}
