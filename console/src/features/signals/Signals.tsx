import { useI18n } from "@/shared/i18n/context.tsx";
import { RecordDesk } from "@/shared/ui/RecordDesk.tsx";
import { useFilters } from "@/shared/view/useView.ts";
import { GroupList } from "./GroupList.tsx";
import { Matrix } from "./Matrix.tsx";
import { SHOWN } from "./SignalFilters.tsx";
import { SignalPage } from "./SignalPage.tsx";
import { Snoozes } from "./Snoozes.tsx";

/** The desk of early warning: one outbreak a row, counties by streams, or what is silenced. */
export function Signals() {
  const { t } = useI18n();
  return (
    <RecordDesk
      path="/signals"
      name={t("desk.signals")}
      list={(chosen) => <Shown chosen={chosen} />}
      detail={(id) => <SignalPage id={id} />}
    />
  );
}

function Shown({ chosen }: { chosen: number | null }) {
  const [filters] = useFilters(["shown"] as const);
  switch (SHOWN.find((one) => one === filters.shown)) {
    case "matrix":
      return <Matrix chosen={chosen} />;
    case "snoozed":
      return <Snoozes chosen={chosen} />;
    default:
      return <GroupList chosen={chosen} />;
  }
}
