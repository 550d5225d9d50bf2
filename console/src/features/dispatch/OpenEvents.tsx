import { WarningFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useNavigate } from "react-router";
import type { OpenEvent } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { byPlan } from "./openevents.ts";
import { useOpenEvents } from "./queries.ts";

/** What was told of jobs and asks for another plan; nothing where all goes as planned. */
export function OpenEvents() {
  const { t } = useI18n();
  const { asOf } = useView();
  const { data } = useOpenEvents();
  if (!data?.items.length || asOf) return null;
  return (
    <section className="z-dispatch-open" aria-label={t("dispatch.openEvents")}>
      <h2 className="z-sub">
        <WarningFilled className="z-warn" /> {t("dispatch.openEvents")}{" "}
        <small>{t("dispatch.openEventsHint")}</small>
      </h2>
      {byPlan(data.items).map(([plan, events]) => (
        <OfPlan key={plan} plan={plan} events={events} />
      ))}
    </section>
  );
}

function OfPlan({ plan, events }: { plan: number; events: readonly OpenEvent[] }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const may = useMay("dispatch.plan");
  return (
    <div className="z-dispatch-open-plan">
      <ViewLink path={`/dispatch/${plan}`}>{t("dispatch.number", { n: plan })}</ViewLink>
      <ul>
        {events.map((one) => (
          <li key={one.id}>
            <EventLine event={one} />
          </li>
        ))}
      </ul>
      {may ? (
        <Button
          size="small"
          type="primary"
          onClick={() => void go(to(`/dispatch/${plan}`, { happened: 1 }))}
        >
          {t("dispatch.replan")}
        </Button>
      ) : null}
    </div>
  );
}

/** What was told, by which job, when. */
export function EventLine({ event }: { event: OpenEvent }) {
  const { term, text } = useI18n();
  return (
    <>
      <When at={event.at} short /> <b>{term("dispatchEvent", event.kind)}</b> {event.thing}{" "}
      <ViewLink path={`/dispatch/jobs/${event.job}`}>{text(event.job_title)}</ViewLink>
      {event.note ? <q>{event.note}</q> : null}
    </>
  );
}
