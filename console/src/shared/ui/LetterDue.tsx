import type { Letter } from "@/api/types.ts";
import { useFormat } from "@/shared/format/useFormat.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { useNow } from "@/shared/view/session.tsx";
import { Overdue, When } from "./marks.tsx";

/** The clock of a letter: until the answer is due, or when it came. */
export function LetterDue({ letter }: { letter: Letter }) {
  const { t } = useI18n();
  const { due } = useFormat();
  const now = useNow();
  if (letter.answered_at)
    return (
      <span>
        {t("letter.answeredAt")} <When at={letter.answered_at} short />
      </span>
    );
  if (!letter.due_at) return <span className="z-none">–</span>;
  const words = due(letter.due_at, now);
  return letter.overdue || Date.parse(letter.due_at) < now ? (
    <Overdue label={words} />
  ) : (
    <span className="z-num">{words}</span>
  );
}
