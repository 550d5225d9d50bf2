import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useNavigate } from "react-router";
import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useView } from "@/shared/view/useView.ts";
import { useAgain } from "../queries.ts";
import { drop, type Tray } from "./tray.ts";
import { useWordText } from "./useWordText.ts";

interface Props {
  plan: PlanDetail;
  tray: Tray;
  setTray: (tray: Tray) => void;
}

/** The words collected so far; the plan is made again with them, and this one stays as it is. */
export function TrayBar({ plan, tray, setTray }: Props) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const told = useTold();
  const again = useAgain(plan.id);
  const { word: tell } = useWordText(plan);
  const solve = () =>
    again.mutate(tray, {
      onSuccess: (made) => {
        setTray([]);
        void go(to(`/dispatch/${made.id}`));
      },
      onError: told.failed,
    });
  return (
    <section className="z-dispatch-tray" aria-label={t("dispatch.tray")}>
      <ul>
        {tray.map((one) => (
          <li key={`${one.word}-${one.thing}-${one.to}`}>
            {tell(one)}
            <button
              type="button"
              aria-label={`${t("dispatch.drop")}: ${tell(one)}`}
              onClick={() => setTray(drop(tray, one))}
            >
              <CloseOutlined />
            </button>
          </li>
        ))}
      </ul>
      <div className="z-row">
        <Button onClick={() => setTray([])}>{t("dispatch.clear")}</Button>
        <Button type="primary" loading={again.isPending} onClick={solve}>
          {t("dispatch.again", { n: tray.length })}
        </Button>
      </div>
    </section>
  );
}
