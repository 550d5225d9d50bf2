import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { SignalGroup } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useNarrow } from "@/shared/ui/useNarrow.ts";
import { useMay, useNow } from "@/shared/view/session.tsx";
import type { Keyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { BulkBar } from "./BulkBar.tsx";
import { GroupAct, type GroupWhat } from "./GroupAct.tsx";
import { useGroupColumns } from "./groupColumns.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import { type Outcome, OutcomeNote } from "./OutcomeNote.tsx";
import { useGroups, useSignal, useSignalClocks } from "./queries.ts";
import { SignalFilters, useNarrowed } from "./SignalFilters.tsx";
import { useTriageKeys } from "./useTriageKeys.ts";

/** One outbreak a row, the worst first; marked, taken, dismissed and silenced by keys alone. */
export function GroupList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const go = useNavigate();
  const { filters, narrowed } = useNarrowed();
  const keyset = useGroups(narrowed);
  const clocks = useSignalClocks();
  const narrow = useNarrow();
  const here = useSignal(chosen).data?.group.id;
  const may = useMay("signal.handle") && !asOf;
  const [marks, setMarks] = useState<readonly number[]>([]);
  const [doing, setDoing] = useState<{ what: GroupWhat; groups: SignalGroup[] } | null>(null);
  const [help, setHelp] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const marked = keyset.items.filter((one) => marks.includes(one.id));
  const open = (row: SignalGroup) => void go(to(`/signals/${row.top.id}`, filters));
  const act = (what: GroupWhat, groups: SignalGroup[]) => {
    if (may && groups.length) setDoing({ what, groups });
  };
  useTriageKeys(!doing && !help, {
    rows: keyset.items,
    chosen: here,
    marked,
    open,
    mark: (row) =>
      setMarks((before) =>
        before.includes(row.id) ? before.filter((id) => id !== row.id) : [...before, row.id],
      ),
    act,
    help: () => setHelp(true),
  });
  return (
    <section className="z-list">
      <DeskTabs desk="signals" note={<Note keyset={keyset} />}>
        <Tooltip title={t("signals.keys")}>
          <Button
            type="text"
            size="small"
            aria-label={t("signals.keys")}
            icon={<QuestionCircleOutlined />}
            onClick={() => setHelp(true)}
          />
        </Tooltip>
      </DeskTabs>
      <SignalFilters />
      <BulkBar
        marked={marked}
        may={may}
        act={(what) => act(what, marked)}
        clear={() => setMarks([])}
      />
      {outcome ? <OutcomeNote outcome={outcome} close={() => setOutcome(null)} /> : null}
      <KeysetTable<SignalGroup>
        keyset={keyset}
        rowKey="id"
        columns={useGroupColumns(chosen !== null || narrow, clocks.data)}
        chosen={here}
        open={open}
        marked={{
          keys: marks,
          mark: (keys) => setMarks(keys.map(Number)),
          label: t("signals.mark"),
        }}
        empty={{ title: t("signals.empty"), hint: t("signals.emptyHint") }}
      />
      {doing ? (
        <GroupAct
          {...doing}
          close={() => setDoing(null)}
          done={(told) => {
            setOutcome(told);
            setMarks([]);
          }}
        />
      ) : null}
      <KeyHelp open={help} close={() => setHelp(false)} />
    </section>
  );
}

/** How many are loaded, and how old the newest of them is. */
function Note({ keyset }: { keyset: Keyset<SignalGroup> }) {
  const { t } = useI18n();
  const { ago } = useFormat();
  const { asOf } = useView();
  const now = useNow();
  const newest = keyset.items
    .flatMap((one) => one.worst.map((s) => s.known_at))
    .sort()
    .at(-1);
  return (
    <>
      <LoadedNote keyset={keyset} />
      {newest
        ? ` · ${t("signals.newest", { ago: ago(newest, asOf ? Date.parse(asOf) : now) })}`
        : ""}
    </>
  );
}
