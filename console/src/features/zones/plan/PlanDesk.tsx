import { Button } from "antd";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PageHead } from "@/shared/ui/ListPage.tsx";
import { Answered, Empty } from "@/shared/ui/states.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useView } from "@/shared/view/useView.ts";
import { AimsBar } from "./AimsBar.tsx";
import { Drawn } from "./Drawn.tsx";
import { PlanMap } from "./PlanMap.tsx";
import { Plans } from "./Plans.tsx";
import { useGroundOf } from "./queries.ts";
import { type Aims, FIRST, type Ground } from "./types.ts";
import { VillageList } from "./VillageList.tsx";

const LEVELS = ["county", "township"];

/** Zones drawn by hand or found at least cost, for one county; the address holds which. */
export function PlanDesk({ unit }: { unit: string | null }) {
  const { t } = useI18n();
  const { to, change } = useView();
  const go = useNavigate();
  const ground = useGroundOf(unit);
  return (
    <section className="z-list">
      <PageHead title={t("zonePlan.title")} note={ground.data?.unit.name}>
        <div className="z-plan-unit">
          <UnitPicker
            levels={LEVELS}
            {...(unit ? { value: unit } : {})}
            {...(ground.data ? { first: ground.data.unit } : {})}
            onChange={(code) => change({ draw: code })}
          />
        </div>
        <Button size="small" onClick={() => void go(to("/zones"))}>
          {t("zonePlan.back")}
        </Button>
      </PageHead>
      {unit ? (
        <Answered key={unit} query={ground}>
          {(data) =>
            data.villages.length ? (
              <Planning ground={data} />
            ) : (
              <Empty title={t("zonePlan.nobody")} hint={t("zonePlan.nobodyHint")} />
            )
          }
        </Answered>
      ) : (
        <Empty title={t("zonePlan.choose")} hint={t("zonePlan.chooseHint")} />
      )}
    </section>
  );
}

function Planning({ ground }: { ground: Ground }) {
  const [aims, setAims] = useState<Aims>(FIRST);
  const [drawn, setDrawn] = useState<readonly string[]>(() =>
    ground.villages.filter((one) => one.present).map((one) => one.code),
  );
  const [hovered, setHovered] = useState<readonly string[] | null>(null);
  const shown = useMemo(() => new Set(hovered ?? drawn), [hovered, drawn]);
  const toggle = (code: string) =>
    setDrawn((before) =>
      before.includes(code) ? before.filter((one) => one !== code) : [...before, code],
    );
  const add = (codes: readonly string[]) =>
    setDrawn((before) => [...new Set([...before, ...codes])]);
  return (
    <div className="z-plan">
      <VillageList ground={ground} drawn={drawn} toggle={toggle} clear={() => setDrawn([])} />
      <PlanMap ground={ground} shown={shown} toggle={toggle} add={add} />
      <aside className="z-plan-side">
        <AimsBar aims={aims} change={setAims} />
        <Drawn ground={ground} villages={drawn} aims={aims} />
        <Plans ground={ground} aims={aims} hover={setHovered} take={setDrawn} />
      </aside>
    </div>
  );
}
