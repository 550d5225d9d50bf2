import type { Counts } from "@/api/types.ts";
import { number } from "@/shared/format/number.ts";
import { useI18n } from "@/shared/i18n/context.tsx";
import { BucketName } from "./BucketName.tsx";
import { BUCKETS, type Bucket, type Chosen } from "./buckets.ts";

/** What is late and what will be: exact numbers, each the way to its list. */
export function Totals({
  totals,
  open,
}: {
  totals: Counts;
  open: (chosen: Partial<Chosen>) => void;
}) {
  const { t, term } = useI18n();
  const label = (bucket: Bucket) =>
    t("clocks.openBucket", { n: totals[bucket], bucket: term("bucket", bucket) });
  return (
    <div className="z-totals">
      {BUCKETS.map((bucket) => (
        <button
          key={bucket}
          type="button"
          className={`z-total z-total-${bucket}${totals[bucket] ? "" : " z-total-zero"}`}
          aria-label={label(bucket)}
          onClick={() => open({ bucket })}
        >
          <BucketName bucket={bucket} />
          <b className="z-num">{number(totals[bucket])}</b>
        </button>
      ))}
    </div>
  );
}
