"""Projected demand: cases by the renewal equation, then rooms and beds, as simulated futures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhongshu.engines.epidemic import model
from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.kernel.runcard import RunCard

_QUANTILES = {"q025": 0.025, "q10": 0.1, "median": 0.5, "q90": 0.9, "q975": 0.975}
MEASURES = ("cases", "rooms", "beds")


@dataclasses.dataclass(frozen=True)
class Outlook:
    """Where a unit stands.

    incidence: new cases by day, (days,), the last one `last_day`.
    complete_until: the last day by when nearly all cases are reported; the days after it are
        simulated too, never below what is already reported.
    rt_shape, rt_scale: gamma posterior of Rt; si: weights of the serial interval by day from 0.
    """

    incidence: Floats
    last_day: dt.date
    complete_until: dt.date
    rt_shape: float
    rt_scale: float
    si: Floats


def project_demand(
    outlook: Outlook, *, params: model.DemandParams, held: model.Held, seed: int
) -> model.DemandResult:
    """New cases, and rooms and beds in use, on each of the `horizon_days` after `last_day`.

    Every draw takes one Rt from its posterior and keeps it: no change of behaviour or measures is
    foreseen.  New infections of a day are negative binomial with mean Rt * pressure and size
    dispersion_k * pressure, the sum over the infectious of what each one infects.  A contact's
    room and a case's bed are taken on the day of the case.  Cases of incomplete days that are not
    reported yet arrive on the first day.
    Refuses an unusable posterior, gaps in the incidence, and a `complete_until` outside it.
    """
    incidence, gap_days = _checked(outlook, params, held)
    chance = stream(seed, "epidemic.demand")
    cases = _futures(outlook, incidence, gap_days, params, chance)
    horizon = params.horizon_days
    arriving = cases[:, gap_days:].copy()
    arriving[:, 0] += cases[:, :gap_days].sum(axis=1) - incidence[len(incidence) - gap_days :].sum()

    rooms = _rooms(arriving, params, chance) + np.asarray(held.rooms)[:horizon]
    beds = _beds(arriving, params, chance) + np.asarray(held.beds)[:horizon]
    draws = np.stack([cases[:, gap_days:], rooms, beds]).astype(np.float64)
    card = RunCard(
        "epidemic.demand",
        model.VERSION,
        {name: _plain(value) for name, value in vars(params).items()}
        | {"complete_until": outlook.complete_until.isoformat()}
        | {"rt_shape": outlook.rt_shape, "rt_scale": outlook.rt_scale},
        {"incidence": hashlib.sha256(incidence.tobytes()).hexdigest()},
        seed,
    )
    return model.DemandResult(summary(draws, last_day=outlook.last_day), draws, card)


def summary(draws: Floats, *, last_day: dt.date) -> pa.Table:
    """DEMAND_TABLE from (measure, draws, horizon); also for sums of several units' draws."""
    horizon = draws.shape[-1]
    columns: dict[str, object] = {
        "date": [last_day + dt.timedelta(days=n + 1) for n in range(horizon)] * len(MEASURES),
        "measure": [measure for measure in MEASURES for _ in range(horizon)],
        "mean": draws.mean(axis=1).ravel(),
    }
    for name, q in _QUANTILES.items():
        columns[name] = np.quantile(draws, q, axis=1).ravel()
    return pa.table(
        {name: columns[name] for name in model.DEMAND_TABLE.names}, schema=model.DEMAND_TABLE
    )


def still_held(occupied: int, *, stay_days: npt.ArrayLike, horizon_days: int) -> Floats:
    """How many of `occupied` places are expected to be held still, (horizon,), when only the
    number is known.  In a steady flow the remaining stay has the equilibrium distribution:
    somebody found inside stays at least d more days with probability E[(L - d)+] / E[L]."""
    stays = np.asarray(stay_days, dtype=np.float64)[:, None]
    ahead = np.arange(1, horizon_days + 1)
    return np.asarray(occupied * np.maximum(stays - ahead, 0).mean(axis=0) / stays.mean())


