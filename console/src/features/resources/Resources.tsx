import { Tabs } from "antd";
import { useNavigate, useParams } from "react-router";
import { useI18n } from "@/shared/i18n/context.tsx";
import { DeskTabs } from "@/shared/ui/DeskTabs.tsx";
import { KeysetTable } from "@/shared/ui/KeysetTable.tsx";
import { LoadedNote } from "@/shared/ui/ListPage.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { useView } from "@/shared/view/useView.ts";
import { useColumns } from "./columns.tsx";
import { type Items, KINDS, type Kind, useResources } from "./queries.ts";

/** What the headquarters has: each list is the latest report of each thing. */
export function Resources() {
  const { t, term } = useI18n();
  const asked = useParams().kind;
  const kind = asked === undefined ? "sites" : KINDS.find((one) => one === asked);
  const { to } = useView();
  const go = useNavigate();
  return (
    <section className="z-page z-list">
      <DeskTabs desk="resources" />
      <Tabs
        size="small"
        className="z-tabs"
        activeKey={kind ?? ""}
        onChange={(key) => void go(to(`/resources/${key}`))}
        items={KINDS.map((key) => ({ key, label: term("resource", key) }))}
      />
      {kind ? (
        <ResourceTable key={kind} kind={kind} />
      ) : (
        <NotFound back="/resources" name={t("desk.resources")} />
      )}
    </section>
  );
}

function ResourceTable<K extends Kind>({ kind }: { kind: K }) {
  const { t } = useI18n();
  const keyset = useResources(kind);
  const columns = useColumns()[kind];
  return (
    <>
      <p className="z-head-note">
        <LoadedNote keyset={keyset} />
      </p>
      <KeysetTable<Items[K]>
        keyset={keyset}
        rowKey={"id" as keyof Items[K] & string}
        columns={columns}
        empty={
          kind === "prices"
            ? { title: t("price.quiet"), hint: t("price.quietHint") }
            : { title: t("resources.empty"), hint: t("resources.emptyHint") }
        }
      />
    </>
  );
}
