import { Button, type TableProps } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { RoundItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { Period, When } from "@/shared/ui/marks.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { OpenDialog } from "./OpenDialog.tsx";
import { useRounds } from "./queries.ts";
import { RoundPage } from "./RoundPage.tsx";

/** Rounds of testing, and one of them as it goes. */
export function Rounds() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/rounds"
      name={t("desk.rounds")}
      list={(chosen) => <RoundList chosen={chosen} />}
      detail={(id) => <RoundPage id={id} />}
      listSize="46%"
    />
  );
}

function RoundList({ chosen }: { chosen: number | null }) {
  const { t } = useI18n();
  const { to, asOf } = useView();
  const go = useNavigate();
  const keyset = useRounds();
  const may = useMay("resource.write") && !asOf;
  const [opening, setOpening] = useState(false);
  const columns: TableProps<RoundItem>["columns"] = [
    { key: "title", title: t("rounds.title"), render: (_, one) => one.title },
    { key: "unit", title: t("field.unit"), render: (_, one) => one.unit.name },
    {
      key: "hours",
      title: t("rounds.hours"),
      render: (_, one) => <Period from={one.opens_at} to={one.closes_at} />,
    },
    { key: "due", title: t("rounds.due"), render: (_, one) => <When at={one.due_at} short /> },
  ];
  return (
    <section className="z-list">
      <DeskTabs desk="resources" note={<LoadedNote keyset={keyset} />}>
        {may ? (
          <Button size="small" onClick={() => setOpening(true)}>
            {t("rounds.open")}
          </Button>
        ) : null}
      </DeskTabs>
      <KeysetTable<RoundItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => void go(to(`/rounds/${row.id}`))}
        empty={{ title: t("rounds.empty"), hint: t("rounds.emptyHint") }}
      />
      {opening ? <OpenDialog close={() => setOpening(false)} /> : null}
    </section>
  );
}
