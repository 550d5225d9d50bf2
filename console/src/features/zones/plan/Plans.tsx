import { Alert, Button, Checkbox, Select, Table } from "antd";
import { useState } from "react";
import { number, percent } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Failure } from "@/shared/ui/states.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { Simulation } from "./Modelled.tsx";
import { Prices } from "./Prices.tsx";
import { useAskPlan, usePlan, usePlans, usePropose } from "./queries.ts";
import { ranked } from "./ranked.ts";
import type { Aims, Ground, Plan, PlanOption } from "./types.ts";
import { ZoneStatement } from "./ZoneStatement.tsx";

interface Props {
  ground: Ground;
  aims: Aims;
  hover: (villages: readonly string[] | null) => void;
  take: (villages: readonly string[]) => void;
}

/** Zonings at least cost: asked for, compared, shown on the map, taken over or proposed. */
export function Plans({ ground, aims, hover, take }: Props) {
  const { t } = useI18n();
  const may = useSession().permissions.includes("zone.plan");
  const [id, setId] = useState<number | null>(null);
  const ask = useAskPlan(ground.unit.code, ground.as_of);
  const plan = usePlan(id);
  const kept = usePlans().items.filter((one) => one.unit.code === ground.unit.code);
  return (
    <section className="z-plan-card">
      <h2>{t("zonePlan.least")}</h2>
      {may ? (
        <Button
          type="primary"
          size="small"
          loading={ask.isPending}
          onClick={() => ask.mutate(aims, { onSuccess: (made) => setId(made.id) })}
        >
          {t("zonePlan.ask")}
        </Button>
      ) : (
        <p className="z-head-note">{t("zonePlan.mayNot")}</p>
      )}
      {kept.length ? (
        <Select
          size="small"
          aria-label={t("zonePlan.kept")}
          placeholder={t("zonePlan.kept")}
          value={id}
          onChange={setId}
          options={kept.map((one) => ({
            value: one.id,
            label: `${t("zonePlan.record", { id: one.id })} · ${one.by} · ${percent(one.share)}`,
          }))}
        />
      ) : null}
      {ask.error ? <Failure error={ask.error} /> : null}
      {plan.error ? <Failure error={plan.error} retry={() => void plan.refetch()} /> : null}
      {plan.data ? <Answer key={plan.data.id} plan={plan.data} hover={hover} take={take} /> : null}
      {!plan.data && !ask.error && may ? (
        <p className="z-head-note">{t("zonePlan.askHint")}</p>
      ) : null}
    </section>
  );
}

function Answer({ plan, hover, take }: { plan: Plan } & Pick<Props, "hover" | "take">) {
  const { t, term } = useI18n();
  const [picked, setKey] = useState<string | null>(null);
  const rows = ranked(plan);
  const key = picked ?? rows[0]?.key ?? "best";
  const chosen = plan.options.find((one) => one.key === key);
  const gap =
    plan.gap === null ? t("zonePlan.noBound") : t("zonePlan.gap", { gap: percent(plan.gap) });
  return (
    <>
      <p className="z-head-note">
        {gap} · {t("zonePlan.seconds", { n: number(Math.round(plan.seconds * 10) / 10) })} ·{" "}
        {t("zonePlan.record", { id: plan.id })}
      </p>
      {plan.reach ? (
        <Alert
          type="warning"
          showIcon
          title={t("zonePlan.reach", {
            found: percent(plan.reach.found),
            most: percent(plan.reach.at_most),
            what: plan.reach.binding.map((one) => term("zoneMaximum", one)).join(", ") || "–",
          })}
        />
      ) : null}
      <Table<PlanOption & { n: number }>
        size="small"
        pagination={false}
        rowKey="key"
        dataSource={rows}
        rowSelection={{
          type: "radio",
          selectedRowKeys: [key],
          onChange: ([next]) => setKey(String(next)),
          getCheckboxProps: (row) => ({
            "aria-label": t("zonePlan.option", { n: row.n }),
          }),
        }}
        onRow={(row) => ({
          onMouseEnter: () => hover(row.villages),
          onMouseLeave: () => hover(null),
          onFocus: () => hover(row.villages),
          onBlur: () => hover(null),
        })}
        columns={[
          { title: t("zonePlan.number"), dataIndex: "n", className: "z-num" },
          { title: t("zonePlan.areas"), dataIndex: "areas", className: "z-num" },
          {
            title: t("zonePlan.covered"),
            className: "z-num",
            render: (_, row) => percent(row.share),
          },
          {
            title: t("zone.residents"),
            className: "z-num",
            render: (_, row) => number(row.inside.people ?? 0),
          },
          {
            title: t("zone.personDays"),
            className: "z-num",
            render: (_, row) => number(Math.round(row.cost.person_days)),
          },
        ]}
      />
      <Simulation plan={plan} chosen={key} />
      <div className="z-row">
        <Button
          size="small"
          disabled={!chosen}
          onClick={() => {
            if (chosen) take(chosen.villages);
          }}
        >
          {t("zonePlan.take")}
        </Button>
      </div>
      <Proposing plan={plan} chosen={chosen} />
      <p className="z-head-note">{t("zonePlan.untilNext")}</p>
      {chosen?.zones.map((zone) => (
        <ZoneStatement
          key={zone.villages[0]?.code}
          zone={zone}
          told={plan.simulation.options.find((one) => one.key === key)}
        />
      ))}
      <Prices points={plan.curve} />
    </>
  );
}

/** Putting a zoning forward; without the model's answer only by saying so. */
function Proposing({ plan, chosen }: { plan: Plan; chosen: PlanOption | undefined }) {
  const { t } = useI18n();
  const may = useSession().permissions.includes("zone.plan");
  const [without, setWithout] = useState(false);
  const propose = usePropose(plan.id);
  const simulated = plan.simulation.state === "done";
  if (plan.proposal_id)
    return <ViewLink path={`/decisions/${plan.proposal_id}`}>{t("zonePlan.proposed")}</ViewLink>;
  if (!may) return null;
  return (
    <>
      {simulated ? null : (
        <Checkbox checked={without} onChange={(event) => setWithout(event.target.checked)}>
          {t("zonePlan.without")}
        </Checkbox>
      )}
      <div className="z-row">
        <Button
          size="small"
          type="primary"
          loading={propose.isPending}
          disabled={!chosen?.villages.length || chosen.passed.length > 0 || !(simulated || without)}
          onClick={() => {
            if (chosen) propose.mutate({ option: chosen.key, unsimulated: !simulated });
          }}
        >
          {t("zonePlan.propose", { n: chosen?.villages.length ?? 0 })}
        </Button>
      </div>
      {propose.error ? <Failure error={propose.error} /> : null}
    </>
  );
}
