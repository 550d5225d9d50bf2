import { Button } from "antd";
import type { ContactChange } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useChanges } from "./queries.ts";

const SIGN: Readonly<Record<string, string>> = { added: "+", removed: "−", changed: "~" };

/** Who came onto the list, who left it, and why; newest first. */
export function Changes({ caseId, open }: { caseId: number; open: (contact: number) => void }) {
  const { t, term, text } = useI18n();
  const keyset = useChanges(caseId);
  return (
    <KeysetTable<ContactChange>
      keyset={keyset}
      rowKey="id"
      empty={{ title: t("changes.empty"), hint: t("changes.emptyHint") }}
      columns={[
        { key: "at", title: t("audit.at"), width: 150, render: (_, c) => <When at={c.at} /> },
        {
          key: "what",
          title: t("changes.what"),
          width: 110,
          render: (_, c) => (
            <span className={`z-change z-change-${c.what}`}>
              <b aria-hidden="true">{SIGN[c.what]}</b> {term("changeWhat", c.what)}
            </span>
          ),
        },
        {
          key: "contact",
          title: t("contact.name"),
          width: 220,
          render: (_, c) =>
            c.contact ? (
              <span className="z-row">
                <Button
                  size="small"
                  type="link"
                  className="z-inline"
                  onClick={() => c.contact && open(c.contact.id)}
                >
                  {c.contact.masked_name}
                </Button>
                <small>{term("degree", String(c.contact.degree))}</small>
                <span>{c.contact.unit.name}</span>
              </span>
            ) : (
              <span className="z-none">–</span>
            ),
        },
        {
          key: "reason",
          title: t("changes.why"),
          className: "z-wrap",
          render: (_, c) => text(c.reason),
        },
      ]}
    />
  );
}
