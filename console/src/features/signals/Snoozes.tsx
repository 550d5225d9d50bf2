import { Button, type TableProps } from "antd";
import { useNavigate } from "react-router";
import type { Snooze } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Grade, When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useSnoozes, useWake } from "./queries.ts";
import { SignalFilters } from "./SignalFilters.tsx";

/** What is silenced now: by whom, why, until when; and the way to hear it again. */
export function Snoozes({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const keyset = useSnoozes();
  const row = keyset.items.find((one) => one.signal_id === chosen);
  return (
    <section className="z-list">
      <DeskTabs desk="signals" note={<LoadedNote keyset={keyset} />} />
      <SignalFilters />
      <KeysetTable<Snooze>
        keyset={keyset}
        rowKey="id"
        columns={useColumns(chosen !== null)}
        chosen={row?.id}
        open={(one) => void go(to(`/signals/${one.signal_id}`, { shown: "snoozed" }))}
        empty={{ title: t("snoozes.empty"), hint: t("snoozes.emptyHint") }}
      />
    </section>
  );
}

function useColumns(beside: boolean): TableProps<Snooze>["columns"] {
  const { t, term } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  const columns: NonNullable<TableProps<Snooze>["columns"]> = [
    { key: "unit", title: t("field.unit"), render: (_, s) => s.unit.name },
    { key: "stream", title: t("signal.stream"), render: (_, s) => term("stream", s.stream) },
    { key: "grade", title: t("snoozes.upTo"), render: (_, s) => <Grade grade={s.grade} /> },
    {
      key: "until",
      title: t("snoozes.until"),
      render: (_, s) => (
        <>
          <When at={s.until} short /> <small>{due(s.until, now)}</small>
        </>
      ),
    },
  ];
  if (!beside)
    columns.push(
      {
        key: "reason",
        title: t("decision.reason"),
        className: "z-wrap",
        render: (_, s) => s.reason,
      },
      { key: "by", title: t("snoozes.by"), render: (_, s) => s.by },
      { key: "at", title: t("snoozes.at"), render: (_, s) => <When at={s.made_at} short /> },
    );
  const title = <span className="z-unseen">{t("field.act")}</span>;
  return [...columns, { key: "wake", title, render: (_, s) => <Wake snooze={s} /> }];
}

function Wake({ snooze }: { snooze: Snooze }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("signal.handle");
  const told = useTold();
  const wake = useWake();
  return (
    <Button
      size="small"
      disabled={!may || asOf !== null}
      loading={wake.isPending}
      onClick={(event) => {
        event.stopPropagation();
        wake.mutate(snooze.signal_id, {
          onSuccess: () => told.done(t("snoozes.woken")),
          onError: told.failed,
        });
      }}
    >
      {t("signal.wake")}
    </Button>
  );
}
