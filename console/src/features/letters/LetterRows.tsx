import { Table } from "antd";
import type { LetterRow } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Day, Period, Rule } from "@/shared/ui/marks.tsx";

/** Whom to find, masked, as each was when the letter was made. */
export function LetterRows({ rows }: { rows: readonly LetterRow[] }) {
  const { t, term, text } = useI18n();
  return (
    <div className="z-table">
      <Table<LetterRow>
        size="small"
        pagination={false}
        scroll={{ x: 560 }}
        dataSource={rows}
        rowKey="contact_id"
        rowClassName={(row) => (row.dropped ? "z-row-out" : "")}
        columns={[
          {
            key: "name",
            title: t("contact.name"),
            render: (_, row) => (
              <>
                {row.masked_name} <small>{term("degree", String(row.degree))}</small>{" "}
                {row.change === "new" ? null : (
                  <span className="z-tag">{term("letterChange", row.change)}</span>
                )}
              </>
            ),
          },
          {
            key: "unit",
            title: t("case.unit"),
            className: "z-wrap z-wrap-narrow",
            render: (_, row) => row.unit.name,
          },
          {
            key: "kind",
            title: t("contact.kind"),
            className: "z-wrap z-wrap-narrow",
            render: (_, row) => (
              <>
                {term("contactKind", row.kind)} <Rule id={row.rule_id} />
              </>
            ),
          },
          {
            key: "when",
            title: t("letter.exposed"),
            className: "z-wrap z-wrap-narrow",
            render: (_, row) => <Period from={row.first_exposure} to={row.last_exposure} />,
          },
          {
            key: "places",
            title: t("letter.places"),
            className: "z-wrap z-wrap-narrow",
            render: (_, row) => row.places.join(" · "),
          },
          {
            key: "measure",
            title: t("letter.measure"),
            className: "z-wrap",
            render: (_, row) => (
              <>
                {text(row.dropped ?? row.measure)}{" "}
                {row.release_on ? (
                  <small>
                    {t("contact.release")} <Day on={row.release_on} />
                  </small>
                ) : null}
              </>
            ),
          },
        ]}
      />
    </div>
  );
}
