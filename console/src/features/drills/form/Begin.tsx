import { useState } from "react";
import type { UnitRef } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PageHead } from "@/shared/ui/ListPage.tsx";
import { Answered, Empty, Failure } from "@/shared/ui/states.tsx";
import { UnitPicker } from "@/shared/ui/UnitPicker.tsx";
import { useMay, useSession } from "@/shared/view/session.tsx";
import { useScopePath } from "@/shared/view/useScopePath.ts";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { DrillBand } from "../marks.tsx";
import { useDrillForm } from "../queries.ts";
import { Scenario } from "./Scenario.tsx";

/** A new drill: which unit plays, and what its synthetic county is like. */
export function Begin() {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("drill.play");
  if (!may || asOf) return <Empty title={t(asOf ? "drill.past" : "drill.mayNot")} />;
  return (
    <section className="z-page z-played">
      <DrillBand />
      <PageHead
        title={t("drill.new")}
        note={<ViewLink path="/drills">{t("drill.back")}</ViewLink>}
      />
      <Where />
    </section>
  );
}

/** Whoever's posts are bound to no unit chooses one; others begin with the one they look at. */
function Where() {
  const { scope } = useSession();
  return scope ? <Here home={scope} /> : <OfUnit first={null} />;
}

function Here({ home }: { home: UnitRef }) {
  const { here } = useScopePath(home);
  return <OfUnit key={here.code} first={here} />;
}

function OfUnit({ first }: { first: UnitRef | null }) {
  const { t } = useI18n();
  const [unit, setUnit] = useState(first?.code ?? null);
  const form = useDrillForm(unit);
  const picker = (
    <div className="z-whatif-field z-whatif-unit">
      <label htmlFor="drill-unit">{t("drill.unit")}</label>
      <UnitPicker
        id="drill-unit"
        onChange={setUnit}
        {...(unit ? { value: unit } : {})}
        {...(first ? { first } : {})}
      />
    </div>
  );
  if (unit === null || (form.error && !form.data))
    return (
      <>
        {picker}
        {form.error ? <Failure error={form.error} retry={() => form.refetch()} /> : null}
      </>
    );
  return (
    <Answered query={form} rows={10}>
      {(data) => <Scenario key={unit} form={data} picker={picker} />}
    </Answered>
  );
}
