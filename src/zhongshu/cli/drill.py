"""`zhongshu drill`: policies tried on synthetic counties; the registers are not touched."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from zhongshu.cli import worldbuild
from zhongshu.cli.output import out, steps, table
from zhongshu.service.drills import facade as drills
from zhongshu.service.drills.facade import Interval, Score

app = typer.Typer(
    help="Drills: what a policy would have come to in a synthetic county.", no_args_is_help=True
)
DEFAULT = drills.Scenario()
# Column, its title, digits after the point.
COLUMNS = (
    ("infections", "infections", 0),
    ("person_days", "person-days", 0),
    ("area_pd", "in areas", 0),
    ("home_pd", "at home", 0),
    ("central_pd", "in rooms", 0),
    ("place_pd", "places shut", 0),
    ("tests", "tests", 0),
    ("peak_rooms", "rooms", 0),
    ("zero_day", "days to zero", 1),
    ("missed", "missed", 1),
    ("isolation_h", "h to isolation", 0),
)
BRIEF = ("infections", "person_days", "tests", "zero_day", "missed")  # of one seed
NAMES = ", ".join(policy.name for policy in drills.ALL)

Policies = Annotated[list[str], typer.Option("--policy", help=f"Again for more: {NAMES}.")]
Seeds = Annotated[str, typer.Option(help="1..20, 7 or 1,4,9..12.")]
Days = Annotated[int, typer.Option(help="Days simulated at most.", min=1, max=365)]
People = Annotated[int, typer.Option(help="Synthetic people of the county.")]
County = Annotated[str, typer.Option(help="Code of the county they resemble.")]
R0 = Annotated[
    float, typer.Option("--r0", help="People whom an imported case infects, unhindered.")
]
Coverage = Annotated[float, typer.Option(help="Share of visits that leave a record.")]
Sensitivity = Annotated[float, typer.Option(help="Of a test at full load.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of tables.")]


@app.callback()
def _group() -> None:
    """Keeps `run` a command of its own."""


@app.command("run")
def run(
    policy: Policies,
    seeds: Seeds = "1..20",
    days: Days = DEFAULT.days,
    people: People = DEFAULT.people,
    county: County = DEFAULT.county,
    r0: R0 = DEFAULT.r0,
    coverage: Coverage = DEFAULT.coverage,
    sensitivity: Sensitivity = DEFAULT.sensitivity,
    as_json: Json = False,
) -> None:
    """Step synthetic counties by day under a policy that sees only what is known, and score it."""
    scenario = drills.Scenario(
        people=people, days=days, county=county, r0=r0, coverage=coverage, sensitivity=sensitivity
    )
    chosen = [drills.named(name) for name in dict.fromkeys(policy)]
    wanted = drills.seeds_of(seeds)
    running = drills.run(scenario, worldbuild.margins(), policies=chosen, seeds=wanted)
    scores: list[Score] = []
    if as_json:
        scores.extend(running)
        out.print_json(json.dumps(_told(scenario, scores)))
        return
    with steps() as step:
        for score in running:
            scores.append(score)
            step("drill", len(scores) / (len(chosen) * len(wanted)))
    _show(scores)


def _by_policy(scores: Sequence[Score]) -> dict[str, list[Score]]:
    found: dict[str, list[Score]] = {}
    for score in scores:
        found.setdefault(score.policy, []).append(score)
    return found


def _told(scenario: drills.Scenario, scores: Sequence[Score]) -> dict[str, Any]:
    return {
        "label": "synthetic",
        "scenario": dataclasses.asdict(scenario),
        "scores": [score.as_json() for score in scores],
        "summary": {
            name: {
                figure: None if one is None else dataclasses.asdict(one)
                for figure, one in drills.summary(mine).items()
            }
            for name, mine in _by_policy(scores).items()
        },
    }


def _show(scores: Sequence[Score]) -> None:
    by_policy = _by_policy(scores)
    if len(scores) <= 2 * len(drills.ALL):
        _by_seed(scores)
    told = {name: drills.summary(mine) for name, mine in by_policy.items()}
    rows = [
        [title, *(_interval(told[name][key], digits) for name in told)]
        for key, title, digits in COLUMNS
    ]
    seeds = len({score.seed for score in scores})
    table(f"Synthetic drills, mean of {seeds} seeds (95 % interval)", ["", *told], rows)


def _by_seed(scores: Sequence[Score]) -> None:
    shown = [column for column in COLUMNS if column[0] in BRIEF]
    rows = [
        [one.policy, one.seed, *(_cell(getattr(one, key), digits) for key, _, digits in shown)]
        for one in scores
    ]
    titles = ["policy", "seed", *(title for _, title, _ in shown)]
    table("Synthetic drills, by seed", titles, rows)


def _cell(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _interval(one: Interval | None, digits: int) -> str:
    """A dash where no seed has the figure."""
    if one is None:
        return "-"
    return f"{one.mean:,.{digits}f} ({max(one.low, 0):,.{digits}f}-{one.high:,.{digits}f})"
