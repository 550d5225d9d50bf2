import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useNavigate, useParams } from "react-router";
import type { Key } from "@/shared/i18n/catalogue.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { PageHead } from "@/shared/ui/ListPage.tsx";
import { NotFound } from "@/shared/ui/NotFound.tsx";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { Audit } from "./Audit.tsx";
import { Feeds } from "./Feeds.tsx";
import { Packs } from "./packs/Packs.tsx";
import { Runs } from "./Runs.tsx";
import { Users } from "./Users.tsx";

interface Part {
  key: string;
  name: Key;
  permission: string;
  show: () => ReactNode;
}
const PARTS: readonly Part[] = [
  { key: "runs", name: "admin.runs", permission: "run.read", show: () => <Runs /> },
  { key: "feeds", name: "admin.feeds", permission: "feed.read", show: () => <Feeds /> },
  { key: "packs", name: "admin.packs", permission: "pack.read", show: () => <Packs /> },
  { key: "audit", name: "admin.audit", permission: "audit.read", show: () => <Audit /> },
  { key: "users", name: "admin.users", permission: "user.manage", show: () => <Users /> },
];

export function Admin() {
  const { t } = useI18n();
  const { permissions } = useSession();
  const asked = useParams().part;
  const { to } = useView();
  const go = useNavigate();
  const parts = PARTS.filter((part) => permissions.includes(part.permission));
  const shown = asked === undefined ? parts[0] : parts.find((part) => part.key === asked);
  return (
    <section className="z-page z-list">
      <PageHead title={t("desk.admin")} />
      <Tabs
        size="small"
        className="z-tabs"
        activeKey={shown?.key ?? ""}
        onChange={(key) => void go(to(`/admin/${key}`))}
        items={parts.map((part) => ({ key: part.key, label: t(part.name) }))}
      />
      {shown ? shown.show() : <NotFound back="/admin" name={t("desk.admin")} />}
    </section>
  );
}
