import type { TubeItem } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Overdue, When } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { useView } from "@/shared/view/useView.ts";

/** Until when everybody of a tube is to be sampled again; marked where that has passed. */
export function Due({ tube }: { tube: TubeItem }) {
  const { t } = useI18n();
  const now = useNow();
  const { asOf } = useView();
  if (!tube.due_at) return <>{t("tubes.noDue")}</>;
  const at = asOf ? Date.parse(asOf) : now;
  const late =
    tube.state === "open" && tube.recollected < tube.swabs && Date.parse(tube.due_at) < at;
  return (
    <span className="z-row z-nowrap">
      <When at={tube.due_at} short /> {late ? <Overdue /> : null}
    </span>
  );
}
