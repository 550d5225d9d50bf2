import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useRecordId } from "@/shared/view/useRecordId.ts";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { type Chosen, CLOSED, chosenOf, FILTERS, paramsOf } from "./buckets.ts";
import { ClockDrawer } from "./ClockDrawer.tsx";
import { Freshness } from "./Freshness.tsx";
import { ListDrawer } from "./ListDrawer.tsx";
import { useWall } from "./queries.ts";
import { ScopeTrail } from "./ScopeTrail.tsx";
import { Wall } from "./Wall.tsx";

/** The clock wall: what is late, what will be, and whose it is. All of what is open is in the URL. */
export function Clocks() {
  const { t } = useI18n();
  const id = useRecordId();
  const { to } = useView();
  const [filters, setFilters] = useFilters(FILTERS);
  const go = useNavigate();
  const wall = useWall();
  const chosen = chosenOf(filters);
  if (id === "bad") return <NotFound back="/clocks" name={t("desk.clocks")} />;
  const openList = (what: Partial<Chosen>) => setFilters(paramsOf(what));
  const openClock = (clock: number | null) =>
    void go(to(clock === null ? "/clocks" : `/clocks/${clock}`, { ...filters }));
  return (
    <section className="z-page z-clocks-page">
      <DeskTabs desk="clocks">
        <Freshness at={wall.dataUpdatedAt} failed={wall.isRefetchError} />
      </DeskTabs>
      <ScopeTrail />
      <Answered query={wall} rows={12}>
        {(data) => <Wall wall={data} open={openList} />}
      </Answered>
      <ListDrawer
        chosen={chosen}
        wall={wall.data}
        close={() => setFilters(CLOSED)}
        open={openClock}
      />
      <ClockDrawer id={id} close={() => openClock(null)} />
    </section>
  );
}
