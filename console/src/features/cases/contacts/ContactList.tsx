import { useMemo } from "react";
import type { ContactItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { FilterBox, FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { recordId } from "@/shared/view/useRecordId.ts";
import { useFilters } from "@/shared/view/useView.ts";
import { ViewLink } from "@/shared/view/ViewLink.tsx";
import { useContacts } from "../queries.ts";
import { ContactDrawer } from "./ContactDrawer.tsx";
import { useContactColumns } from "./contactColumns.tsx";
import { CONTACT_STATES } from "./kinds.ts";

/** All contacts of the scope, with the case each belongs to. */
export function ContactList() {
  const { t } = useI18n();
  const [filters, setFilters] = useFilters([
    "degree",
    "state",
    "persons",
    "to_isolate",
    "contact",
  ] as const);
  const chosen = recordId(filters.contact);
  const degree = Number(filters.degree);
  const keyset = useContacts({
    ...(degree ? { degree } : {}),
    ...(filters.state ? { state: filters.state } : {}),
    ...(filters.persons ? { persons: true } : {}),
    ...(filters.to_isolate ? { to_isolate: true } : {}),
  });
  const shared = useContactColumns<ContactItem>();
  const columns = useMemo(
    () => [
      {
        key: "case",
        title: t("search.case"),
        render: (_: unknown, row: ContactItem) => (
          <ViewLink path={`/cases/${row.case.id}`}>{row.case.case_no}</ViewLink>
        ),
      },
      ...shared,
    ],
    [shared, t],
  );
  return (
    <section className="z-page z-list">
      <DeskTabs desk="contacts" note={<LoadedNote keyset={keyset} />} />
      <div className="z-filters">
        <FilterSelect
          any={t("contact.anyDegree")}
          group="degree"
          codes={["1", "2"]}
          value={filters.degree}
          choose={(degree) => setFilters({ degree })}
        />
        <FilterSelect
          any={t("filter.anyState")}
          group="contactState"
          codes={CONTACT_STATES}
          value={filters.state}
          choose={(state) => setFilters({ state })}
        />
        <FilterBox
          label={t("contact.persons")}
          value={filters.persons}
          choose={(persons) => setFilters({ persons })}
        />
        <FilterBox
          label={t("contact.toIsolate")}
          value={filters.to_isolate}
          choose={(to_isolate) => setFilters({ to_isolate })}
        />
      </div>
      <KeysetTable<ContactItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        empty={{ title: t("contacts.empty"), hint: t("list.widen") }}
        chosen={typeof chosen === "number" ? chosen : undefined}
        open={(row) => setFilters({ contact: String(row.id) })}
      />
      <ContactDrawer
        id={typeof chosen === "number" ? chosen : null}
        close={() => setFilters({ contact: null })}
      />
    </section>
  );
}
