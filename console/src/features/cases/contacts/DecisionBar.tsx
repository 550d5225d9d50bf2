import { Button } from "antd";
import { useState } from "react";
import { idempotencyKey } from "@/api/client.ts";
import type { ContactItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useKeys } from "@/shared/ui/useKeys.ts";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { actionOf, allowedIn, KEY_OF, needsReason } from "./decide.ts";
import { type ContactAction, useDecide } from "./queries.ts";

interface Asking {
  action: ContactAction;
  key: string;
}

/** Accept, downgrade or exclude, by button or key; what is decided is kept through re-tracing. */
export function DecisionBar({ contact }: { contact: ContactItem }) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  const may = useMay("contact.decide") && !asOf;
  const told = useTold();
  const decide = useDecide(contact.id);
  const [asking, setAsking] = useState<Asking | null>(null);
  const begin = (action: ContactAction) => setAsking({ action, key: idempotencyKey() });
  useKeys(may && asking === null, (key) => {
    const action = actionOf(key, contact.state);
    if (action) begin(action);
    return action !== null;
  });
  const actions = allowedIn(contact.state);
  if (!may || actions.length === 0) return null;
  const send = (reason: string) => {
    if (!asking) return;
    decide.mutate(
      { ...asking, reason },
      {
        onSuccess: () => {
          told.done(t("contact.decided"));
          setAsking(null);
        },
        onError: told.failed,
      },
    );
  };
  return (
    <footer className="z-actions">
      {actions.map((action) => (
        <Button
          key={action}
          type={action === "confirm" ? "primary" : "default"}
          danger={action === "exclude"}
          onClick={() => begin(action)}
        >
          {term("contactAction", action)} <kbd>{KEY_OF[action]}</kbd>
        </Button>
      ))}
      <ReasonModal
        open={asking !== null}
        title={asking ? `${term("contactAction", asking.action)} · ${contact.masked_name}` : ""}
        reach={asking ? term("contactActionReach", asking.action) : ""}
        label={t(
          asking && needsReason(asking.action) ? "decision.reason" : "directive.noteOptional",
        )}
        required={asking !== null && needsReason(asking.action)}
        confirm={asking ? term("contactAction", asking.action) : ""}
        busy={decide.isPending}
        danger={asking?.action === "exclude"}
        close={() => setAsking(null)}
        done={send}
      />
    </footer>
  );
}
