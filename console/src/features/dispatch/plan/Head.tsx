import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { PlanState, Synthetic } from "../marks.tsx";
import { useOpenEvents, usePropose, useWithdraw } from "../queries.ts";
import { EventDialog } from "./EventDialog.tsx";

/** What plan this is, what it follows and what followed it, and what may be done. */
export function Head({ plan }: { plan: PlanDetail }) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  return (
    <header className="z-whatif-pagehead">
      <div>
        <ViewLink path="/dispatch">{t("dispatch.back")}</ViewLink>
        <h1>{plan.title}</h1>
        <p className="z-row">
          <PlanState state={plan.state} />
          <Synthetic on={plan.synthetic} />
          <span className="z-hint">
            {t("dispatch.number", { n: plan.id })} · {term("dispatchPlanner", plan.planner)} ·{" "}
            {plan.unit.name} · {t("asOf.label")} <When at={plan.as_of} /> ·{" "}
            {term("actor", plan.created_by)}
          </span>
          <Links plan={plan} />
        </p>
      </div>
      {asOf ? null : <Actions plan={plan} />}
    </header>
  );
}

function Links({ plan }: { plan: PlanDetail }) {
  const { t } = useI18n();
  return (
    <>
      {plan.follows ? (
        <ViewLink path={`/dispatch/${plan.follows}`}>
          {t("dispatch.follows", { n: plan.follows })}
        </ViewLink>
      ) : null}
      {plan.round ? (
        <ViewLink path={`/rounds/${plan.round}`}>{t("dispatch.round")}</ViewLink>
      ) : null}
      {plan.proposal ? (
        <ViewLink path={`/decisions/${plan.proposal}`}>
          {t("dispatch.proposal", { n: plan.proposal })}
        </ViewLink>
      ) : null}
    </>
  );
}

type Asked = "event" | "propose" | null;

function Actions({ plan }: { plan: PlanDetail }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const told = useTold();
  const [{ happened }, change] = useFilters(["happened"] as const);
  const open = useOpenEvents().data?.items.filter((one) => one.plan === plan.id);
  const [asked, setAsked] = useState<Asked>(null);
  const withdraw = useWithdraw(plan.id);
  const propose = usePropose(plan.id);
  const may = (what: string) => plan.may.includes(what);
  const close = () => {
    setAsked(null);
    if (happened) change({ happened: null });
  };
  const telling = may("events") && (asked === "event" || Boolean(happened));
  return (
    <div className="z-row">
      {may("withdraw") ? (
        <Button
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate(undefined, { onError: told.failed })}
        >
          {t("dispatch.withdraw")}
        </Button>
      ) : null}
      {may("events") ? (
        <Button onClick={() => setAsked("event")}>{t("dispatch.tellEvent")}</Button>
      ) : null}
      {may("propose") ? (
        <Button type="primary" onClick={() => setAsked("propose")}>
          {t("dispatch.propose")}
        </Button>
      ) : null}
      {telling && open ? <EventDialog plan={plan} told={open} close={close} /> : null}
      <ReasonModal
        open={asked === "propose"}
        title={t("dispatch.propose")}
        reach={t("dispatch.proposeReach", { unit: plan.unit.name })}
        label={t("decision.reason")}
        required
        confirm={t("dispatch.proposeDo")}
        busy={propose.isPending}
        close={close}
        done={(reason) =>
          propose.mutate(reason, {
            onSuccess: ({ proposal }) => {
              told.done(t("dispatch.proposed"));
              void go(to(`/decisions/${proposal}`));
            },
            onError: told.failed,
          })
        }
      />
    </div>
  );
}
