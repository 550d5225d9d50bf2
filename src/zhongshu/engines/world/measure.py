"""What the world turned out to be, beside what it should be."""

from __future__ import annotations

import numpy as np

from zhongshu.engines.world.arrays import F64, I64
from zhongshu.engines.world.days.epidemic import (
    DAY_S,
    NEVER,
    SETTING_HOUSEHOLD,
    Course,
)
from zhongshu.engines.world.state import World

Row = tuple[str, str, float, float]


def calibration(world: World) -> tuple[Row, ...]:
    """(name, unit, target, measured); NaN where there is nothing to measure."""
    targets = world.statics.margins.targets
    interval = serial_intervals(world)
    quartiles = np.quantile(passive_delays(world.course), [0.25, 0.5, 0.75])
    people = world.statics.people
    rows: list[Row] = [
        (
            "household_share",
            "of transmissions",
            targets.household_share,
            household_share(world.course),
        ),
        ("serial_interval_mean", "d", targets.serial_interval_mean_d, _mean(interval)),
        ("serial_interval_median", "d", targets.serial_interval_median_d, _median(interval)),
        ("serial_interval_sd", "d", targets.serial_interval_sd_d, float(np.std(interval))),
        ("household_size", "persons", _size(world), people.people / people.households),
        ("one_person_households", "of households", _one(world), _measured_one(world)),
    ]
    for name, target, measured in zip(
        ("q25", "median", "q75"), targets.confirm_quartiles_d, quartiles, strict=True
    ):
        rows.append((f"onset_to_confirmation_{name}", "d", target, float(measured)))
    return tuple(rows)


def household_share(course: Course) -> float:
    """Share of transmissions (not of imported infections) inside households."""
    passed = course[course["source"] >= 0]
    return _mean(passed["setting"] == SETTING_HOUSEHOLD)


def serial_intervals(world: World) -> I64:
    """Days from onset to onset, of all pairs in which both have symptoms (some in the future)."""
    course = world.course
    passed = course[course["source"] >= 0]
    source = course[world.record_of[passed["source"]]]
    both = passed["symptomatic"] & source["symptomatic"]
    days: I64 = (passed["onset_s"] // DAY_S - source["onset_s"] // DAY_S)[both]
    return days


def passive_delays(course: Course) -> F64:
    """Days from onset to the confirmation that symptoms alone lead to."""
    cared = course[course["passive_s"] < NEVER]
    delays: F64 = (cared["passive_s"] - cared["onset_s"]) / DAY_S
    return delays


def top_share(visits_per_place: I64, share: float = 0.01) -> float:
    """Share of all visits that go to the busiest `share` of places."""
    ordered = np.sort(visits_per_place)[::-1]
    return float(ordered[: max(1, round(share * len(ordered)))].sum() / max(1, ordered.sum()))


def _expected_households(world: World) -> F64:
    """(counties,) households by the census' mean size."""
    margins, people = world.statics.margins, world.statics.people
    count = np.bincount(people.county, minlength=len(margins.county_codes))
    expected: F64 = count / margins.household_size
    return expected


def _size(world: World) -> float:
    return float(world.statics.people.people / _expected_households(world).sum())


def _one(world: World) -> float:
    weights = _expected_households(world)
    return float(np.average(world.statics.margins.one_person, weights=weights))


def _measured_one(world: World) -> float:
    return _mean(np.diff(world.statics.people.household_start) == 1)


def _mean(values: np.typing.ArrayLike) -> float:
    array = np.asarray(values, dtype=np.float64)
    return float(array.mean()) if array.size else float("nan")


def _median(values: I64) -> float:
    return float(np.median(values)) if values.size else float("nan")
