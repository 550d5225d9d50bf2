"""What a comparison of options answers: every run kept for pairing, and tables made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhongshu.engines.whatif.options import Option
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

Floats = npt.NDArray[np.float64]
Runs = npt.NDArray[np.float32]

ANSWERS = pa.schema(
    [
        ("option", pa.string()),
        ("day", pa.int32()),
        ("measure", pa.string()),
        ("mean", pa.float64()),
        ("q025", pa.float64()),
        ("q10", pa.float64()),
        ("q50", pa.float64()),
        ("q90", pa.float64()),
        ("q975", pa.float64()),
    ]
)
TOTALS = pa.schema([field for field in ANSWERS if field.name != "day"])
DIFFERENCES = pa.schema(
    [
        ("option", pa.string()),
        ("against", pa.string()),
        *[field for field in TOTALS if field.name != "option"],
        ("p_less", pa.float64()),  # share of the paired runs in which the option has less
    ]
)
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)

FLOW, LEVEL, FLAG = "flow", "level", "flag"
# flow: new on the day, totals are sums; level: at the end of the day, totals are peaks;
# flag: 0 or 1 by the end of the day, its mean is a probability, totals are the last day's; nan
# where the model or the option does not have what it asks about.
MEASURES: Mapping[str, str] = {
    "infections": FLOW,
    "detected": FLOW,
    "detected_in_quarantine": FLOW,
    "detected_community": FLOW,
    "contacts": FLOW,  # newly isolated as contacts
    "severe": FLOW,  # infections that become severe, by day of onset
    "waiting": LEVEL,  # people for whom there is no room, bed or vehicle yet
    "transfers": FLOW,
    "tests": FLOW,  # samples of persons
    "tubes": FLOW,
    "lab_hours": LEVEL,  # hours until what is sampled at the end of the day has its result
    "person_days_locked": FLOW,
    "person_days_static": FLOW,
    "person_days_home": FLOW,
    "person_days_central": FLOW,
    "p_no_community_case": FLAG,  # no case found outside isolation on this day
    "p_rooms_out": FLAG,  # somebody waited because no room was free, by this day
    "p_beds_out": FLAG,  # the same for beds
    "p_transfers_out": FLAG,  # somebody waited for a vehicle although a place was free, likewise
    "p_released": FLAG,  # everything released by this day; nan without a restricted area
    "cost": FLOW,
}

DAYS: Mapping[str, str] = {
    "p_released": "release_day",
    "p_rooms_out": "rooms_out_day",
    "p_beds_out": "beds_out_day",
    "p_transfers_out": "transfers_out_day",
}
"""Of a flag: the measure that says on which day it came to it."""

PERSON_DAYS = "person_days"


def measures(options: Sequence[Option]) -> tuple[str, ...]:
    """The measures of a comparison: MEASURES, then `rooms.TIER` and `beds.TIER` (levels) of all
    tiers that any of the options has, in their order."""
    rooms = dict.fromkeys(f"rooms.{tier}" for option in options for tier in option.room_tiers)
    beds = dict.fromkeys(f"beds.{tier}" for option in options for tier in option.bed_tiers)
    return (*MEASURES, *rooms, *beds)


def kind(measure: str) -> str:
    """FLOW, LEVEL or FLAG."""
    return MEASURES.get(measure, LEVEL)


@dataclasses.dataclass(frozen=True)
class Answer:
    """runs: (options, runs, days, measures), float32, kept so that options can be paired.

    options: their names; measures: as `measures` gives them.
    calibrated: whether the parameters were fitted to the current outbreak; if not, every table
    made of this is illustrative.  note: what the model was asked beyond its calibration, or "".
    closed: of each option (runs, areas) days for which each of its areas was closed, at most to
    the end; empty where the model does not tell.
    """

    options: tuple[str, ...]
    measures: tuple[str, ...]
    runs: Runs
    card: RunCard
    calibrated: bool = False
    note: str = ""
    closed: tuple[Floats, ...] = ()

    def __post_init__(self) -> None:
        options, _, _, measures_ = self.runs.shape
        if options != len(self.options) or measures_ != len(self.measures):
            raise BadInput("whatif.shape", "Runs do not have the shape of options and measures.")

    @property
    def days(self) -> int:
        return int(self.runs.shape[2])

    @property
    def label(self) -> str:
        """What stands over every table made of this."""
        return "calibrated" if self.calibrated else "illustrative"

    def of(self, option: str, measure: str) -> Floats:
        """(runs, days) of one option and measure.  Refuses names it does not have."""
        return np.asarray(
            self.runs[self.position(option), :, :, self._measure(measure)], dtype=np.float64
        )

    def position(self, option: str) -> int:
        if option not in self.options:
            raise BadInput(
                "whatif.unknown_option",
                f"There is no option {option!r}; there are {', '.join(self.options)}.",
                option=option,
            )
        return self.options.index(option)

    def _measure(self, measure: str) -> int:
        if measure not in self.measures:
            raise BadInput(
                "whatif.unknown_measure",
                f"There is no measure {measure!r}; there are {', '.join(self.measures)}.",
                measure=measure,
            )
        return self.measures.index(measure)

    def table(self) -> pa.Table:
        """ANSWERS: each option, day and measure over the runs."""
        columns = self.runs.transpose(1, 0, 2, 3).astype(np.float64)  # runs first
        spread = _spread(columns)
        _, days, names = columns.shape[1:]
        return pa.table(
            {
                "option": np.repeat(self.options, days * names),
                "day": np.tile(np.repeat(np.arange(days, dtype=np.int32), names), len(spread[0])),
                "measure": np.tile(self.measures, len(self.options) * days),
                **dict(zip(_NAMES, (part.ravel() for part in spread), strict=True)),
            },
            schema=ANSWERS,
        )

    def per_run(self) -> Floats:
        """(options, runs, measures): sums of flows, peaks of levels, flags on the last day."""
        runs = self.runs.astype(np.float64)
        out = runs[:, :, -1, :].copy()
        for at, name in enumerate(self.measures):
            if kind(name) == FLOW:
                out[:, :, at] = runs[:, :, :, at].sum(axis=2)
            elif kind(name) == LEVEL:
                out[:, :, at] = runs[:, :, :, at].max(axis=2)
        return out

    def totals(self) -> pa.Table:
        """TOTALS over the runs, with the measures below beside the others.

        in_quarantine_share: of the cases found, nan in runs without one.
        person_days: restricted in any way: locked, static, at home and central together.
        release_day, rooms_out_day, beds_out_day, transfers_out_day: first day on which it is so;
        the horizon in runs where never, nan where the flag has no meaning.
        """
        values, names = self._with_derived()
        spread = _spread(values.transpose(1, 0, 2))
        return pa.table(
            {
                "option": np.repeat(self.options, len(names)),
                "measure": np.tile(names, len(self.options)),
                **dict(zip(_NAMES, (part.ravel() for part in spread), strict=True)),
            },
            schema=TOTALS,
        )

    def _with_derived(self) -> tuple[Floats, tuple[str, ...]]:
        values = self.per_run()
        at = {name: position for position, name in enumerate(self.measures)}
        found, inside = values[:, :, at["detected"]], values[:, :, at["detected_in_quarantine"]]
        share = np.divide(inside, found, out=np.full(found.shape, np.nan), where=found > 0)
        extra = [share, self._person_days(values)]
        for flag in DAYS:
            runs = self.runs[:, :, :, at[flag]]
            first = np.where((runs > 0).any(axis=2), (runs > 0).argmax(axis=2), self.days)
            extra.append(np.where(np.isnan(runs).any(axis=2), np.nan, first))
        names = (*self.measures, "in_quarantine_share", PERSON_DAYS, *DAYS.values())
        return np.concatenate((values, np.stack(extra, axis=2)), axis=2), names

    def _person_days(self, totals: Floats) -> Floats:
        """(options, runs) of all kinds of restriction together, from `per_run`."""
        kinds = [at for at, name in enumerate(self.measures) if name.startswith(PERSON_DAYS)]
        return np.asarray(totals[:, :, kinds].sum(axis=2), dtype=np.float64)

    def compare(self, against: str) -> pa.Table:
        """DIFFERENCES: each option minus `against`, run by run, over the whole horizon."""
        values, names = self._with_derived()
        base = self.position(against)
        others = [at for at in range(len(self.options)) if at != base]
        if not others:
            return DIFFERENCES.empty_table()
        apart = values[others] - values[base]
        spread = _spread(apart.transpose(1, 0, 2))
        return pa.table(
            {
                "option": np.repeat(np.array(self.options)[others], len(names)),
                "against": np.repeat(against, len(others) * len(names)),
                "measure": np.tile(names, len(others)),
                **dict(zip(_NAMES, (part.ravel() for part in spread), strict=True)),
                "p_less": (apart < 0).mean(axis=1).ravel(),
            },
            schema=DIFFERENCES,
        )

    def pareto(self) -> pa.Table:
        """Infections against person-days restricted (means; `totals` has their intervals): option,
        infections, person_days, best: no other option has fewer of both."""
        totals = self.per_run()
        ill = totals[:, :, self._measure("infections")].mean(axis=1)
        days = self._person_days(totals).mean(axis=1)
        worse = (ill[:, None] >= ill) & (days[:, None] >= days)
        worse &= (ill[:, None] > ill) | (days[:, None] > days)
        return pa.table(
            {
                "option": list(self.options),
                "infections": ill,
                "person_days": days,
                "best": ~worse.any(axis=1),
            }
        )


_NAMES = ("mean", "q025", "q10", "q50", "q90", "q975")


def _spread(values: Floats) -> tuple[Floats, ...]:
    """Mean and LEVELS over the first axis, nan left out; nan where nothing is left."""
    counts = np.isfinite(values).sum(axis=0)
    kept = np.where(counts > 0, values, 0.0)
    parts = (np.nanmean(kept, axis=0), *np.nanquantile(kept, LEVELS, axis=0))
    return tuple(np.where(counts > 0, part, np.nan) for part in parts)
