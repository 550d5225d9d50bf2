import { Button } from "antd";
import { useState } from "react";
import type { SignalItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ActDialog } from "./ActDialog.tsx";
import { actionsFor, mayBeSnoozed, type SignalAction } from "./actions.ts";
import type { Outcome } from "./OutcomeNote.tsx";
import { useWake } from "./queries.ts";
import { SnoozeDialog } from "./SnoozeDialog.tsx";

/** What may be done with one signal now; in the past nothing, and it says why. */
export function SignalActions({ signal }: { signal: SignalItem }) {
  const { t, term, text } = useI18n();
  const may = useMay("signal.handle");
  const { asOf } = useView();
  const told = useTold();
  const wake = useWake();
  const [asked, setAsked] = useState<SignalAction | "snooze" | null>(null);
  const actions = actionsFor(signal.state);
  const quiet = mayBeSnoozed(signal.state);
  if (!may || !(actions.length || quiet)) return null;
  const one = [signal];
  const done = ({ what, refused }: Outcome) => {
    const first = refused[0];
    if (first) told.refused(text(first.sentence) || first.said);
    else told.done(t("signal.done", { what: term("signal", what) }));
  };
  const close = () => setAsked(null);
  return (
    <footer className="z-actions">
      {actions.map((action, i) => (
        <Button
          key={action}
          type={i === 0 ? "primary" : "default"}
          danger={action === "dismiss"}
          disabled={asOf !== null}
          onClick={() => setAsked(action)}
        >
          {term("signal", action)}
        </Button>
      ))}
      {quiet && signal.snoozed_until ? (
        <Button
          disabled={asOf !== null}
          loading={wake.isPending}
          onClick={() => wake.mutate(signal.id, { onError: told.failed })}
        >
          {t("signal.wake")}
        </Button>
      ) : null}
      {quiet && !signal.snoozed_until ? (
        <Button disabled={asOf !== null} onClick={() => setAsked("snooze")}>
          {t("signal.snooze")}
        </Button>
      ) : null}
      {asOf ? <span className="z-hint">{t("signals.past")}</span> : null}
      {asked === "snooze" ? <SnoozeDialog signals={one} close={close} done={done} /> : null}
      {asked && asked !== "snooze" ? (
        <ActDialog action={asked} signals={one} close={close} done={done} />
      ) : null}
    </footer>
  );
}
