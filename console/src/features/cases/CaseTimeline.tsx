import { useMemo } from "react";
import type { TimelineItem } from "@/api/types.ts";
import { stopNumbers } from "@/map/stops.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Period } from "@/shared/ui/marks.tsx";

/** What happened, in order; places carry the number they have on the map. */
export function CaseTimeline({ items }: { items: TimelineItem[] }) {
  const { t, text, term } = useI18n();
  const numbers = useMemo(() => stopNumbers(items), [items]);
  return (
    <ol className="z-timeline">
      {items.map((item) => (
        <li
          key={`${item.at}-${item.kind}-${text(item.label)}`}
          className={`z-timeline-${item.kind}`}
        >
          <span className="z-timeline-when">
            <Period from={item.at} to={item.to} />
          </span>
          <span className="z-timeline-dot">{numbers.get(item) ?? ""}</span>
          <span title={term("timelineKind", item.kind)}>
            {text(item.label)} {item.place ? <b>{item.place.name}</b> : null}{" "}
            {item.place ? <small>{term("placeKind", item.place.kind)}</small> : null}{" "}
            {item.imputed ? <span className="z-imputed">{t("mark.noExit")}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}
