import { Button, type TableProps } from "antd";
import { useState } from "react";
import type { Break } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterBox } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Day, When } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { BreakDialog } from "./BreakDialog.tsx";
import { useBreaks, useRemoveBreak } from "./queries.ts";

/** From which day on a stream counts something else, and who said so. */
export function Breaks() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters(["removed"] as const);
  const { asOf } = useView();
  const may = useMay("signal.handle") && asOf === null;
  const keyset = useBreaks(Boolean(filters.removed));
  const [marking, setMarking] = useState(false);
  const [removing, setRemoving] = useState<Break | null>(null);
  return (
    <section className="z-page z-list">
      <DeskTabs desk="signals" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <Button size="small" type="primary" disabled={!may} onClick={() => setMarking(true)}>
          {t("break.mark")}
        </Button>
        <FilterBox
          label={t("break.withRemoved")}
          value={filters.removed}
          choose={(removed) => setFilters({ removed })}
        />
        <span className="z-hint">
          {may ? t("break.means") : t(asOf ? "signals.past" : "signals.mayNot")}
        </span>
      </div>
      <KeysetTable<Break>
        keyset={keyset}
        rowKey="id"
        columns={useColumns(may ? setRemoving : null)}
        empty={{ title: t("break.none"), hint: t("break.noneHint") }}
      />
      {marking ? <BreakDialog close={() => setMarking(false)} /> : null}
      {removing ? <Remove one={removing} close={() => setRemoving(null)} /> : null}
    </section>
  );
}

function Remove({ one, close }: { one: Break; close: () => void }) {
  const { t, term } = useI18n();
  const told = useTold();
  const remove = useRemoveBreak();
  const stream = one.stream ? term("stream", one.stream) : t("break.every");
  return (
    <ReasonModal
      open
      title={t("break.remove")}
      reach={t("break.removeReach", { unit: one.unit.name, stream, day: one.day })}
      label={t("break.removeWhy")}
      required
      confirm={t("break.remove")}
      busy={remove.isPending}
      close={close}
      done={(reason) =>
        remove.mutate({ id: one.id, reason }, { onSuccess: close, onError: told.failed })
      }
    />
  );
}

function useColumns(remove: ((one: Break) => void) | null): TableProps<Break>["columns"] {
  const { t, term } = useI18n();
  return [
    { key: "day", title: t("break.day"), render: (_, b) => <Day on={b.day} /> },
    { key: "unit", title: t("field.unit"), render: (_, b) => b.unit.name },
    {
      key: "stream",
      title: t("signal.stream"),
      render: (_, b) => (b.stream ? term("stream", b.stream) : t("break.every")),
    },
    {
      key: "reason",
      title: t("decision.reason"),
      className: "z-wrap",
      render: (_, b) => b.reason,
    },
    { key: "by", title: t("snoozes.by"), render: (_, b) => b.by },
    { key: "made", title: t("break.made"), render: (_, b) => <When at={b.made_at} short /> },
    {
      key: "removed",
      title: t("field.state"),
      className: "z-wrap",
      render: (_, b) =>
        b.removed_at ? (
          <>
            {t("break.removed")} <When at={b.removed_at} short />{" "}
            <small>
              {b.removed_by} {b.removed_reason}
            </small>
          </>
        ) : (
          t("break.stands")
        ),
    },
    {
      key: "act",
      title: <span className="z-unseen">{t("field.act")}</span>,
      render: (_, b) =>
        remove && !b.removed_at ? (
          <Button size="small" onClick={() => remove(b)}>
            {t("break.remove")}
          </Button>
        ) : null,
    },
  ];
}
