import { Button } from "antd";
import type { SignalGroup } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useView } from "@/shared/view/useView.ts";
import { GROUP_ACTS, type GroupWhat } from "./GroupAct.tsx";

interface Props {
  marked: readonly SignalGroup[];
  may: boolean;
  act: (what: GroupWhat) => void;
  clear: () => void;
}

/** What can be done with the marked groups; where nothing can, why. */
export function BulkBar({ marked, may, act, clear }: Props) {
  const { t, term } = useI18n();
  const { asOf } = useView();
  if (marked.length === 0) return null;
  return (
    <div className="z-bulk" role="toolbar" aria-label={t("signals.bulk")}>
      <b>{t("signals.marked", { n: marked.length })}</b>
      {GROUP_ACTS.map((what) => (
        <Button
          key={what}
          size="small"
          disabled={!may}
          danger={what === "dismiss"}
          onClick={() => act(what)}
        >
          {term("signal", what)}
        </Button>
      ))}
      <Button size="small" type="text" onClick={clear}>
        {t("signals.unmark")}
      </Button>
      {may ? null : <span className="z-hint">{t(asOf ? "signals.past" : "signals.mayNot")}</span>}
    </div>
  );
}
