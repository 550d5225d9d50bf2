import type { PlanDetail } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { When } from "@/shared/ui/marks.tsx";
import { useWordText } from "./useWordText.ts";

/** Words and events this plan was made with. */
export function Said({ plan }: { plan: PlanDetail }) {
  const { t, term } = useI18n();
  const told = useWordText(plan);
  if (plan.words.length === 0 && plan.events.length === 0) return null;
  return (
    <ul className="z-dispatch-said" aria-label={t("dispatch.said")}>
      {plan.events.map((one) => (
        <li key={`${one.kind}-${one.thing}`}>
          <b>{term("dispatchEvent", one.kind)}</b> {told.about(one)}
          {one.at ? (
            <>
              {" "}
              <When at={one.at} short />
            </>
          ) : null}
          {one.note ? <q>{one.note}</q> : null}
        </li>
      ))}
      {plan.words.map((one) => (
        <li key={`${one.word}-${one.thing}-${one.to}`}>{told.word(one)}</li>
      ))}
    </ul>
  );
}
