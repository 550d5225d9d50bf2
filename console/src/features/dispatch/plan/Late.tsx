import { Alert, Button } from "antd";
import { useNavigate } from "react-router";
import type { PlanDetail } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useTold } from "@/shared/ui/useTold.ts";
import { useMay, useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";
import { fromNow, lateBy } from "../form/values.ts";
import { useAsk, usePlanForm } from "../queries.ts";

/** That the hour the plan begins at is over before anybody approved it, and the same question from
 *  now on. */
export function Late({ plan }: { plan: PlanDetail }) {
  const { t } = useI18n();
  const { length } = useFormat();
  const { asOf } = useView();
  const may = useMay("dispatch.plan");
  const late = lateBy(plan, useNow());
  if (asOf || late === null) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="z-gap"
      title={
        <>
          {t("dispatch.begunAt")} <When at={late.begins} short />
          {t("dispatch.lateBy", { length: length(late.ms) })}
        </>
      }
      description={t("dispatch.lateHint")}
      action={may ? <FromNow plan={plan} /> : null}
    />
  );
}

function FromNow({ plan }: { plan: PlanDetail }) {
  const { t } = useI18n();
  const { to } = useView();
  const go = useNavigate();
  const told = useTold();
  const ask = useAsk();
  const form = usePlanForm(plan.unit.code, plan.planner);
  const send = () => {
    if (!form.data) return;
    const { planner, unit, title } = plan;
    ask.mutate(
      { planner, unit: unit.code, title, form: fromNow(form.data.fields, plan.form) },
      { onSuccess: (made) => void go(to(`/dispatch/${made.id}`)), onError: told.failed },
    );
  };
  return (
    <Button size="small" loading={ask.isPending} disabled={!form.data} onClick={send}>
      {t("dispatch.fromNow")}
    </Button>
  );
}
