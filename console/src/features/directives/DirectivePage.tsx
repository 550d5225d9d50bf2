import { Button } from "antd";
import { useNavigate } from "react-router";
import type { DirectiveBrief, DirectiveDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { SubjectClocks } from "@/shared/ui/SubjectClocks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Actions } from "./Actions.tsx";
import { DueMark } from "./DueMark.tsx";
import { useDirective } from "./queries.ts";
import { Receipts } from "./Receipts.tsx";

export function DirectivePage({ id }: { id: number }) {
  const directive = useDirective(id);
  return <Answered query={directive}>{(data) => <Directive directive={data} />}</Answered>;
}

/** What is ordered, by whom, by when; what came back; and the one thing to do next. */
function Directive({ directive }: { directive: DirectiveDetail }) {
  const { t, text } = useI18n();
  return (
    <article className="z-directive">
      <div className="z-directive-scroll">
        <header>
          <p className="z-head-note">{directive.number}</p>
          <h2>{text(directive.title)}</h2>
          <p className="z-row">
            <State group="directiveState" state={directive.state} />{" "}
            <DueMark directive={directive} />
          </p>
          <Jobs of={directive.jobs} />
        </header>
        <Facts directive={directive} />
        <SubjectClocks kind="directive" id={directive.id} />
        <h3>{t("directive.text")}</h3>
        <p className="z-directive-text">{text(directive.text)}</p>
        {directive.decision ? (
          <p className="z-head-note">
            {t("directive.decidedBy", { by: directive.decision.by, post: directive.decision.post })}{" "}
            <When at={directive.decision.at} />{" "}
            {directive.proposal_id ? (
              <ViewLink path={`/decisions/${directive.proposal_id}`}>
                {t("directive.proposal")}
              </ViewLink>
            ) : null}
          </p>
        ) : null}
        <Family directive={directive} />
        <Events events={directive.events} />
      </div>
      <Actions directive={directive} />
    </article>
  );
}

function Facts({ directive }: { directive: DirectiveDetail }) {
  const { t } = useI18n();
  return (
    <dl className="z-facts">
      <dt>{t("directive.from")}</dt>
      <dd>{directive.from_unit.name}</dd>
      <dt>{t("directive.to")}</dt>
      <dd>{directive.to_unit.name}</dd>
      <dt>{t("directive.issuedAt")}</dt>
      <dd>
        <When at={directive.issued_at} />
      </dd>
      <dt>{t("directive.signBy")}</dt>
      <dd>
        <When at={directive.sign_due_at} />
      </dd>
      <dt>{t("directive.reportBy")}</dt>
      <dd>
        <When at={directive.due_at} />
      </dd>
      <dt>{t("directive.receipts")}</dt>
      <dd>
        <Receipts receipts={directive.receipts} />
      </dd>
    </dl>
  );
}

/** From the order to what it asks one to do: to the job, or to the jobs of its plan. */
function Jobs({ of }: { of: DirectiveDetail["jobs"] }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  if (!of) return null;
  const path =
    of.job === null
      ? to("/dispatch/jobs", { plan: of.plan, state: "all" })
      : to(`/dispatch/jobs/${of.job}`);
  return (
    <Button type="primary" onClick={() => void go(path)}>
      {t("directive.jobs", { n: of.total })}
    </Button>
  );
}

/** Up the line and down it: whose order this carries out, and who carries out parts of it. */
function Family({ directive }: { directive: DirectiveDetail }) {
  const { t } = useI18n();
  const line = (d: DirectiveBrief) => (
    <li key={d.id}>
      <ViewLink path={`/directives/${d.id}`}>{d.to_unit.name}</ViewLink>{" "}
      <State group="directiveState" state={d.state} /> <Receipts receipts={d.receipts} />
    </li>
  );
  return (
    <>
      {directive.ancestors.length ? <h3>{t("directive.above")}</h3> : null}
      <ul className="z-family">{directive.ancestors.map(line)}</ul>
      {directive.children.length ? (
        <h3>{t("directive.below", { n: directive.children.length })}</h3>
      ) : null}
      <ul className="z-family">{directive.children.map(line)}</ul>
    </>
  );
}

function Events({ events }: { events: DirectiveDetail["events"] }) {
  const { t, term } = useI18n();
  return (
    <>
      <h3>{t("directive.events")}</h3>
      <ol className="z-events">
        {events.map((event) => (
          <li key={`${event.at}-${event.action}-${event.unit.code}`}>
            <When at={event.at} short />
            <span>
              <b>{term("directiveAction", event.action)}</b> {event.unit.name} ·{" "}
              {term("actor", event.by)}
              {event.note ? <q>{event.note}</q> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
