import { ExperimentOutlined } from "@ant-design/icons";
import { Button, type TableProps, Tooltip } from "antd";
import type { SelfTest } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterBox } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { Day, When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useRunSelfTests, useSelfTests } from "./queries.ts";

/** Synthetic outbreaks put into a copy of the counts: when each was found, or that it was missed. */
export function SelfTests() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["missed"] as const);
  const keyset = useSelfTests(Boolean(filters.missed));
  return (
    <>
      <h2 className="z-sub">{t("selftest.title")}</h2>
      <div className="z-filters">
        <FilterBox
          label={t("selftest.missedOnly")}
          value={filters.missed}
          choose={(missed) => setFilters({ missed })}
        />
        <Run />
        <span className="z-hint">{t("selftest.means")}</span>
      </div>
      <KeysetTable<SelfTest>
        keyset={keyset}
        rowKey="id"
        columns={useColumns()}
        empty={{
          title: t(filters.missed ? "selftest.noneMissed" : "selftest.none"),
          hint: t("selftest.noneHint"),
        }}
      />
    </>
  );
}

function Run() {
  const { t } = useI18n();
  const may = useMay("run.start");
  const { asOf } = useView();
  const told = useTold();
  const run = useRunSelfTests();
  if (!may) return null;
  return (
    <Button
      size="small"
      icon={<ExperimentOutlined />}
      disabled={asOf !== null}
      loading={run.isPending}
      onClick={() =>
        run.mutate(undefined, {
          onSuccess: ({ week }) => told.done(t("selftest.queued", { week })),
          onError: told.failed,
        })
      }
    >
      {t("selftest.run")}
    </Button>
  );
}

function useColumns(): TableProps<SelfTest>["columns"] {
  const { t, term } = useI18n();
  const right = { align: "right" as const, className: "z-num" };
  return [
    {
      key: "synthetic",
      title: t("selftest.kind"),
      render: () => (
        <Tooltip title={t("selftest.syntheticHint")}>
          <b className="z-imputed">{t("mark.synthetic")}</b>
        </Tooltip>
      ),
    },
    { key: "at", title: t("selftest.at"), render: (_, s) => <When at={s.at} short /> },
    { key: "unit", title: t("sources.county"), render: (_, s) => s.unit.name },
    {
      key: "streams",
      title: t("signal.stream"),
      render: (_, s) => s.streams.map((one) => term("stream", one)).join(t("list.comma")),
    },
    { key: "start", title: t("selftest.start"), render: (_, s) => <Day on={s.start} /> },
    { key: "days", title: t("selftest.days"), ...right, render: (_, s) => number(s.days) },
    { key: "size", title: t("selftest.size"), ...right, render: (_, s) => number(s.size) },
    {
      key: "sd",
      title: t("selftest.sd"),
      ...right,
      render: (_, s) => number(Math.round(s.size_sd * 10) / 10),
    },
    { key: "found", title: t("selftest.found"), render: (_, s) => <Found after={s} /> },
    {
      key: "method",
      title: t("signal.method"),
      render: (_, s) => term("signalMethod", s.method),
    },
  ];
}

function Found({ after }: { after: SelfTest }) {
  const { t } = useI18n();
  const n = after.found_after_days;
  if (n === null) return <b className="z-worse">✕ {t("selftest.missed")}</b>;
  return <span>✓ {n === 0 ? t("selftest.sameDay") : t("selftest.afterDays", { n })}</span>;
}
