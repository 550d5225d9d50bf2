import type { Inquiry } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useInquiries } from "./queries.ts";

/** What was asked before, by whom and what for; nobody can take it back. */
export function Inquiries() {
  const { t, term, text } = useI18n();
  const keyset = useInquiries();
  return (
    <section className="z-inquiries">
      <h2 className="z-sub">{t("tracing.past")}</h2>
      <KeysetTable<Inquiry>
        keyset={keyset}
        rowKey="id"
        empty={{ title: t("tracing.pastNone"), hint: t("tracing.pastNoneHint") }}
        columns={[
          { key: "at", title: t("audit.at"), render: (_, q) => <When at={q.at} /> },
          {
            key: "by",
            title: t("audit.actor"),
            render: (_, q) => (
              <>
                {term("actor", q.by)} <small>{q.unit.name}</small>
              </>
            ),
          },
          {
            key: "question",
            title: t("tracing.which"),
            render: (_, q) => term("question", q.question),
          },
          { key: "subject", title: t("tracing.about"), render: (_, q) => text(q.subject) },
          {
            key: "purpose",
            title: t("identity.purpose"),
            render: (_, q) => term("purpose", q.purpose),
          },
          { key: "note", title: t("purpose.note"), className: "z-wrap", dataIndex: "note" },
        ]}
      />
    </section>
  );
}
