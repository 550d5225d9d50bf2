import { Modal } from "antd";
import type { SignalGroup } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Answered } from "@/shared/ui/states.tsx";
import { ActDialog } from "./ActDialog.tsx";
import type { Outcome } from "./OutcomeNote.tsx";
import { useSignalsOf } from "./queries.ts";
import { SnoozeDialog } from "./SnoozeDialog.tsx";

export const GROUP_ACTS = ["take", "dismiss", "snooze"] as const;
export type GroupWhat = (typeof GROUP_ACTS)[number];

interface Props {
  what: GroupWhat;
  groups: readonly SignalGroup[];
  close: () => void;
  done: (outcome: Outcome) => void;
}

/** The open signals of the groups are read first, so that what is said of the reach is true. */
export function GroupAct({ what, groups, close, done }: Props) {
  const { term } = useI18n();
  const signals = useSignalsOf(
    groups.map((one) => one.id),
    "open",
  );
  if (signals.data === undefined || signals.isPlaceholderData)
    return (
      <Modal open title={term("signal", what)} footer={null} onCancel={close}>
        <Answered query={signals} rows={3}>
          {() => null}
        </Answered>
      </Modal>
    );
  return what === "snooze" ? (
    <SnoozeDialog signals={signals.data} close={close} done={done} />
  ) : (
    <ActDialog action={what} signals={signals.data} close={close} done={done} />
  );
}
