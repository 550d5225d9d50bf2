import { Button } from "antd";
import { useState } from "react";
import type { ThingDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { HoldDialog } from "./HoldDialog.tsx";
import { Ledger } from "./Ledger.tsx";
import { Pool, ThingState } from "./marks.tsx";
import { nameOf } from "./naming.ts";
import { useThing } from "./queries.ts";
import { StateDialog } from "./StateDialog.tsx";

const WHOLES: readonly string[] = ["site", "store", "laboratory"];

export function ThingPage({ id }: { id: number }) {
  const thing = useThing(id);
  return (
    <Answered query={thing}>
      {(data) => (
        <article className="z-directive">
          <div className="z-directive-scroll">
            <Head thing={data} />
            <Pools thing={data} />
            <Ledger thing={data} />
            <History thing={data} />
          </div>
          <Actions thing={data} />
        </article>
      )}
    </Answered>
  );
}

function Head({ thing }: { thing: ThingDetail }) {
  const { t, term } = useI18n();
  return (
    <header>
      <p className="z-head-note">
        {term("thingKind", thing.kind)} · {thing.code} · {term("thingOrigin", thing.origin)}
      </p>
      <h2>{nameOf(thing, term)}</h2>
      <p className="z-row">
        <ThingState thing={thing} /> {term("thingMode", thing.mode)}
      </p>
      <dl className="z-facts">
        <dt>{t("field.unit")}</dt>
        <dd>{thing.unit.name}</dd>
        <dt>{t("registry.since")}</dt>
        <dd>
          <When at={thing.state_since} /> · {term("actor", thing.state_by)}
        </dd>
        <dt>{t("resource.reported")}</dt>
        <dd>
          <When at={thing.reported_at} />
        </dd>
        {Object.entries(thing.facts).map(([name, value]) =>
          value === null ? null : (
            <Fact key={name} name={term("thingFact", name)} value={factText(name, value, term)} />
          ),
        )}
      </dl>
      {WHOLES.includes(thing.kind) ? (
        <p>
          <ViewLink path="/registry" params={{ part_of: thing.code }}>
            {t("registry.parts")}
          </ViewLink>
        </p>
      ) : null}
    </header>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function factText(
  name: string,
  value: unknown,
  term: (group: string, code: string) => string,
): string {
  if (name === "goods") return term("item", String(value));
  if (name === "type") {
    const code = String(value);
    const groups = ["tier", "deliveryType", "vehicleKind"];
    const known = groups.find((group) => term(group, code) !== code);
    return known ? term(known, code) : code;
  }
  if (name === "level") return term("storeLevel", String(value));
  if (name === "cold") return term("yesNo", String(value));
  return name === "skill" ? term("thingSkill", String(value)) : String(value);
}

function Pools({ thing }: { thing: ThingDetail }) {
  const { t, term } = useI18n();
  const other = Object.entries(thing.other ?? {});
  return (
    <>
      <h3>{t("registry.pools")}</h3>
      {thing.pools.length === 0 ? <p className="z-hint">{t("registry.noPools")}</p> : null}
      <ul className="z-plain">
        {thing.pools.map((pool) => (
          <li key={pool.pool}>
            <Pool pool={pool} />{" "}
            {pool.reported === null ? null : (
              <small>{t("registry.reportedFree", { n: pool.reported })}</small>
            )}
          </li>
        ))}
      </ul>
      {other.length ? (
        <p className="z-hint">
          {t(thing.mode === "emergency" ? "registry.ordinarily" : "registry.inEmergency")}{" "}
          {other.map(([pool, n]) => `${term("pool", pool)} ${n}`).join(" · ")}
        </p>
      ) : null}
    </>
  );
}

function History({ thing }: { thing: ThingDetail }) {
  const { t, term } = useI18n();
  return (
    <>
      <h3>{t("registry.history")}</h3>
      <ol className="z-events">
        {thing.changes.map((one) => {
          const group = one.what === "mode" ? "thingMode" : "thingState";
          return (
            <li key={`${one.at}-${one.what}-${one.after}`}>
              <When at={one.at} short />
              <span>
                <b>
                  {one.before ? `${term(group, one.before)} → ` : ""}
                  {term(group, one.after)}
                </b>{" "}
                {term("actor", one.by)}
                {one.why ? <q>{one.why}</q> : null}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Actions({ thing }: { thing: ThingDetail }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("resource.write");
  const [asking, setAsking] = useState<"state" | "hold" | null>(null);
  if (!may || asOf) return null;
  return (
    <footer className="z-actions">
      <Button type="primary" onClick={() => setAsking("state")}>
        {t("registry.changeState")}
      </Button>
      <Button disabled={thing.pools.length === 0} onClick={() => setAsking("hold")}>
        {t("registry.hold")}
      </Button>
      {asking === "state" ? <StateDialog thing={thing} close={() => setAsking(null)} /> : null}
      {asking === "hold" ? <HoldDialog thing={thing} close={() => setAsking(null)} /> : null}
    </footer>
  );
}
