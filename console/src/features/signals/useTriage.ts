import { useState } from "react";
import type { SignalGroup } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import type { GroupWhat } from "./GroupAct.tsx";
import type { Outcome } from "./OutcomeNote.tsx";
import { useTriageKeys } from "./useTriageKeys.ts";

/** What is marked in the list, what is being done with it, and how that went. */
export function useTriage(
  rows: readonly SignalGroup[],
  chosen: number | undefined,
  open: (row: SignalGroup) => void,
) {
  const { t } = useI18n();
  const { asOf } = useView();
  const may = useMay("signal.handle") && !asOf;
  const told = useTold();
  const [marks, setMarks] = useState<readonly number[]>([]);
  const [doing, setDoing] = useState<{ what: GroupWhat; groups: SignalGroup[] } | null>(null);
  const [help, setHelp] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const marked = rows.filter((one) => marks.includes(one.id));
  const mark = ({ id }: SignalGroup) =>
    setMarks((before) => (before.includes(id) ? before.filter((x) => x !== id) : [...before, id]));
  const act = (what: GroupWhat, groups: SignalGroup[]) => {
    if (!may) told.refused(t(asOf ? "signals.past" : "signals.mayNot"));
    else if (groups.length) setDoing({ what, groups });
  };
  const done = (how: Outcome) => {
    setOutcome(how);
    setMarks([]);
  };
  useTriageKeys(!doing && !help, {
    rows,
    chosen,
    marked,
    open,
    mark,
    act,
    help: () => setHelp(true),
  });
  return {
    may,
    marks,
    setMarks,
    marked,
    act,
    doing,
    close: () => setDoing(null),
    done,
    outcome,
    forget: () => setOutcome(null),
    help,
    setHelp,
  };
}
