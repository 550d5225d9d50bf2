import { Answered } from "@/shared/ui/states.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useMay } from "@/shared/view/session.tsx";
import { FigurePanel } from "./FigurePanel.tsx";
import { useSituation } from "./queries.ts";
import { SituationMap } from "./SituationMap.tsx";

/** The picture of the moment: the map full-bleed, today's figures beside it. */
export function Situation() {
  const situation = useSituation();
  const seesMap = useMay("map.read");
  const narrow = useNarrow();
  return (
    <div className={narrow ? "z-situation z-situation-narrow" : "z-situation"}>
      {seesMap ? <SituationMap /> : null}
      <aside
        className={situation.isPlaceholderData ? "z-figures-panel z-stale" : "z-figures-panel"}
      >
        <Answered query={situation} rows={12}>
          {(data) => <FigurePanel situation={data} />}
        </Answered>
      </aside>
    </div>
  );
}
