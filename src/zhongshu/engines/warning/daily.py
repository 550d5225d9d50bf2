"""One day of all series with a long history: what each expected, and all of them together.

Each series gets a z from our model of its history (`history/baseline.py`); streams, days and
neighbours are put together and calibrated among the past (`joint/streams.py`).  What is then
raised is for `joint/budget.py`.  A series that is too short is left to EARS, and told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence, Set

import numpy as np
import numpy.typing as npt

from zhongshu.engines.warning.history import baseline
from zhongshu.engines.warning.history.baseline import Expected, Options
from zhongshu.engines.warning.inputs import Grid, Key
from zhongshu.engines.warning.joint import budget, calibrate, space, streams
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.joint.streams import Scores, Streams
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Borders = Mapping[str, Set[str]]
MODEL = dataclasses.replace(baseline.DAILY, needed=365)  # schools report on 190 days a year
_EPOCH = dt.date(2000, 1, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Daily:
    """history_days: from a series' first report to the first day its model tests, so that two
    years teach season and trend.  past_days: tested days looked back on.  learn_days: of them
    needed to learn shocks and correlation from, and again to calibrate on; with fewer each series
    stands alone.  start_days: past that sets the first level of the budget.
    refit_days: the models are fitted anew so often, always on the same days of the calendar.
    small_units: with fewer units all are one class of the calibration.
    event_days: (before, after) days around a confirmed outbreak that are no reference.
    """

    budget: Budget
    model: Options = MODEL
    streams: Streams = dataclasses.field(default_factory=Streams)
    history_days: int = 2 * 365
    past_days: int = 2 * 365
    learn_days: int = 90
    start_days: int = 182
    refit_days: int = 7
    small_units: int = 20
    event_days: tuple[int, int] = (7, 28)

    def __post_init__(self) -> None:
        if not (self.history_days >= 1 and self.past_days >= 1 and self.learn_days >= 1):
            raise BadInput("warning.daily", "A parameter of the daily run is out of its range.")

    @property
    def needs(self) -> int:
        """Days from the first report to the first that is tested."""
        return self.history_days + self.model.left_out + 1

    @property
    def spending(self) -> Budget:
        """The budget, knowing how long the score remembers."""
        return dataclasses.replace(self.budget, memory=1 - self.streams.rate)


@dataclasses.dataclass(frozen=True, slots=True)
class Fitted:
    """Of the long series `keys`, by tested day (`days`, the last is the day asked).

    counts, expected, sd, z, p: [series, day], nan where not tested; p as in `baseline.Expected`.
    fit: as the model gave it.
    """

    keys: list[Key]
    days: list[dt.date]
    counts: Floats
    expected: Floats
    sd: Floats
    z: Floats
    p: Floats
    fit: Expected

    def upper(self, n: int, first: int, end: int, alpha: float) -> Floats:
        """Counts of series n that are passed with a chance of at most alpha, from column `first`
        up to before `end`."""
        one = slice(n, n + 1), slice(first, end)
        cut = Expected(*(getattr(self.fit, f.name)[one] for f in dataclasses.fields(Expected)))
        return np.asarray(cut.upper(alpha)[0])


@dataclasses.dataclass(frozen=True, slots=True)
class Together:
    """units, streams: of z [unit, stream, day] and place [unit, stream], the series' number or -1.

    score, p [unit, day]: all streams and the last weeks together; p nan where nothing was reported
    or the past is too short to calibrate.  all_units, shock [stream, day]: z of the level that all
    units share, and the chance that it is a shock.
    """

    units: list[str]
    streams: list[str]
    place: Ints
    z: Floats
    score: Floats
    p: Floats
    near: Floats
    all_units: Floats
    shock: Floats

    def start(self, day: int, params: Daily) -> float:
        """The level of a budget that has no yesterday, from what was before column `day`."""
        first = max(day - params.start_days, 0)
        past = budget.log_odds(self.p[:, first:day], params.budget)
        return budget.start_level(past, params.budget)


def is_long(grid: Grid, params: Daily) -> Bools:
    """Which series of the grid have a past long enough for the model on its last day."""
    reports = (~np.isnan(grid.counts[:, : max(grid.calendar.periods - 1, 0)])).sum(axis=1)
    usable = grid.counts[:, : max(grid.calendar.periods - 1 - params.model.left_out, 0)]
    enough = (~np.isnan(usable)).sum(axis=1) >= params.model.needed
    return np.asarray((grid.lengths >= params.needs) & enough & (reports > 0))


def fitted(
    grid: Grid,
    params: Daily,
    *,
    state: npt.NDArray[np.int64] | None = None,
    share_in: Mapping[tuple[Key, dt.date], float] | None = None,
    seed: int = 0,
) -> Fitted:
    """What the model expected of the long series.

    state [periods]: `daystate.states` of the grid's days.  share_in: share of a day's reports that
    are in, where not all are; nan: too few to be tested.  seed: of the draws that make z of small
    counts standard normal; a series draws the same for the same day in every run.
    """
    chosen = np.flatnonzero(is_long(grid, params))
    keys = [grid.keys[n] for n in chosen]
    ends = grid.calendar.ends()
    first = max(params.needs - 1, len(ends) - params.past_days)
    at = np.arange(min(first, len(ends)), len(ends))
    counts = grid.counts[chosen]
    days = [ends[n] for n in at]
    chance = _chances(seed, keys, days)
    found = baseline.expected(
        counts,
        at,
        params.model,
        state=state,
        share_in=_shares(keys, ends, share_in),
        chance=chance,
        again=np.array([day.toordinal() % params.refit_days == 0 for day in days], np.bool_),
    )
    young = at[None, :] < (len(ends) - grid.lengths[chosen] + params.needs - 1)[:, None]
    found = Expected(
        *(
            np.where(young, np.nan, getattr(found, field.name))
            for field in dataclasses.fields(Expected)
        )
    )
    spread = found.phi + found.expected * found.error**2
    sd = np.sqrt(spread * found.expected)
    return Fitted(keys, days, counts[:, at], found.expected, sd, found.z, found.p, found)


def _chances(seed: int, keys: Sequence[Key], days: Sequence[dt.date]) -> Floats:
    if not keys or not days:
        return np.zeros((len(keys), len(days)))
    begin = (days[0] - _EPOCH).days
    if begin < 0:
        raise BadInput("warning.day", f"The days tested begin in {days[0].year}; give later ones.")
    end = begin + len(days)
    return np.stack([stream(seed, "warning", *key).random(end)[begin:] for key in keys])


def _shares(
    keys: Sequence[Key],
    ends: Sequence[dt.date],
    share_in: Mapping[tuple[Key, dt.date], float] | None,
) -> Floats | None:
    if not share_in:
        return None
    row = {key: n for n, key in enumerate(keys)}
    column = {day: n for n, day in enumerate(ends)}
    out = np.ones((len(keys), len(ends)))
    for (key, day), share in share_in.items():
        if key in row and day in column:
            out[row[key], column[day]] = share
    return out


def together(
    found: Fitted,
    params: Daily,
    *,
    borders: Borders,
    events: Sequence[tuple[str, dt.date]] = (),
) -> Together | None:
    """All streams and neighbours of the fitted series; None where the past is too short.

    borders: unit to the units beside it.  events: (unit, first day) of confirmed outbreaks: they
    teach how outbreaks show, and are no reference for what chance does.
    """
    teaching = min(len(found.days) // 2, 365)
    if teaching < params.learn_days or not found.keys:
        return None
    units = sorted({unit for unit, _ in found.keys})
    names = sorted({name for _, name in found.keys})
    z, place, volume = _cube(found, units, names)
    near = space.nearness(_touch(units, borders))
    known = _events(units, found.days, events)
    learned = streams.learn(
        z[:, :, :teaching], params.streams, events=[one for one in known if one[1] < teaching]
    )
    told = streams.scores(z, learned, params.streams, near=near)
    excluded = np.zeros(told.score.shape, np.bool_)
    before, after = params.event_days
    for unit, day in known:
        excluded[unit, max(day - before, 0) : day + after + 1] = True
    excluded[:, :teaching] = True
    p = _calibrated(
        told,
        _classes(volume, params),
        params.streams,
        first=_first(found.days, teaching, params),
        excluded=excluded,
        near=near,
    )
    p = np.where(np.isnan(z).all(axis=1), np.nan, p)
    return Together(units, names, place, z, told.score, p, near, told.all_units, told.shock)


def _calibrated(
    told: Scores, classes: Ints, params: Streams, *, first: int, excluded: Bools, near: Floats
) -> Floats:
    """As `streams.p_values`; but what neighbours lend counts only for the one among them whose own
    score is highest, so that one outbreak is one alert and not also one of each county beside it.
    """
    both = streams.p_values(told, classes, params, first=first, excluded=excluded, near=near)
    if told.scan is None:
        return both
    own = streams.p_values(
        dataclasses.replace(told, scan=None), classes, params, first=first, excluded=excluded
    )
    score = np.nan_to_num(told.score, nan=-np.inf)
    beside = np.stack([score[near[n] > 0].max(axis=0, initial=-np.inf) for n in range(len(score))])
    alone = np.minimum(own / (1 - params.neighbours), 1.0)
    return np.where(score >= beside, both, alone)


def _cube(found: Fitted, units: list[str], names: list[str]) -> tuple[Floats, Ints, Floats]:
    """(z [unit, stream, day], number of the series [unit, stream], mean count [unit])."""
    row = {unit: n for n, unit in enumerate(units)}
    column = {name: n for n, name in enumerate(names)}
    z = np.full((len(units), len(names), len(found.days)), np.nan)
    place = np.full((len(units), len(names)), -1, np.int64)
    volume = np.zeros(len(units))
    for n, (unit, name) in enumerate(found.keys):
        z[row[unit], column[name]] = found.z[n]
        place[row[unit], column[name]] = n
        volume[row[unit]] += float(np.nan_to_num(found.counts[n]).mean())
    return z, place, volume


def _touch(units: Sequence[str], borders: Borders) -> Bools:
    return np.array([[b in borders.get(a, ()) for b in units] for a in units], np.bool_)


def _events(
    units: Sequence[str], days: Sequence[dt.date], events: Sequence[tuple[str, dt.date]]
) -> list[tuple[int, int]]:
    row = {unit: n for n, unit in enumerate(units)}
    inside = [(row[unit], (day - days[0]).days) for unit, day in events if unit in row]
    return sorted((unit, day) for unit, day in inside if 0 <= day < len(days))


def _classes(volume: Floats, params: Daily) -> Ints:
    return calibrate.by_size(volume, 2 if len(volume) >= params.small_units else 1)


def _first(days: Sequence[dt.date], teaching: int, params: Daily) -> int:
    """The first day with a p: the reference moves on at the same days whatever day is asked."""
    first = max(teaching, len(days) - 1 - params.start_days)
    step = params.streams.calibration.refit_days
    return max(first - days[first].toordinal() % step, 0)
