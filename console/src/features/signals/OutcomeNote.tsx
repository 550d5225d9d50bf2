import { Alert } from "antd";
import { ApiError } from "@/api/errors.ts";
import type { SignalItem, Text } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import type { Failure } from "./triage.ts";

export interface Outcome {
  what: string;
  done: number;
  refused: readonly { signal: SignalItem; sentence: Text | null; said: string }[];
}

/** What failed, in the service's words. */
export function refusals(failed: readonly Failure[], signals: readonly SignalItem[]) {
  return failed.flatMap(({ id, error }) => {
    const signal = signals.find((one) => one.id === id);
    const sentence = error instanceof ApiError ? (error.body?.message ?? null) : null;
    return signal ? [{ signal, sentence, said: error.message }] : [];
  });
}

/** How it went: how many were done, and each that was refused with the reason. */
export function OutcomeNote({ outcome, close }: { outcome: Outcome; close: () => void }) {
  const { t, term, text } = useI18n();
  const { what, done, refused } = outcome;
  return (
    <Alert
      className="z-outcome"
      type={refused.length ? "warning" : "success"}
      showIcon
      closable={{ onClose: close, "aria-label": t("action.close") }}
      title={
        t("signals.outcomeDone", { what: term("signal", what), n: done }) +
        (refused.length ? t("signals.outcomeRefused", { n: refused.length }) : "")
      }
      description={
        refused.length ? (
          <ul>
            {refused.map(({ signal, sentence, said }) => (
              <li key={signal.id}>
                {signal.unit.name} · {term("stream", signal.stream)}: {text(sentence) || said}
              </li>
            ))}
          </ul>
        ) : undefined
      }
    />
  );
}
