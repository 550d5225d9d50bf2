/** Parts of a bar, each a share of its length: certain, listed beyond that, possible beyond both. */
export interface RangeBar {
  sure: number;
  listed: number;
  possible: number;
}

/** The list between what holds for any clock error within the tolerance, and what might. */
export function rangeBar(s: { sure: number; listed: number; possible: number }): RangeBar | null {
  const most = Math.max(s.sure, s.listed, s.possible);
  if (most <= 0) return null;
  const sure = Math.min(s.sure, s.listed);
  return {
    sure: sure / most,
    listed: (s.listed - sure) / most,
    possible: (most - s.listed) / most,
  };
}
