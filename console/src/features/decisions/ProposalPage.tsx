import { lazy, Suspense } from "react";
import type { ProposalDetail } from "@/api/types.ts";
import { asGeometry } from "@/map/geo.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Alternatives } from "./Alternatives.tsx";
import { CostTable } from "./CostTable.tsx";
import { DecisionBar } from "./DecisionBar.tsx";
import { DetailRows } from "./DetailRows.tsx";
import { useProposal } from "./queries.ts";
import { Reasons } from "./Reasons.tsx";

const SmallMap = lazy(async () => ({ default: (await import("@/map/SmallMap.tsx")).SmallMap }));

/** A proposal on one page: what and where, why, at what cost, what else, who will receive it. */
export function ProposalPage({ id }: { id: number }) {
  const proposal = useProposal(id);
  return <Answered query={proposal}>{(data) => <Proposal proposal={data} />}</Answered>;
}

function Proposal({ proposal }: { proposal: ProposalDetail }) {
  const { t, text } = useI18n();
  return (
    <article className="z-proposal">
      <div className="z-proposal-scroll">
        <ProposalHead proposal={proposal} />
        <div className="z-proposal-columns">
          <div className="z-proposal-main">
            <h3>{t("proposal.why")}</h3>
            <Reasons reasons={proposal.reasons} />
            <h3>{t("proposal.cost")}</h3>
            <CostTable costs={proposal.cost} />
            {proposal.alternatives.length ? (
              <>
                <h3>{t("proposal.alternatives")}</h3>
                <Alternatives alternatives={proposal.alternatives} />
              </>
            ) : null}
          </div>
          <aside className="z-proposal-side">
            <Suspense fallback={<div className="z-smallmap" style={{ height: 220 }} />}>
              <SmallMap
                path={proposal.unit.path}
                geometry={asGeometry(proposal.geometry)}
                grade="high"
                height={220}
              />
            </Suspense>
            <h3>{t("proposal.ifNothing")}</h3>
            <p>{text(proposal.if_nothing) || t("proposal.notEstimated")}</p>
            <Recipients proposal={proposal} />
            <Provenance proposal={proposal} />
          </aside>
        </div>
        <DetailRows detail={proposal.detail} />
      </div>
      <DecisionBar proposal={proposal} />
    </article>
  );
}

function ProposalHead({ proposal }: { proposal: ProposalDetail }) {
  const { t, term, text } = useI18n();
  const readsPlans = useMay("dispatch.read");
  return (
    <header className="z-proposal-head">
      <span className="z-kind">{term("proposalKind", proposal.kind)}</span>
      <h2>{text(proposal.title)}</h2>
      <p className="z-head-note">
        {proposal.unit.name} · {t("proposal.asOf")} <When at={proposal.as_of} />{" "}
        <State group="proposalState" state={proposal.state} />{" "}
        {proposal.plan && readsPlans ? (
          <ViewLink path={`/dispatch/${proposal.plan}`}>
            {t("proposal.plan", { n: proposal.plan })}
          </ViewLink>
        ) : null}
      </p>
      {proposal.waiting_cost && proposal.state === "waiting" ? (
        <p className="z-waiting">{text(proposal.waiting_cost)}</p>
      ) : null}
    </header>
  );
}

const SHOWN = 12;

function Recipients({ proposal }: { proposal: ProposalDetail }) {
  const { t } = useI18n();
  const more = proposal.recipients_count - Math.min(SHOWN, proposal.recipients.length);
  return (
    <>
      <h3>{t("proposal.recipients", { n: proposal.recipients_count })}</h3>
      <p className="z-units">
        {proposal.recipients.slice(0, SHOWN).map((unit) => (
          <span key={unit.code}>{unit.name}</span>
        ))}
        {more > 0 ? <i>{t("list.andMore", { n: more })}</i> : null}
      </p>
    </>
  );
}

/** What one needs to get the same answer again. */
function Provenance({ proposal }: { proposal: ProposalDetail }) {
  const { t } = useI18n();
  return (
    <dl className="z-provenance">
      <dt>{t("proposal.pack")}</dt>
      <dd>
        <ViewLink path={`/admin/packs/${encodeURIComponent(proposal.pack.id)}`}>
          {proposal.pack.version}
        </ViewLink>
      </dd>
      <dt>{t("proposal.run")}</dt>
      <dd className="z-num">{proposal.run_id}</dd>
      <dt>{t("proposal.inputs")}</dt>
      <dd className="z-code">{proposal.inputs_hash.slice(0, 16)}</dd>
    </dl>
  );
}
