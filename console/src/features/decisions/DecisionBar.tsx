import { CheckOutlined, CloseOutlined, EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useCallback, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import type { ProposalDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { DecisionDialog, type Judgement, type Verdict } from "./DecisionDialog.tsx";
import { Explain } from "./Explain.tsx";
import { verdictOf } from "./keys.ts";
import { idempotencyKey, useDecide } from "./queries.ts";

/** Reach first, then approve (A), amend (E), reject (R). A past moment cannot be decided upon. */
export function DecisionBar({ proposal }: { proposal: ProposalDetail }) {
  const { t } = useI18n();
  const may = useMay("proposal.decide");
  const { asOf, to } = useView();
  const go = useNavigate();
  const told = useTold();
  const decide = useDecide(proposal.id);
  const [asking, setAsking] = useState<{ verdict: Verdict; key: string } | null>(null);
  const open = proposal.may_decide && !asOf;

  const { reset } = decide;
  const ask = useCallback(
    (verdict: Verdict) => {
      reset();
      setAsking((before) => before ?? { verdict, key: idempotencyKey() });
    },
    [reset],
  );

  useEffect(() => {
    if (!open) return;
    const listen = (event: KeyboardEvent) => {
      const verdict = verdictOf(event);
      if (!verdict) return;
      event.preventDefault();
      ask(verdict);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open, ask]);

  const done = (body: Judgement) => {
    if (!asking) return;
    decide.mutate(
      { body: { ...body, content_hash: proposal.content_hash }, key: asking.key },
      {
        onSuccess: ({ directives }) => {
          setAsking(null);
          told.done(
            directives.length
              ? t("decision.issued", { n: directives.length })
              : t("decision.recorded"),
          );
          void go(to("/decisions"));
        },
      },
    );
  };

  if (proposal.decision) return <Decided decision={proposal.decision} state={proposal.state} />;
  if (!open)
    return (
      <footer className="z-decision">
        {t(asOf ? "decision.past" : may ? "decision.closed" : "decision.mayNot")}
      </footer>
    );
  return (
    <footer className="z-decision">
      <span className="z-reach">{t("decision.reach", { n: proposal.recipients_count })}</span>
      <Button icon={<CloseOutlined />} danger onClick={() => ask("reject")}>
        {t("decision.reject")} <kbd>R</kbd>
      </Button>
      <Button icon={<EditOutlined />} onClick={() => ask("amend")}>
        {t("decision.amend")} <kbd>E</kbd>
      </Button>
      <Button icon={<CheckOutlined />} type="primary" onClick={() => ask("approve")}>
        {t("decision.approve")} <kbd>A</kbd>
      </Button>
      {asking ? (
        <DecisionDialog
          proposal={proposal}
          verdict={asking.verdict}
          busy={decide.isPending}
          error={decide.error}
          close={() => setAsking(null)}
          done={done}
        />
      ) : null}
    </footer>
  );
}

function Decided({
  decision,
  state,
}: {
  decision: NonNullable<ProposalDetail["decision"]>;
  state: string;
}) {
  const { t, term } = useI18n();
  return (
    <footer className="z-decision z-decision-done">
      <State group="proposalState" state={state} />
      <span>
        {decision.by} · {decision.post} {term("role", decision.role)} · <When at={decision.at} />
      </span>
      <Explain decision={decision.id} />
      {decision.reason ? (
        <q>{decision.reason}</q>
      ) : (
        <span className="z-none">{t("decision.noReason")}</span>
      )}
    </footer>
  );
}
