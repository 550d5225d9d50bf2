import { Button } from "antd";
import { useState } from "react";
import { idempotencyKey } from "@/api/client.ts";
import type { MergeItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { ReasonModal } from "@/shared/ui/ReasonModal.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { PersonWords, spoken } from "./PersonWords.tsx";
import { useMerges, useSplit } from "./queries.ts";

/** What was merged and separated, by whom and why; a merge that stands can be undone. */
export function Merges() {
  const { t, term } = useI18n();
  const { asOf } = useView();
  const keyset = useMerges();
  const [undoing, setUndoing] = useState<MergeItem | null>(null);
  return (
    <section className="z-inquiries">
      <h2 className="z-sub">{t("persons.past")}</h2>
      <KeysetTable<MergeItem>
        keyset={keyset}
        rowKey="id"
        empty={{ title: t("persons.pastNone"), hint: t("persons.pastNoneHint") }}
        columns={[
          { key: "at", title: t("audit.at"), render: (_, m) => <When at={m.at} /> },
          { key: "what", title: t("changes.what"), render: (_, m) => term("mergeWhat", m.what) },
          {
            key: "keep",
            title: t("persons.kept"),
            render: (_, m) => <PersonWords person={m.keep} />,
          },
          {
            key: "other",
            title: t("persons.into"),
            render: (_, m) => <PersonWords person={m.other} />,
          },
          { key: "reason", title: t("persons.why"), className: "z-wrap", dataIndex: "reason" },
          { key: "by", title: t("audit.actor"), render: (_, m) => term("actor", m.by) },
          {
            key: "do",
            title: "",
            align: "right",
            render: (_, m) =>
              m.stands && !asOf ? (
                <Button size="small" onClick={() => setUndoing(m)}>
                  {t("persons.split")}
                </Button>
              ) : m.what === "merged" && !m.stands ? (
                <span className="z-none">{t("persons.undone")}</span>
              ) : null,
          },
        ]}
      />
      {undoing ? <Undo key={undoing.id} merge={undoing} close={() => setUndoing(null)} /> : null}
    </section>
  );
}

function Undo({ merge, close }: { merge: MergeItem; close: () => void }) {
  const { t } = useI18n();
  const told = useTold();
  const split = useSplit();
  const [key] = useState(idempotencyKey);
  const send = (reason: string) =>
    split.mutate(
      { id: merge.id, reason, key },
      {
        onSuccess: () => {
          told.done(t("persons.splitDone"));
          close();
        },
        onError: told.failed,
      },
    );
  return (
    <ReasonModal
      open
      title={t("persons.split")}
      reach={t("persons.splitReach", { keep: spoken(merge.keep), other: spoken(merge.other) })}
      label={t("persons.splitReason")}
      required
      confirm={t("persons.split")}
      busy={split.isPending}
      close={close}
      done={send}
    />
  );
}
