import type { UnitRef, Wall as WallData } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Rule } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useView } from "@/shared/view/useView.ts";
import { byUrgency, type Chosen, total } from "./buckets.ts";
import { Matrix, type MatrixRow } from "./Matrix.tsx";
import { Totals } from "./Totals.tsx";

type Open = (chosen: Partial<Chosen>) => void;

/** The wall of one unit: in all, by who owes it, by what is owed. */
export function Wall({ wall, open }: { wall: WallData; open: Open }) {
  const { t } = useI18n();
  return (
    <>
      <Totals totals={wall.totals} open={open} />
      {total(wall.totals) === 0 ? (
        <Empty title={t("clocks.none")} hint={t("clocks.noneHint")} />
      ) : (
        <div className="z-wall">
          <Owners wall={wall} open={open} />
          <Kinds wall={wall} open={open} />
        </div>
      )}
      <p className="z-hint z-keys">{t("clocks.keys")}</p>
    </>
  );
}

function Owners({ wall, open }: { wall: WallData; open: Open }) {
  const { t } = useI18n();
  const { change } = useView();
  const own = wall.owners.filter((one) => !one.below);
  const below = wall.owners.filter((one) => one.below).sort(byUrgency);
  const rows = [...own, ...below].map(
    (one): MatrixRow => ({
      key: one.unit.code,
      name: one.unit.name,
      head: <OwnerName unit={one.unit} below={one.below} />,
      counts: one,
      enter: () => (one.below ? change({ scope: one.unit.code }) : open({ owner: one.unit.code })),
      open: (bucket) => open({ bucket, owner: one.unit.code }),
    }),
  );
  return (
    <section>
      <h2>
        {t("clocks.byOwner")} <small>{t("clocks.byOwnerHint")}</small>
      </h2>
      <Matrix label={t("clocks.byOwner")} corner={t("clocks.owner")} rows={rows} />
    </section>
  );
}

function OwnerName({ unit, below }: { unit: UnitRef; below: boolean }) {
  const { t } = useI18n();
  return below ? (
    <span className="z-owner">
      {unit.name} <i aria-hidden="true">›</i>
    </span>
  ) : (
    <span className="z-owner">
      {unit.name} <small>{t("clocks.own")}</small>
    </span>
  );
}

function Kinds({ wall, open }: { wall: WallData; open: Open }) {
  const { t, text } = useI18n();
  const rows = [...wall.kinds].sort(byUrgency).map(
    (one): MatrixRow => ({
      key: one.clock,
      name: text(one.name),
      head: (
        <span className="z-owner">
          {text(one.name)} <Rule id={one.rule_id} verified={one.verified} />
        </span>
      ),
      counts: one,
      enter: () => open({ clock: one.clock }),
      open: (bucket) => open({ bucket, clock: one.clock }),
    }),
  );
  return (
    <section>
      <h2>
        {t("clocks.byKind")} <small>{t("clocks.byKindHint")}</small>
      </h2>
      <Matrix label={t("clocks.byKind")} corner={t("clocks.kind")} rows={rows} />
    </section>
  );
}
