import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useNavigate } from "react-router";
import type { SignalGroup } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useNow } from "@/shared/view/session.tsx";
import type { Keyset } from "@/shared/view/useKeyset.ts";
import { useView } from "@/shared/view/useView.ts";
import { BulkBar } from "./BulkBar.tsx";
import { GroupAct } from "./GroupAct.tsx";
import { useGroupColumns } from "./groupColumns.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import { OutcomeNote } from "./OutcomeNote.tsx";
import { useGroups, useSignal, useSignalClocks } from "./queries.ts";
import { SignalFilters, useNarrowed } from "./SignalFilters.tsx";
import { useTriage } from "./useTriage.ts";

/** One outbreak a row, the worst first; marked, taken, dismissed and silenced by keys alone. */
export function GroupList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const { filters, narrowed } = useNarrowed();
  const { to } = useView();
  const go = useNavigate();
  const keyset = useGroups(narrowed);
  const clocks = useSignalClocks();
  const narrow = useNarrow();
  const here = useSignal(chosen).data?.group.id;
  const open = (row: SignalGroup) => void go(to(`/signals/${row.top.id}`, filters));
  const desk = useTriage(keyset.items, here, open);
  return (
    <section className="z-list">
      <DeskTabs desk="signals" note={<Note keyset={keyset} />}>
        <KeysButton open={() => desk.setHelp(true)} />
      </DeskTabs>
      <SignalFilters />
      <BulkBar
        marked={desk.marked}
        may={desk.may}
        act={(what) => desk.act(what, desk.marked)}
        clear={() => desk.setMarks([])}
      />
      {desk.outcome ? <OutcomeNote outcome={desk.outcome} close={desk.forget} /> : null}
      <KeysetTable<SignalGroup>
        keyset={keyset}
        rowKey="id"
        columns={useGroupColumns(chosen !== null || narrow, clocks.data)}
        chosen={here}
        open={open}
        marked={{
          keys: desk.marks,
          mark: (keys) => desk.setMarks(keys.map(Number)),
          label: t("signals.mark"),
        }}
        empty={{ title: t("signals.empty"), hint: t("signals.emptyHint") }}
      />
      {desk.doing ? <GroupAct {...desk.doing} close={desk.close} done={desk.done} /> : null}
      <KeyHelp open={desk.help} close={() => desk.setHelp(false)} />
    </section>
  );
}

function KeysButton({ open }: { open: () => void }) {
  const { t } = useI18n();
  return (
    <Tooltip title={t("signals.keys")}>
      <Button
        type="text"
        size="small"
        aria-label={t("signals.keys")}
        icon={<QuestionCircleOutlined />}
        onClick={open}
      />
    </Tooltip>
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