def _checked(outlook: Outlook, params: model.DemandParams, held: model.Held) -> tuple[Floats, int]:
    incidence = np.asarray(outlook.incidence, dtype=np.float64)
    gap_days = (outlook.last_day - outlook.complete_until).days
    if incidence.ndim != 1 or not np.isfinite(incidence).all() or (incidence < 0).any():
        raise BadInput("epidemic.incidence", "Incidence must be days without gaps, not negative.")
    if not 0 <= gap_days < len(incidence):
        raise BadInput("epidemic.complete_until", "`complete_until` is outside the incidence.")
    if not (0 < outlook.rt_shape < np.inf and 0 < outlook.rt_scale < np.inf):
        raise BadInput("epidemic.no_rt", "There is no estimate of Rt to project with.")
    if min(len(held.rooms), len(held.beds)) < params.horizon_days:
        raise BadInput("epidemic.held_short", "`held` must cover every day of the horizon.")
    return incidence, gap_days


def _futures(
    outlook: Outlook,
    incidence: Floats,
    gap_days: int,
    params: model.DemandParams,
    chance: np.random.Generator,
) -> Floats:
    """Cases of the days after `complete_until`, (draws, gap_days + horizon)."""
    known = len(incidence) - gap_days
    ahead = gap_days + params.horizon_days
    rt = chance.gamma(outlook.rt_shape, outlook.rt_scale, params.draws)
    path = np.zeros((params.draws, known + ahead))
    path[:, :known] = incidence[:known]
    for day in range(known, known + ahead):
        lags = min(len(outlook.si) - 1, day)
        pressure = path[:, day - lags : day] @ outlook.si[1 : lags + 1][::-1]
        # a negative binomial as a gamma mixture of Poissons; no pressure, no cases
        size = np.maximum(params.dispersion_k * pressure, 1e-12)
        path[:, day] = chance.poisson(chance.gamma(size, rt / params.dispersion_k))
        if day < len(incidence):
            path[:, day] = np.maximum(path[:, day], incidence[day])
    return path[:, known:]


def _rooms(arriving: Floats, params: model.DemandParams, chance: np.random.Generator) -> Floats:
    """Rooms of the contacts of `arriving` cases in use at the end of each day."""
    flat = arriving.ravel().astype(np.int64)
    owner = np.repeat(np.arange(flat.size), flat)
    contacts = chance.choice(np.asarray(params.contacts_per_case), size=owner.size)
    new = np.bincount(owner, weights=contacts, minlength=flat.size).reshape(arriving.shape)
    rooms = np.zeros_like(new)
    for day in range(arriving.shape[1]):
        rooms[:, day] = new[:, max(0, day - params.isolation_days + 1) : day + 1].sum(axis=1)
    return np.ceil(rooms / params.persons_per_room)


def _beds(arriving: Floats, params: model.DemandParams, chance: np.random.Generator) -> Floats:
    """Beds of `arriving` cases in use at the end of each day."""
    horizon = arriving.shape[1]
    stays = np.asarray(params.stay_days)[:, None]
    staying = (stays > np.arange(horizon)).mean(axis=0)  # probability of a stay over 0, 1, .. days
    beds = np.zeros_like(arriving)
    for day in range(horizon):
        inside = chance.binomial(arriving[:, day].astype(np.int64), params.admission_share)
        for later in range(day, horizon):
            lag = later - day
            if lag:
                go_on = staying[lag] / staying[lag - 1] if staying[lag - 1] else 0.0
                inside = chance.binomial(inside, go_on)
            beds[:, later] += inside
    return beds


def _plain(value: object) -> object:
    if not isinstance(value, np.ndarray):
        return value
    return {"values": int(value.size), "mean": float(value.mean())}
