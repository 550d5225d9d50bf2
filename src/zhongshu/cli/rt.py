"""`zhongshu rt`: how many a case infects, from a file or the register of cases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from zhongshu.cli import casedata, installation
from zhongshu.cli.casedata import Cases, Floats
from zhongshu.cli.output import out, table
from zhongshu.engines.epidemic import model, solve, uncertain
from zhongshu.engines.epidemic.nowcasting import solve as nowcasting
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack

DRAWS, INTERVALS = 200, 100  # nowcasts, and serial intervals, that are mixed
_PARTS = tuple((n + 0.5) / 50 for n in range(50))  # of the posterior of each nowcast
_LEVELS = (0.025, 0.5, 0.975)

FileOf = Annotated[
    Path | None,
    typer.Argument(help="CSV: date, count and unit, imported, known_at or not.", metavar="[FILE]"),
]
Unit = Annotated[
    str, typer.Option(help="Of the register: division code; of a file: only this unit of it.")
]
AsOf = Annotated[str, typer.Option(help="By what was known then; default: now.")]
ByOnset = Annotated[
    bool,
    typer.Option("--by-onset", help="The register's cases by onset, the last days nowcast."),
]
MaxDelay = Annotated[int, typer.Option(help="Days until a case is known, for the nowcast.")]
Seed = Annotated[int, typer.Option(help="Seed of the nowcast and of uncertain intervals.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def register(app: typer.Typer) -> None:
    app.command("rt")(rt)


@dataclasses.dataclass(frozen=True, slots=True)
class Interval:
    """The serial interval and where it is from; unsure: of (mean, sd), None: taken as known."""

    mean: float
    sd: float
    source: str
    min_cases: int
    unsure: tuple[uncertain.About, uncertain.About] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """By window, ending on `days`: cases in it, low, median, high (nan where `reason` says why);
    nowcast: some of its days are not complete and stand as nowcast."""

    days: list[dt.date]
    cases: Floats
    low: Floats
    median: Floats
    high: Floats
    reason: list[str]
    nowcast: list[bool]


def rt(
    context: typer.Context,
    file: FileOf = None,
    unit: Unit = "",
    window: Annotated[int, typer.Option(help="Days of a window.")] = 7,
    si_mean: Annotated[
        float | None, typer.Option(help="Serial interval, days; default: the pack's.")
    ] = None,
    si_sd: Annotated[float | None, typer.Option(help="Its standard deviation, days.")] = None,
    pack: Annotated[
        str, typer.Option(help="For a FILE: take the serial interval of this pack.")
    ] = "",
    unsure: Annotated[
        str,
        typer.Option("--uncertain", help="SD:LOW:HIGH of the mean, a comma, the same of the sd."),
    ] = "",
    imported: Annotated[
        bool, typer.Option("--imported", help="Imported cases infect, but nobody here did it.")
    ] = False,
    as_of: AsOf = "",
    by_onset: ByOnset = False,
    max_delay: MaxDelay = 14,
    seed: Seed = 1,
    days: Annotated[int, typer.Option(help="Windows printed; --json has all.")] = 21,
    as_json: Json = False,
) -> None:
    """R on sliding windows (Cori et al. 2013) with its 95 % interval, and why a day has none."""
    here = installation.of(context)
    held: Pack | None
    if file is None:
        one, held = casedata.of_headquarters(
            here, unit=unit, as_of=as_of, by_onset=by_onset, most_delay=max_delay
        )
        every = [one]
    else:
        today = beijing_day(here.wall())
        every = casedata.of_file(file, as_of=as_of, unit=unit, today=today, most_delay=max_delay)
        held = reader.load(pack) if pack else None
    serial = _interval(si_mean, si_sd, held, unsure)
    told = [(one, estimate(one, serial, window, imported=imported, seed=seed)) for one in every]
    if as_json:
        rows = [_json(one, found, serial) for one, found in told]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one, found in told:
        _show(one, found, serial, days, imported=imported)


def _interval(mean: float | None, sd: float | None, pack: Pack | None, unsure: str) -> Interval:
    """Refuses half of one, and none at all: no serial interval is taken silently."""
    if (mean is None) != (sd is None):
        raise BadInput("rt.interval", "Give --si-mean and --si-sd together, in days.")
    if mean is not None and sd is not None:
        least = model.RtParams(mean, sd).min_cases
        made = Interval(mean, sd, "as given", least)
    elif pack is None:
        raise BadInput(
            "rt.interval",
            "R needs the serial interval of this disease: give --si-mean and --si-sd in days, or "
            "--pack, e.g. cn-covid-9.",
        )
    else:
        figure = pack.figure("estimate.serial_interval_mean")
        made = Interval(
            mean=pack.number("estimate.serial_interval_mean"),
            sd=pack.number("estimate.serial_interval_sd"),
            source=f"{pack.version} {figure.rule_id}{'' if figure.verified else ', not verified'}",
            min_cases=int(pack.number("estimate.min_cases")),
        )
    if not unsure:
        return made
    return dataclasses.replace(made, unsure=_unsure(unsure, made))


def _unsure(text: str, si: Interval) -> tuple[uncertain.About, uncertain.About]:
    try:
        parts = [[float(one) for one in part.split(":")] for part in text.split(",")]
        (sd, low, high), (sd_sd, sd_low, sd_high) = parts
    except ValueError as error:
        raise BadInput(
            "rt.uncertain",
            f"'{text}' says nothing of the serial interval; write SD:LOW:HIGH,SD:LOW:HIGH, e.g. "
            "1.5:5:12,0.7:2:6 for a mean of 5 to 12 and an sd of 2 to 6 days.",
        ) from error
    return (
        uncertain.About(si.mean, sd, low, high),
        uncertain.About(si.sd, sd_sd, sd_low, sd_high),
    )


def estimate(one: Cases, si: Interval, window: int, *, imported: bool, seed: int) -> Table:
    """R of one unit; its incomplete last days, if any, as nowcast."""
    abroad = _imported(one, imported)
    if one.triangle is not None:
        if abroad is not None or si.unsure is not None:
            raise BadInput(
                "rt.nowcast",
                "With a nowcast of the last days, --imported and --uncertain are not possible; "
                "leave them out, or take counts that are complete.",
            )
        return _nowcast(one, si, window, seed)
    if si.unsure is not None:
        if abroad is not None:
            raise BadInput("rt.uncertain", "--uncertain and --imported do not go together.")
        weights = uncertain.serial_draws(
            *si.unsure, draws=INTERVALS, days=len(one.counts), chance=stream(seed, "cli.rt")
        )
        mixed = uncertain.estimate_rt(
            one.counts, si_weights=weights, levels=_LEVELS, window=window, min_cases=si.min_cases
        )
        return _table(one, window, mixed.quantiles, mixed.reason, 0)
    found = solve.estimate_rt(
        one.counts,
        si_mean=si.mean,
        si_sd=si.sd,
        imported=abroad,
        window=window,
        min_cases=si.min_cases,
    )
    return _table(one, window, np.stack([found.q025, found.median, found.q975]), found.reason, 0)


def _imported(one: Cases, asked: bool) -> Floats | None:
    if not asked:
        return None
    if one.imported is None:
        raise BadInput(
            "rt.imported", f"{one.title} has no column imported: how many of the cases were is "
            "not known."
        )  # fmt: skip
    return np.where(np.isnan(one.counts), 0.0, one.imported)


def _nowcast(one: Cases, si: Interval, window: int, seed: int) -> Table:
    """The mixture over nowcasts of the incomplete days, each with its own posterior."""
    draws = completed(one, seed)
    found = solve.estimate_rt(
        draws, si_mean=si.mean, si_sd=si.sd, window=window, min_cases=si.min_cases
    )
    parts = model.gamma_quantiles(found.shape, found.scale, _PARTS)
    pooled = parts.reshape(-1, parts.shape[-1])
    known = (found.reason == "").mean(axis=0) > 0.5
    shown = np.where(known, pooled, 1.0)
    levels = np.where(known, np.nanquantile(shown, _LEVELS, axis=0), np.nan)
    why = [next((one for one in column if one), "") for column in found.reason.T]
    reasons = np.where(known, "", why)
    middle = dataclasses.replace(one, counts=np.median(draws, axis=0))
    assert one.triangle is not None
    return _table(middle, window, levels, reasons, one.triangle.shape[1] - 1)


def completed(one: Cases, seed: int) -> Floats:
    """(draws, days): the counts with nowcasts of the incomplete last days."""
    assert one.triangle is not None
    told = nowcasting.nowcast(one.triangle, first_weekday=one.first.weekday(), seed=seed)
    most = one.triangle.shape[1] - 1
    made = np.repeat(one.counts[None, :], DRAWS, axis=0)
    made[:, -most:] = told.draws[:: len(told.draws) // DRAWS][:DRAWS]
    return made


def _table(one: Cases, window: int, levels: Floats, reason: Any, incomplete: int) -> Table:
    ends = np.arange(window, len(one.counts))
    sums = solve.window_sums(np.nan_to_num(one.counts)[None, :], window)[0]
    return Table(
        days=[one.first + int(end) * DAY for end in ends],
        cases=sums,
        low=levels[0],
        median=levels[1],
        high=levels[2],
        reason=[str(why) for why in reason],
        nowcast=[bool(end >= len(one.counts) - incomplete) for end in ends],
    )


_WORDS = {
    "": "",
    "too_early": "too early: not yet one serial interval since the first case",
    "few_cases": "too few cases in the window",
    "gap": "a day without a report, or too much of the past unreported",
}


def _show(one: Cases, found: Table, si: Interval, most: int, *, imported: bool) -> None:
    for remark in one.remarks:
        out.print(remark)
    if one.gaps:
        first = next(day for day, n in zip(one.days(), one.counts, strict=True) if np.isnan(n))
        out.print(f"{one.gaps} days have no report (the first {first}): gaps, not zeros.")
    if one.imported is not None and one.imported.any() and not imported:
        out.print(f"{one.imported.sum():.0f} imported cases count as local; --imported tells them "
                  "apart.")  # fmt: skip
    rows = list(zip(*dataclasses.astuple(found), strict=True))[-most:]
    table(
        f"{one.title} {one.unit}: R, windows ending on",
        ("day", "cases", "R", "95 % from", "to", ""),
        [
            (day, round(n), _two(median), _two(low), _two(high), _WORDS[why] or
             ("nowcast" if drawn else ""))
            for day, n, low, median, high, why, drawn in rows
        ],
    )  # fmt: skip
    sure = "" if si.unsure is None else ", known only so well"
    out.print(f"Serial interval {si.mean:g} d, sd {si.sd:g} d ({si.source}{sure}).")
    out.print("A window speaks of infections about one serial interval before its days.")


def _two(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2f}"


def _json(one: Cases, found: Table, si: Interval) -> dict[str, Any]:
    rows = [
        {
            "date": day.isoformat(),
            "cases": round(n),
            "q025": _number(low),
            "median": _number(median),
            "q975": _number(high),
            "reason": why,
            "nowcast": drawn,
        }
        for day, n, low, median, high, why, drawn in zip(*dataclasses.astuple(found), strict=True)
    ]
    interval = {"mean": si.mean, "sd": si.sd, "source": si.source, "uncertain": bool(si.unsure)}
    return {
        "source": one.title,
        "unit": one.unit,
        "serial_interval": interval,
        "gaps": one.gaps,
        "remarks": list(one.remarks),
        "windows": rows,
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
