import { Tooltip } from "antd";
import { minute, monthDay } from "@/shared/format/time.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { LanguageSwitch } from "@/shared/ui/LanguageSwitch.tsx";
import { useNow, useSession } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { AsOfPicker } from "./AsOfPicker.tsx";
import { Bell } from "./Bell.tsx";
import { ScopeBar } from "./ScopeBar.tsx";
import { Search } from "./Search.tsx";
import { UserMenu } from "./UserMenu.tsx";

export function TopBar() {
  return (
    <header className="z-top">
      <Brand />
      <IncidentHead />
      <SyntheticMark />
      <AsOfPicker />
      <ScopeBar />
      <span className="z-top-space" />
      <Search />
      <Bell />
      <LanguageSwitch />
      <UserMenu />
    </header>
  );
}

function Brand() {
  const { t } = useI18n();
  return (
    <span className="z-brand">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <circle cx="16" cy="16" r="4" />
        <circle cx="16" cy="16" r="11" className="z-brand-ring" />
      </svg>
      <b>{t("app.name")}</b>
    </span>
  );
}

/** Incident, response level, mode and the period one is in. */
function IncidentHead() {
  const { incident, clock } = useSession();
  const { t, term, text } = useI18n();
  const { asOf } = useView();
  const now = useNow();
  if (!incident) return <span className="z-incident">{t("incident.none")}</span>;
  const until = asOf ?? clock.latest_as_of;
  return (
    <span className="z-incident">
      <span className="z-incident-name" title={text(incident.name)}>
        {text(incident.name)}
      </span>
      {incident.level ? (
        <b className="z-level">{t("incident.level", { level: term("level", incident.level) })}</b>
      ) : null}
      <b className={`z-mode z-mode-${incident.mode}`}>{term("mode", incident.mode)}</b>
      {until ? (
        <Tooltip
          title={t("incident.periodHint", {
            at: minute(until),
            now: minute(new Date(now).toISOString()),
          })}
        >
          <span className="z-period z-num">{t("incident.period", { day: monthDay(until) })}</span>
        </Tooltip>
      ) : null}
    </span>
  );
}

/** Always there while the data is synthetic; nobody may take it for the real thing. */
export function SyntheticMark() {
  const { incident } = useSession();
  const { t } = useI18n();
  if (incident && !incident.synthetic) return null;
  return (
    <Tooltip title={t("mark.syntheticHint")}>
      <b className="z-synthetic">{t("mark.synthetic")}</b>
    </Tooltip>
  );
}
