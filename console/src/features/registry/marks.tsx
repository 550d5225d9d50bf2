import type { PoolItem, ThingItem } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";

/** Its state, and in how many hours it could be used where it cannot be now. */
export function ThingState({
  thing,
}: {
  thing: Pick<ThingItem, "state" | "usable" | "opens_in_h">;
}) {
  const { t, term } = useI18n();
  return (
    <>
      <span className={`z-tag z-tag-${thing.usable ? "go" : "wait"}`}>
        {term("thingState", thing.state)}
      </span>
      {thing.opens_in_h === null || thing.usable ? null : (
        <small> {t("registry.opensIn", { n: thing.opens_in_h })}</small>
      )}
    </>
  );
}

/** Free of total in one pool, as a bar and in figures. */
export function Pool({ pool }: { pool: PoolItem }) {
  const { t, term } = useI18n();
  const share = pool.total > 0 ? (100 * pool.free) / pool.total : 0;
  return (
    <span className="z-share" title={t("resource.freeOf", { free: pool.free, total: pool.total })}>
      <span className="z-bar" aria-hidden="true">
        <i className="z-bar-full" style={{ width: `${share}%` }} />
      </span>
      <span className="z-num">
        {number(pool.free)} / {number(pool.total)}
      </span>{" "}
      {term("pool", pool.pool)}
    </span>
  );
}
