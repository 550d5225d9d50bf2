import { Button } from "antd";
import { useState } from "react";
import { idempotencyKey } from "@/api/client.ts";
import type { DirectiveDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { ForwardDialog } from "./ForwardDialog.tsx";
import { type Act, useAct } from "./queries.ts";

type Asked = { action: Act["action"]; key: string };

/** What the state and one's posts allow (the server says which), the next step first. */
export function Actions({ directive }: { directive: DirectiveDetail }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const act = useAct(directive.id);
  const told = useTold();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { may } = directive;
  const actions = (["sign", "report", "close", "forward"] as const).filter((action) => may[action]);
  if (asOf || actions.length === 0) return null;

  const send = (what: Act) => {
    if (!asked) return;
    act.mutate(
      { act: what, key: asked.key },
      {
        onSuccess: () => {
          setAsked(null);
          told.done(t(`directive.${what.action}Done`));
        },
        onError: told.failed,
      },
    );
  };
  const shared = { busy: act.isPending, close: () => setAsked(null) };
  return (
    <footer className="z-actions">
      {actions.map((action, i) => (
        <Button
          key={action}
          type={i === 0 ? "primary" : "default"}
          onClick={() => setAsked({ action, key: idempotencyKey() })}
        >
          {t(`directive.${action}`)}
        </Button>
      ))}
      {asked && asked.action !== "forward" ? (
        <ReasonModal
          open
          {...shared}
          title={t(`directive.${asked.action}`)}
          reach={t(`directive.${asked.action}Reach`, { unit: directive.from_unit.name })}
          label={t(asked.action === "report" ? "directive.reportText" : "directive.noteOptional")}
          required={asked.action === "report"}
          confirm={t(`directive.${asked.action}`)}
          done={(text) => send(noted(asked.action, text))}
        />
      ) : null}
      {asked?.action === "forward" ? (
        <ForwardDialog
          directive={directive}
          {...shared}
          done={(to_units, note) => send({ action: "forward", to_units, note })}
        />
      ) : null}
    </footer>
  );
}

function noted(action: Exclude<Act["action"], "forward"> | "forward", text: string): Act {
  switch (action) {
    case "sign":
    case "close":
      return { action, note: text };
    case "report":
      return { action, text };
    case "forward":
      return { action, to_units: [], note: text };
  }
}
