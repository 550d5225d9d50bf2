import type { DirectiveBrief } from "@/api/types.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Of all units under this order: how many have signed, how many have reported. */
export function Receipts({ receipts }: { receipts: DirectiveBrief["receipts"] }) {
  const { t } = useI18n();
  const { total, signed, reported } = receipts;
  const share = (n: number): string => `${total ? (100 * n) / total : 0}%`;
  return (
    <span className="z-receipts" title={t("directive.receiptsHint", { total, signed, reported })}>
      <span className="z-bar" aria-hidden="true">
        <i style={{ width: share(signed) }} />
        <i className="z-bar-full" style={{ width: share(reported) }} />
      </span>
      <span className="z-num">
        {signed}/{total} · {reported}/{total}
      </span>
    </span>
  );
}
