import type { ClockDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";

export function ClockEvents({ events }: { events: ClockDetail["events"] }) {
  const { t, term } = useI18n();
  if (events.length === 0) return null;
  return (
    <>
      <h3>{t("clock.events")}</h3>
      <ol className="z-events">
        {events.map((event) => (
          <li key={`${event.at}-${event.what}`}>
            <When at={event.at} short />
            <span>
              <b>{term("clockEvent", event.what)}</b> {event.to ? `→ ${event.to.name} ` : ""}
              {event.by ? <small>{term("actor", event.by)}</small> : null}
              {event.note ? <q>{event.note}</q> : null}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
