import { ExperimentOutlined } from "@ant-design/icons";
import { Button, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { ComparisonItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { rounded } from "./answer.ts";
import { AnswerMarks, OptionMark } from "./marks.tsx";
import { useComparisons } from "./queries.ts";

/** Questions asked so far, newest first, and what each option came to. */
export function WhatIf() {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const keyset = useComparisons();
  const columns = useColumns();
  const none = keyset.data !== undefined && keyset.items.length === 0;
  return (
    <section className="z-page z-list">
      <DeskTabs desk="whatif" note={<LoadedNote keyset={keyset} />}>
        {none ? null : <AskButton />}
      </DeskTabs>
      {none ? (
        <First />
      ) : (
        <KeysetTable<ComparisonItem>
          keyset={keyset}
          rowKey="id"
          columns={columns}
          open={(row) => void go(to(`/whatif/${row.id}`))}
          empty={{ title: t("whatif.none") }}
        />
      )}
    </section>
  );
}

function AskButton() {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const may = useMay("whatif.ask");
  const go = useNavigate();
  if (!may) return null;
  return (
    <Button
      type="primary"
      icon={<ExperimentOutlined />}
      disabled={asOf !== null}
      onClick={() => void go(to("/whatif/new"))}
    >
      {t("whatif.ask")}
    </Button>
  );
}

function First() {
  const { t } = useI18n();
  const may = useMay("whatif.ask");
  return (
    <div className="z-whatif-first">
      <Empty
        title={t("whatif.none")}
        hint={t(may ? "whatif.noneHint" : "whatif.noneMayNot")}
        action={<AskButton />}
      />
      <ul className="z-whatif-examples">
        <li>{t("whatif.example1")}</li>
        <li>{t("whatif.example2")}</li>
        <li>{t("whatif.example3")}</li>
      </ul>
    </div>
  );
}

function useColumns(): TableProps<ComparisonItem>["columns"] {
  const { t } = useI18n();
  return [
    {
      key: "title",
      title: t("whatif.question"),
      className: "z-wrap",
      render: (_, one) => (
        <span className="z-directive-title">
          <b>{one.title}</b>
          <small>{t("whatif.size", { days: one.days, runs: one.runs })}</small>
        </span>
      ),
    },
    { key: "unit", title: t("field.unit"), render: (_, one) => one.unit.name },
    {
      key: "state",
      title: t("field.state"),
      render: (_, one) => <State group="whatifState" state={one.state} />,
    },
    {
      key: "headline",
      title: t("whatif.headline"),
      render: (_, one) => <Headline of={one} />,
    },
    {
      key: "label",
      title: t("whatif.label"),
      render: (_, one) =>
        one.label ? (
          <span className="z-row">
            <AnswerMarks label={one.label} synthetic={one.synthetic_population ?? false} />
          </span>
        ) : null,
    },
    {
      key: "at",
      title: t("whatif.asked"),
      render: (_, one) => (
        <span className="z-directive-title">
          <When at={one.created_at} short />
          <small>{one.created_by}</small>
        </span>
      ),
    },
  ];
}

function Headline({ of }: { of: ComparisonItem }) {
  const { t, text } = useI18n();
  if (of.refusal) return <span className="z-whatif-refused">{text(of.refusal.message)}</span>;
  if (!of.headline.length) return <span className="z-none">–</span>;
  return (
    <table className="z-whatif-headline">
      <tbody>
        {of.headline.map((one, at) => (
          <tr key={one.option}>
            <td>
              <OptionMark at={at} />
            </td>
            <td className="z-whatif-name" title={one.option}>
              {one.option}
            </td>
            <td className="z-num">
              {t("whatif.nInfections", { n: number(rounded(one.infections)) })}
              <Between low={one.infections_q10} high={one.infections_q90} />
            </td>
            <td className="z-num">
              {t("whatif.nPersonDays", { n: number(rounded(one.person_days)) })}
              <Between low={one.person_days_q10} high={one.person_days_q90} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The 80 % interval under its mean; older answers have none. */
function Between({ low, high }: { low?: number | null; high?: number | null }) {
  if (typeof low !== "number" || typeof high !== "number" || low === high) return null;
  return (
    <small className="z-hint">
      {" "}
      {number(rounded(low))} – {number(rounded(high))}
    </small>
  );
}
