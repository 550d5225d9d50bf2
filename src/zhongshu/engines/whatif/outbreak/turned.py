"""The two parameters that calibration turns, put into the tables of a model."""

from __future__ import annotations

from zhongshu.engines.whatif.outbreak.model import F64, Tables
from zhongshu.kernel.errors import BadInput

PARAMETERS = ("transmission", "seeking")
"""transmission: multiplies every hazard, beside `Mixing.transmission`; seeking: share of the ill
who seek care, in place of `Care.seeking`: with those without symptoms the under-ascertainment."""


def turned(given: Tables, row: F64) -> Tables:
    """row: (2,) a value for each of PARAMETERS."""
    factor = float(row[0])
    return given._replace(
        home_hazard=given.home_hazard * factor,
        group_hazard=given.group_hazard * factor,
        place_hazard=given.place_hazard * factor,
        community_hazard=given.community_hazard * factor,
        seeks=float(row[1]),
    )


def check(rows: F64, runs: int) -> None:
    """Refuses rows that are not one for each run, or values that no parameter can have."""
    fits = rows.shape == (runs, len(PARAMETERS))
    if not fits or rows[:, 0].min() < 0 or rows[:, 1].min() < 0 or rows[:, 1].max() > 1:
        raise BadInput(
            "whatif.turned",
            f"Give each of the {runs} runs a transmission from 0 and a share who seek care in 0-1.",
        )
