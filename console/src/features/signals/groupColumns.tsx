import type { TableProps } from "antd";
import type { ClockBrief, SignalGroup } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Grade, State } from "@/shared/ui/marks.tsx";
import { useView } from "@/shared/view/useView.ts";
import { Counties, DueMark, Probability, RuleChip, SmallCurve } from "./SignalMarks.tsx";
import { streamsOf } from "./told.ts";

type Columns = NonNullable<TableProps<SignalGroup>["columns"]>;

/** The most urgent clock of the signals a group shows. */
function clockOf(
  group: SignalGroup,
  clocks: ReadonlyMap<number, ClockBrief> | undefined,
): ClockBrief | undefined {
  return group.worst
    .flatMap((one) => clocks?.get(one.id) ?? [])
    .sort((a, b) => a.due_at.localeCompare(b.due_at))[0];
}

/** All of it, or beside an open signal what fits there. */
export function useGroupColumns(
  beside: boolean,
  clocks: ReadonlyMap<number, ClockBrief> | undefined,
): Columns {
  const { t } = useI18n();
  const { asOf } = useView();
  const few: Columns = [
    {
      key: "grade",
      title: t("signal.grade"),
      render: (_, g) => <Grade grade={g.grade} word={!beside} />,
    },
    {
      key: "units",
      title: t("signals.counties"),
      className: "z-wrap",
      render: (_, g) => <Where group={g} most={beside ? 1 : 2} />,
    },
    {
      key: "streams",
      title: t("signals.streams"),
      render: (_, g) => <Curves group={g} beside={beside} />,
    },
    {
      key: "state",
      title: t(asOf ? "signal.stateNow" : "field.state"),
      render: (_, g) => (
        <>
          <State group="signalState" state={g.top.state} />
          <small className="z-block z-num">
            {t("signals.openOf", { open: g.open, n: g.signals })}
          </small>
        </>
      ),
    },
  ];
  if (beside) return few;
  return [
    ...few.slice(0, 3),
    {
      key: "probability",
      title: t("signal.probability"),
      render: (_, g) => <Probability value={best(g)} />,
    },
    { key: "rule", title: t("signal.rule"), render: (_, g) => <Rules group={g} /> },
    ...few.slice(3),
    {
      key: "due",
      title: t("signals.due"),
      render: (_, g) => <DueMark clock={clockOf(g, clocks)} />,
    },
  ];
}

/** The most probable of the signals a group shows. */
function best(group: SignalGroup): number | null {
  const known = group.worst.flatMap((one) => one.probability ?? []);
  return known.length ? Math.max(...known) : null;
}

function Where({ group, most }: { group: SignalGroup; most: number }) {
  return (
    <>
      <Counties units={group.units} most={most} />
      <small className="z-block">
        <Days group={group} />
      </small>
    </>
  );
}

function Days({ group }: { group: SignalGroup }) {
  if (group.first === group.last) return <Day on={group.last} />;
  return (
    <>
      <Day on={group.first} /> – <Day on={group.last} />
    </>
  );
}

function Curves({ group, beside }: { group: SignalGroup; beside: boolean }) {
  const most = beside ? 2 : 4;
  const { t } = useI18n();
  const curves = streamsOf(group).filter((one) => one.history.length > 0);
  if (curves.length === 0) return <span className="z-none">{t("signals.noCurves")}</span>;
  return (
    <span className="z-curves">
      {curves.slice(0, most).map((curve) => (
        <SmallCurve key={curve.stream} curve={curve} width={beside ? 68 : 92} />
      ))}
      {curves.length > most ? (
        <small title={t("signals.moreStreams", { n: curves.length - most })}>
          +{curves.length - most}
        </small>
      ) : null}
    </span>
  );
}

function Rules({ group }: { group: SignalGroup }) {
  const rules = new Map(
    group.worst.flatMap(({ rule }) => (rule ? [[rule.rule_id, rule] as const] : [])),
  );
  if (rules.size === 0) return <span className="z-none">–</span>;
  return [...rules.values()].map((rule) => <RuleChip key={rule.rule_id} rule={rule} />);
}
