"""The years of the streams benchmark: which seeds are for what, and each year's z by stream."""

from __future__ import annotations

import dataclasses

from benchmarks.cases import warning_province_z
from benchmarks.cases.warning_province import YEAR, Bools, Floats, Outbreak, make
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears

TUNING_SEEDS = (101, 102, 103, 104)
# opened before settles_days (the first six) and the least tail_shape were set
REHEARSED_SEEDS = (201, 202, 203, 204, 205, 206, 301, 302, 303, 304, 305, 306)
REPORTING_SEEDS = (401, 402, 403, 404, 405, 406, 407, 408)
SIZE = 3.0  # found on the tuning seeds: plain Stouffer, without shocks, finds about .88
LEARNED, CALIBRATED = YEAR.start - 731, YEAR.start - 365  # 2020 teaches, 2021 calibrates
PAST = YEAR.start - LEARNED
EARS = EarsParams(grades=(("blue", 3.0),))


@dataclasses.dataclass(frozen=True)
class World:
    """From LEARNED on: z [county, stream, day], EARS' z likewise, touched [county, day]."""

    z: Floats
    ears: Floats
    outbreaks: tuple[Outbreak, ...]
    touched: Bools


def world(
    seed: int, *, shocks: bool = True, many: int = 0, size: float = SIZE, regional: bool = False
) -> World:
    made = make(seed, shocks=shocks, outbreaks=many, size=size, regional=regional)
    z = warning_province_z.z_scores(made.counts, seed, (LEARNED, CALIBRATED, YEAR.start))
    flat = made.counts[:, :, LEARNED:].reshape(-1, z.shape[2])
    return World(
        z,
        ears.statistic(flat, Method.C2, EARS).z.reshape(z.shape),
        made.outbreaks,
        made.touched[:, LEARNED:],
    )
