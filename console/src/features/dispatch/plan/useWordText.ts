import type { PlanWord } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** "12 must go to V3". */
export function useWordText(): (word: PlanWord) => string {
  const { t } = useI18n();
  return ({ word, thing, to }) =>
    to
      ? t(word === "pin" ? "dispatch.pinned" : "dispatch.forbidden", { thing, to })
      : t(word === "pin" ? "dispatch.pinnedAlone" : "dispatch.forbiddenAlone", { thing });
}
