import type { Count } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { countText } from "./count.ts";

/** A count in words of the language one reads. */
export function useCount(): (count: Count) => string {
  const { t } = useI18n();
  return (count) => countText(count, t("count.hidden"), (n) => t("count.about", { n }));
}
