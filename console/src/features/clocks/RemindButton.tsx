import { BellOutlined, CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ClockBrief } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { isOpen } from "./DueWords.tsx";
import { useRemind } from "./queries.ts";

export interface Reminding {
  remind: () => void;
  busy: boolean;
  done: boolean;
  may: boolean;
}

/** One click sends the reminder; the owner is told who asked. */
export function useReminding(clock: ClockBrief): Reminding {
  const { t } = useI18n();
  const { asOf } = useView();
  const told = useTold();
  const send = useRemind();
  const post = useMay("directive.issue");
  const may = post && isOpen(clock.state) && !asOf;
  return {
    may,
    busy: send.isPending,
    done: send.isSuccess,
    remind: () => {
      if (!may || send.isPending || send.isSuccess) return;
      send.mutate(
        { id: clock.id, note: "" },
        {
          onSuccess: () => told.done(t("clocks.reminded", { unit: clock.owner.name })),
          onError: told.failed,
        },
      );
    },
  };
}

export function RemindButton({ state, primary = false }: { state: Reminding; primary?: boolean }) {
  const { t } = useI18n();
  if (!state.may) return null;
  return (
    <Button
      size={primary ? "middle" : "small"}
      type={primary ? "primary" : "default"}
      icon={state.done ? <CheckOutlined /> : <BellOutlined />}
      loading={state.busy}
      disabled={state.done}
      onClick={state.remind}
    >
      {t(state.done ? "clocks.remindedShort" : "clocks.remind")}
    </Button>
  );
}
