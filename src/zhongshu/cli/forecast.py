"""`zhongshu forecast`: the next weeks as quantiles, from a file or the register of cases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Annotated, Any

import numpy as np
import typer

from zhongshu.cli import casedata, installation
from zhongshu.cli.casedata import Cases, Floats
from zhongshu.cli.output import out, table
from zhongshu.cli.rt import AsOf, ByOnset, FileOf, Json, MaxDelay, Seed, Unit, completed
from zhongshu.engines.epidemic.forecasting import solve
from zhongshu.engines.epidemic.forecasting.model import LEAST_WEEKS, MEMBERS, ForecastParams
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import DAY, beijing_day

_WEEK = 7
_SHOWN = (0.5, 0.25, 0.75, 0.1, 0.9, 0.025, 0.975)  # median, 50, 80, 95 %


def register(app: typer.Typer) -> None:
    app.command("forecast")(forecast)


@dataclasses.dataclass(frozen=True, slots=True)
class Weeks:
    """counts: [units, weeks], nan where a day of the week has no report; last: end of the last."""

    units: list[str]
    counts: Floats
    last: dt.date
    nowcast: bool


def forecast(
    context: typer.Context,
    file: FileOf = None,
    unit: Unit = "",
    weeks: Annotated[int, typer.Option(min=1, max=13, help="How many weeks ahead.")] = 4,
    as_of: AsOf = "",
    by_onset: ByOnset = False,
    max_delay: MaxDelay = 14,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Cases of the next weeks: median and 50, 80, 95 % intervals; with --json all 23 quantiles."""
    here = installation.of(context)
    if file is None:
        every = [
            casedata.of_headquarters(
                here, unit=unit, as_of=as_of, by_onset=by_onset, most_delay=max_delay
            )[0]
        ]
    else:
        # all units of a file teach the forecast of each
        today = beijing_day(here.wall())
        every = casedata.of_file(file, as_of=as_of, unit="", today=today, most_delay=max_delay)
    if file is not None and unit and unit not in {one.unit for one in every}:
        casedata.of_file(file, as_of=as_of, unit=unit, today=today, most_delay=max_delay)
    known = by_week(every, seed)
    params = ForecastParams(horizon_weeks=weeks)
    found = solve.forecast(known.counts, params=params, seed=seed)
    wanted = [n for n, one in enumerate(known.units) if file is None or unit in {"", one}]
    if as_json:
        typer.echo(json.dumps(_json(every[0], known, found, params, wanted), indent=2,
                              ensure_ascii=False))  # fmt: skip
    else:
        _show(every[0], known, found, params, wanted)


def by_week(every: list[Cases], seed: int) -> Weeks:
    """Weeks that end with the last day; those of weekly reports as they are.

    Refuses fewer weeks than a forecast needs.
    """
    last = max(one.last for one in every)
    rows = [_weeks(one, last, seed) for one in every]
    length = max(len(row) for row in rows)
    if length < LEAST_WEEKS:
        raise BadInput(
            "forecast.short",
            f"{every[0].title} has {length} whole weeks to {last}; a forecast needs {LEAST_WEEKS}. "
            "zhongshu rt works from eight days.",
        )
    counts = np.full((len(rows), length), np.nan)
    for n, row in enumerate(rows):
        counts[n, length - len(row) :] = row
    drawn = any(one.triangle is not None for one in every)
    return Weeks([one.unit for one in every], counts, last, drawn)


def _weeks(one: Cases, last: dt.date, seed: int) -> Floats:
    daily = one.counts if one.triangle is None else np.median(completed(one, seed), axis=0)
    daily = np.concatenate([daily, np.full((last - one.last).days, np.nan)])
    places = np.flatnonzero(~np.isnan(daily))
    if len(places) > 1 and np.gcd.reduce(np.diff(places)) % _WEEK == 0:
        return np.asarray(daily[(len(daily) - 1) % _WEEK :: _WEEK])
    whole = len(daily) // _WEEK * _WEEK
    return np.asarray(daily[len(daily) - whole :].reshape(-1, _WEEK).sum(axis=1))


def _ends(known: Weeks, params: ForecastParams) -> list[dt.date]:
    return [known.last + _WEEK * n * DAY for n in range(1, params.horizon_weeks + 1)]


def _place(level: float, params: ForecastParams) -> int:
    return int(np.argmin(np.abs(np.array(params.levels) - level)))


def _show(
    one: Cases, known: Weeks, found: solve.Forecast, params: ForecastParams, wanted: list[int]
) -> None:
    for remark in one.remarks:
        out.print(remark)
    rows = []
    for n in wanted:
        if np.isnan(found.quantiles[:, n]).any():
            out.print(f"{known.units[n]}: no forecast, a day of its last week has no report.")
            continue
        for ahead, end in enumerate(_ends(known, params)):
            told = [_said(found.quantiles[_place(level, params), n, ahead]) for level in _SHOWN]
            bands = [f"{low} to {high}" for low, high in zip(told[1::2], told[2::2], strict=True)]
            rows.append((known.units[n], end, told[0], *bands))
    if rows:
        heads = ("unit", "week to", "median", "50 %", "80 %", "95 %")
        table(f"{one.title}: forecast by what was known by {known.last}", heads, rows)
    gaps = int(np.isnan(known.counts[wanted]).sum())
    out.print(
        f"Learnt from {known.counts.shape[1]} weeks of {len(known.units)} units, {gaps} of those "
        f"shown not whole{'; the last days as nowcast' if known.nowcast else ''}."
    )
    shares = [f"{name} {share:.0%}" for name, share in _shares(params).items() if share]
    out.print(f"Members: {', '.join(shares)}.  No measure, variant or holiday is foreseen.")


def _shares(params: ForecastParams) -> dict[str, float]:
    total = sum(params.weights)
    return {name: one / total for name, one in zip(MEMBERS, params.weights, strict=True)}


def _said(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _json(
    one: Cases, known: Weeks, found: solve.Forecast, params: ForecastParams, wanted: list[int]
) -> dict[str, Any]:
    def quantiles(values: Floats, n: int, ahead: int) -> list[float] | None:
        told = values[:, n, ahead]
        return None if np.isnan(told).any() else [round(float(one), 4) for one in told]

    rows = [
        {
            "unit": known.units[n],
            "week_to": end.isoformat(),
            "quantiles": quantiles(found.quantiles, n, ahead),
            "members": {name: quantiles(of, n, ahead) for name, of in found.members.items()},
        }
        for n in wanted
        for ahead, end in enumerate(_ends(known, params))
    ]
    return {
        "source": one.title,
        "known_by": known.last.isoformat(),
        "weeks": int(known.counts.shape[1]),
        "units": len(known.units),
        "nowcast": known.nowcast,
        "levels": list(params.levels),
        "weights": _shares(params),
        "forecasts": rows,
        "remarks": list(one.remarks),
        "card": found.card.as_json(),
    }
