import { PlayCircleOutlined } from "@ant-design/icons";
import { Button, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { DrillItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { Empty } from "@/shared/ui/states.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { PolicyMark, Synthetic, useSize } from "./marks.tsx";
import { useDrills } from "./queries.ts";

/** So many policies of each drill: the player, ours, locking the county. */
const SHOWN = 3;

/** Drills played so far, newest first, and what they came to. */
export function Drills() {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const keyset = useDrills();
  const columns = useColumns();
  const none = keyset.data !== undefined && keyset.items.length === 0;
  return (
    <section className="z-page z-list">
      <DeskTabs
        desk="whatif"
        note={
          <>
            <Synthetic /> <LoadedNote keyset={keyset} />
          </>
        }
      >
        {none ? null : <BeginButton />}
      </DeskTabs>
      {none ? (
        <First />
      ) : (
        <KeysetTable<DrillItem>
          keyset={keyset}
          rowKey="id"
          columns={columns}
          open={(row) => void go(to(`/drills/${row.id}`))}
          empty={{ title: t("drill.none") }}
        />
      )}
    </section>
  );
}

function BeginButton() {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const may = useMay("drill.play");
  const go = useNavigate();
  if (!may) return null;
  return (
    <Button
      type="primary"
      icon={<PlayCircleOutlined />}
      disabled={asOf !== null}
      onClick={() => void go(to("/drills/new"))}
    >
      {t("drill.begin")}
    </Button>
  );
}

function First() {
  const { t } = useI18n();
  const may = useMay("drill.play");
  return (
    <div className="z-whatif-first">
      <Empty
        title={t("drill.none")}
        hint={t(may ? "drill.noneHint" : "drill.noneMayNot")}
        action={<BeginButton />}
      />
      <ul className="z-whatif-examples">
        <li>{t("drill.example1")}</li>
        <li>{t("drill.example2")}</li>
        <li>{t("drill.example3")}</li>
      </ul>
    </div>
  );
}

function useColumns(): TableProps<DrillItem>["columns"] {
  const { t } = useI18n();
  const size = useSize();
  return [
    {
      key: "title",
      title: t("drill.drill"),
      className: "z-wrap",
      render: (_, one) => (
        <span className="z-directive-title">
          <b>{one.title}</b>
          <small>{size(one)}</small>
        </span>
      ),
    },
    { key: "unit", title: t("field.unit"), render: (_, one) => one.unit.name },
    {
      key: "state",
      title: t("field.state"),
      render: (_, one) => (
        <span className="z-directive-title">
          <State group="drillState" state={one.state} />
          <small>{t("drill.decidedTimes", { n: one.step })}</small>
        </span>
      ),
    },
    { key: "headline", title: t("drill.headline"), render: (_, one) => <Headline of={one} /> },
    {
      key: "at",
      title: t("drill.begun"),
      render: (_, one) => (
        <span className="z-directive-title">
          <When at={one.created_at} short />
          <small>{one.created_by}</small>
        </span>
      ),
    },
  ];
}

function Headline({ of }: { of: DrillItem }) {
  const { t, text, term } = useI18n();
  if (of.refusal) return <span className="z-whatif-refused">{text(of.refusal.message)}</span>;
  if (!of.headline.length) return <span className="z-none">–</span>;
  return (
    <table className="z-whatif-headline">
      <tbody>
        {of.headline.slice(0, SHOWN).map((one, at) => (
          <tr key={one.policy}>
            <td>
              <PolicyMark at={at} />
            </td>
            <td className="z-whatif-name">{term("drillPolicy", one.policy)}</td>
            <td className="z-num">{t("drill.nInfections", { n: number(one.infections) })}</td>
            <td className="z-num">
              {t("drill.nPersonDays", { n: number(Math.round(one.person_days)) })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
