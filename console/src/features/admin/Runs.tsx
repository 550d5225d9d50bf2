import { PlayCircleOutlined } from "@ant-design/icons";
import { Button, Popconfirm, type TableProps } from "antd";
import type { RunBrief, RunStep } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { State, When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useRuns, useStartRun } from "./queries.ts";
import { Summary } from "./RunSummary.tsx";

/** The cycle's runs, each with its steps, how long they took and what they say. */
export function Runs() {
  const { t } = useI18n();
  const keyset = useRuns();
  const start = useStartRun();
  const told = useTold();
  const may = useMay("run.start");
  return (
    <>
      <div className="z-filters">
        <span className="z-head-note">
          <LoadedNote keyset={keyset} />
        </span>
        {may ? (
          <Popconfirm
            title={t("runs.startAsk")}
            onConfirm={() =>
              start.mutate(undefined, {
                onSuccess: () => told.done(t("runs.queued")),
                onError: told.failed,
              })
            }
          >
            <Button size="small" icon={<PlayCircleOutlined />} loading={start.isPending}>
              {t("runs.start")}
            </Button>
          </Popconfirm>
        ) : null}
      </div>
      <KeysetTable<RunBrief>
        keyset={keyset}
        rowKey="id"
        columns={useColumns()}
        empty={{ title: t("runs.empty"), hint: t("runs.emptyHint") }}
        expandable={{
          columnTitle: <span className="z-unseen">{t("runs.steps")}</span>,
          expandedRowRender: (run) => <Steps steps={run.steps} />,
          defaultExpandedRowKeys: keyset.items.slice(0, 1).map((run) => run.id),
          expandRowByClick: true,
        }}
      />
    </>
  );
}

function useColumns(): TableProps<RunBrief>["columns"] {
  const { t } = useI18n();
  return [
    { key: "id", title: t("runs.number"), dataIndex: "id", width: 80, className: "z-num" },
    { key: "as_of", title: t("runs.asOf"), width: 160, render: (_, r) => <When at={r.as_of} /> },
    {
      key: "state",
      title: t("field.state"),
      width: 110,
      render: (_, r) => <State group="runState" state={r.state} />,
    },
    {
      key: "started",
      title: t("runs.started"),
      width: 160,
      render: (_, r) => <When at={r.started_at} />,
    },
    {
      key: "seconds",
      title: t("runs.seconds"),
      width: 100,
      align: "right",
      className: "z-num",
      render: (_, r) =>
        typeof r.seconds === "number" ? number(Math.round(r.seconds * 10) / 10) : "–",
    },
    {
      key: "steps",
      title: t("runs.steps"),
      render: (_, r) =>
        t("runs.stepsDone", {
          n: r.steps.filter((s) => s.state === "done").length,
          of: r.steps.length,
        }),
    },
  ];
}

function Steps({ steps }: { steps: RunStep[] }) {
  const { term, text } = useI18n();
  return (
    <table className="z-exposures">
      <tbody>
        {steps.map((step) => (
          <tr key={step.name}>
            <td>{term("step", step.name)}</td>
            <td>
              <State group="runState" state={step.state} />
            </td>
            <td className="z-num">
              {typeof step.seconds === "number"
                ? `${number(Math.round(step.seconds * 10) / 10)} s`
                : "–"}
            </td>
            <td>
              {step.error ? (
                <span className="z-worse">{text(step.error)}</span>
              ) : (
                <Summary summary={step.summary} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
