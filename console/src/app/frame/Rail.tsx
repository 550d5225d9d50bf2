import {
  AlertOutlined,
  ApartmentOutlined,
  BellOutlined,
  CarOutlined,
  CheckSquareOutlined,
  ExperimentOutlined,
  FieldTimeOutlined,
  GlobalOutlined,
  IdcardOutlined,
  InboxOutlined,
  NodeIndexOutlined,
  SettingOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { NavLink, useLocation } from "react-router";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useNarrow } from "@/shared/ui/useMedia.ts";
import { useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { desksFor, inHand } from "../desks.ts";
import { useBadges } from "./useBadges.ts";

const ICONS: Readonly<Record<string, ReactNode>> = {
  "/situation": <GlobalOutlined />,
  "/decisions": <CheckSquareOutlined />,
  "/clocks": <FieldTimeOutlined />,
  "/findings": <FieldTimeOutlined />,
  "/directives": <ApartmentOutlined />,
  "/cases": <IdcardOutlined />,
  "/contacts": <TeamOutlined />,
  "/codes": <TeamOutlined />,
  "/tracing": <NodeIndexOutlined />,
  "/letters": <NodeIndexOutlined />,
  "/signals": <BellOutlined />,
  "/sources": <BellOutlined />,
  "/zones": <AlertOutlined />,
  "/resources": <InboxOutlined />,
  "/dispatch": <CarOutlined />,
  "/dispatch/jobs": <CarOutlined />,
  "/whatif": <ExperimentOutlined />,
  "/drills": <ExperimentOutlined />,
  "/admin": <SettingOutlined />,
};

/** The desks one's posts allow; a badge counts what waits for me. */
export function Rail() {
  const { t } = useI18n();
  const { permissions } = useSession();
  const { to } = useView();
  const badges = useBadges();
  const { pathname } = useLocation();
  const narrow = useNarrow();
  const desks = desksFor(permissions);
  return (
    <nav className="z-rail" aria-label={t("rail.label")}>
      {(narrow ? inHand(desks, permissions) : desks).map(({ path, name, beside }) => {
        const waiting = badges[path];
        const near = beside?.some((one) => pathname.startsWith(one.path)) ?? false;
        return (
          <NavLink
            key={path}
            to={to(path)}
            className={({ isActive }) => (isActive || near ? "active" : "")}
          >
            <span className="z-rail-icon">
              {ICONS[path]}
              {waiting ? (
                <sup className="z-badge">
                  {waiting.more ? `${waiting.count}+` : number(waiting.count)}
                </sup>
              ) : null}
            </span>
            {t(name)}
          </NavLink>
        );
      })}
    </nav>
  );
}
