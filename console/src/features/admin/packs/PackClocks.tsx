import { Table, type TableProps } from "antd";
import type { Pack } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { ConditionTree } from "@/shared/rules/RuleTree.tsx";
import { useVocabulary } from "@/shared/rules/vocabulary.ts";
import { Empty } from "@/shared/ui/states.tsx";
import { RuleLink } from "./RuleLink.tsx";
import { figuresOf, said } from "./said.ts";

type Row = Pack["clocks"][number];

/** Each clock: for whom, from what to what, how long, who must act, and how it climbs. */
export function PackClocks({ pack }: { pack: Pack }) {
  const { t } = useI18n();
  const columns = useColumns(pack);
  if (pack.clocks.length === 0) return <Empty title={t("pack.noClock")} />;
  return (
    <>
      <Table<Row>
        size="small"
        sticky
        pagination={false}
        rowKey="id"
        columns={columns}
        dataSource={pack.clocks}
        scroll={{ x: 900 }}
      />
      <Escalations pack={pack} />
    </>
  );
}

function useColumns(pack: Pack): TableProps<Row>["columns"] {
  const { t, term, text } = useI18n();
  const figures = figuresOf(pack, text);
  return [
    {
      key: "name",
      title: t("clocks.kind"),
      render: (_, clock) => (
        <>
          {text(clock.name)} <RuleLink pack={pack} id={clock.rule_id} />
          {clock.when ? (
            <ConditionTree expression={clock.when} subject={clock.of} figures={figures} />
          ) : null}
        </>
      ),
    },
    { key: "of", title: t("pack.of"), width: 90, render: (_, c) => term("subject", c.of) },
    {
      key: "from",
      title: t("pack.fromTo"),
      width: 220,
      render: (_, clock) => <FromTo clock={clock} />,
    },
    {
      key: "length",
      title: t("clock.length"),
      width: 200,
      render: (_, clock) => <Length clock={clock} />,
    },
    {
      key: "owner",
      title: t("clocks.owner"),
      width: 110,
      render: (_, c) => term("clockOwner", c.owner),
    },
  ];
}

function FromTo({ clock }: { clock: Row }) {
  const { t } = useI18n();
  const words = useVocabulary(clock.of);
  return (
    <>
      {words.fact(clock.anchor)} → {clock.stop ? words.fact(clock.stop) : t("clock.stopsByItself")}
    </>
  );
}

function Length({ clock }: { clock: Row }) {
  const { t, term } = useI18n();
  const words = useVocabulary(clock.of);
  if (!clock.length) return <>{clock.due ? words.fact(clock.due) : "–"}</>;
  const value = said(clock.length.value, t("expr.comma"));
  return (
    <>
      <b className="z-num">
        {value === "0" && clock.unit !== "hour"
          ? t("clock.sameDay")
          : `${value} ${term("clockUnit", clock.unit)}`}
      </b>
      <div className="z-hint">{term("clockConvention", clock.unit)}</div>
      {clock.unit === "day_number" ? (
        <div className="z-hint">{t("pack.firstDay", { n: clock.first_day })}</div>
      ) : null}
      {clock.top_up ? <div className="z-hint">{t("pack.topUp")}</div> : null}
    </>
  );
}

function Escalations({ pack }: { pack: Pack }) {
  const { t, term, text } = useI18n();
  const { unit } = useFormat();
  return (
    <>
      {pack.escalations.map((one) => (
        <section key={one.id}>
          <h2 className="z-sub">
            {text(one.name)} <RuleLink pack={pack} id={one.rule_id} />
          </h2>
          <ol className="z-steps">
            {one.steps.map((step) => (
              <li key={step.step}>
                <b className="z-num">
                  {said(step.at_pct.value, t("expr.comma"))}
                  {unit(step.at_pct.unit)}
                </b>{" "}
                {term("clockStep", step.step)}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
