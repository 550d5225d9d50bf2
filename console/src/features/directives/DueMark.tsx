import type { DirectiveBrief } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { Overdue } from "@/shared/ui/marks.tsx";
import { useNow } from "@/shared/view/session.tsx";

/** The clock that runs now: to sign first, then to report; done when reported. */
export function DueMark({ directive }: { directive: DirectiveBrief }) {
  const { t } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  if (directive.reported_at || directive.state === "closed")
    return <span className="z-none">{t("directive.reportedMark")}</span>;
  const at = directive.signed_at ? directive.due_at : (directive.sign_due_at ?? directive.due_at);
  if (!at) return <span className="z-none">–</span>;
  const label = `${t(directive.signed_at ? "directive.toReport" : "directive.toSign")} ${due(at, now)}`;
  return directive.overdue || Date.parse(at) < now ? (
    <Overdue label={label} />
  ) : (
    <span className="z-num">{label}</span>
  );
}
