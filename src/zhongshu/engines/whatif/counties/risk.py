"""Which county the outbreak reaches, how likely and when."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhongshu.engines.whatif.counties.model import INFECTIONS, Futures, Province

ARRIVALS = pa.schema(
    [
        ("county", pa.string()),
        ("p_reached", pa.float64()),
        ("p_low", pa.float64()),
        ("p_high", pa.float64()),
        ("first_day_q10", pa.float64()),
        ("first_day_q50", pa.float64()),
        ("first_day_q90", pa.float64()),
        ("infections", pa.float64()),
    ]
)


def arrivals(province: Province, futures: Futures, *, at_least: int = 1) -> pa.Table:
    """ARRIVALS, a row per county: the probability that `at_least` residents are infected within
    the days simulated, with Wilson's 95 % interval of the runs; the day it happens, over the runs
    in which it does (null if none); mean infections."""
    total = np.cumsum(futures.counted[..., INFECTIONS], axis=1, dtype=np.int64)
    reached = total >= at_least
    ever = np.asarray(reached.any(axis=1))
    runs = ever.shape[0]
    p = ever.mean(axis=0)
    z = 1.96  # normal quantile of 97.5 %
    middle = (p + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z / (1 + z * z / runs) * np.sqrt(p * (1 - p) / runs + z * z / (4 * runs * runs))
    first = np.where(ever, reached.argmax(axis=1), np.nan)
    when = [
        np.quantile(days[seen], (0.1, 0.5, 0.9)).tolist() if seen.any() else [None] * 3
        for days, seen in zip(first.T, ever.T, strict=True)
    ]
    return pa.table(
        {
            "county": list(province.codes),
            "p_reached": p,
            "p_low": np.maximum(middle - half, 0.0),
            "p_high": np.minimum(middle + half, 1.0),
            "first_day_q10": [row[0] for row in when],
            "first_day_q50": [row[1] for row in when],
            "first_day_q90": [row[2] for row in when],
            "infections": total[:, -1].mean(axis=0),
        },
        schema=ARRIVALS,
    )
