import { PlusOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useState } from "react";
import type { ContactItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { FilterSelect } from "@/shared/ui/filters.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { useMay } from "@/shared/view/session.tsx";
import { useFilters, useView } from "@/shared/view/useView.ts";
import { useCaseContacts } from "../queries.ts";
import { useContactColumns } from "./contactColumns.tsx";
import { CONTACT_STATES } from "./kinds.ts";
import { NameContact } from "./NameContact.tsx";

interface Props {
  caseId: number;
  chosen: number | null;
  open: (contact: number) => void;
}

/** Whom the case met; a row opens to its evidence beside the list. */
export function CaseContacts({ caseId, chosen, open }: Props) {
  const { t } = useI18n();
  const [{ degree, state }, setFilters] = useFilters(["degree", "state"] as const);
  const keyset = useCaseContacts(caseId, {
    ...(degree ? { degree: Number(degree) } : {}),
    ...(state ? { state } : {}),
  });
  const columns = useContactColumns<ContactItem>();
  return (
    <section className="z-list">
      <header className="z-row z-contacts-head">
        <span className="z-head-note">
          <LoadedNote keyset={keyset} />
        </span>
        <Narrowing degree={degree} state={state} change={setFilters} />
        <ByHand caseId={caseId} />
      </header>
      <KeysetTable<ContactItem>
        keyset={keyset}
        rowKey="id"
        columns={columns}
        chosen={chosen ?? undefined}
        open={(row) => open(row.id)}
        empty={{ title: t("contacts.none"), hint: t("contacts.noneHint") }}
      />
    </section>
  );
}

function Narrowing({
  degree,
  state,
  change,
}: {
  degree: string | undefined;
  state: string | undefined;
  change: (params: { degree?: string | null; state?: string | null }) => void;
}) {
  const { t, term } = useI18n();
  return (
    <>
      <Segmented
        size="small"
        aria-label={t("contact.degree")}
        value={degree ?? ""}
        onChange={(value) => change({ degree: value || null })}
        options={["", "1", "2"].map((value) => ({
          value,
          label: value ? term("degree", value) : t("filter.all"),
        }))}
      />
      <FilterSelect
        any={t("filter.anyState")}
        group="contactState"
        codes={CONTACT_STATES}
        value={state}
        choose={(state) => change({ state })}
      />
    </>
  );
}

function ByHand({ caseId }: { caseId: number }) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("contact.decide");
  const [naming, setNaming] = useState(false);
  if (!may || asOf) return null;
  return (
    <>
      <Button
        size="small"
        className="z-push"
        icon={<PlusOutlined />}
        onClick={() => setNaming(true)}
      >
        {t("contact.byHand")}
      </Button>
      {naming ? <NameContact caseId={caseId} close={() => setNaming(false)} /> : null}
    </>
  );
}
