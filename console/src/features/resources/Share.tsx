import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Free of total, as a bar and in figures. */
export function Share({ free, total }: { free: number; total: number }) {
  const { t } = useI18n();
  const share = total > 0 ? (100 * free) / total : 0;
  return (
    <span className="z-share" title={t("resource.freeOf", { free, total })}>
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: `${share}%` }} />
      </span>
      <span className="z-num">
        {number(free)} / {number(total)}
      </span>
    </span>
  );
}
