import { Segmented } from "antd";
import { useState } from "react";
import type { ContactItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useContactColumns } from "./contactColumns.tsx";
import { ExposureRows } from "./ExposureRows.tsx";
import { useCaseContacts } from "./queries.ts";

/** Whom the case met; each row opens to its evidence. */
export function CaseContacts({ caseId }: { caseId: number }) {
  const { t } = useI18n();
  return useMay("contact.read") ? (
    <Contacts caseId={caseId} />
  ) : (
    <p className="z-hint">{t("contacts.mayNot")}</p>
  );
}

function Contacts({ caseId }: { caseId: number }) {
  const { t, term } = useI18n();
  const [degree, setDegree] = useState(0);
  const keyset = useCaseContacts(caseId, degree ? { degree } : {});
  const columns = useContactColumns<ContactItem>();
  return (
    <section className="z-list">
      <header className="z-row z-contacts-head">
        <h3>
          {t("desk.contacts")} <small>{<LoadedNote keyset={keyset} />}</small>
        </h3>
        <Segmented
          size="small"
          value={degree}
          onChange={setDegree}
          options={[0, 1, 2].map((value) => ({
            value,
            label: value ? term("degree", String(value)) : t("filter.all"),
          }))}
        />
      </header>
      <KeysetTable<ContactItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        empty={{ title: t("contacts.none"), hint: t("contacts.noneHint") }}
        expandable={{
          expandedRowRender: (row) => <ExposureRows contact={row} />,
          rowExpandable: (row) => row.exposures.length > 0,
          expandRowByClick: true,
        }}
      />
    </section>
  );
}
