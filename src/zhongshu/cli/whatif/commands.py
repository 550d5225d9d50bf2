"""`zhongshu whatif`: what would follow from each option, compared over the same luck."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import parse_moment
from zhongshu.lake.lake import Lake

app = typer.Typer(help="Compare options over the same luck.", no_args_is_help=True)
Files = Annotated[
    list[Path],
    typer.Argument(help="YAML: an option, or a list of them.", metavar="OPTION.yaml..."),
]
Unit = Annotated[str, typer.Option(help="Division code; default: the incident's unit.")]
Days = Annotated[int, typer.Option(min=1, max=60, help="Days, from tomorrow.")]
Runs = Annotated[int, typer.Option(min=20, max=200, help="Runs of each option.")]
Against = Annotated[str, typer.Option(help="Compare with this option; default: the first.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer.")]
AsOf = Annotated[str, typer.Option(help="Cases as known at this moment; default: now.")]
Unseen = Annotated[
    float | None,
    typer.Option(
        help="Infected whom no registered case infected, expected number; of one county only;"
        " default: as the pack says."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="All of the answer as JSON.")]

SHOWN = (
    "infections", "detected", "in_quarantine_share", "waiting", "tests", "person_days",
    "person_days_locked", "person_days_static", "person_days_home", "person_days_central",
    "p_no_community_case", "p_rooms_out", "p_beds_out", "p_transfers_out", "cost",
)  # fmt: skip


@app.command("compare")
def compare(
    context: typer.Context,
    files: Files,
    unit: Unit = "",
    days: Days = 14,
    runs: Runs = 100,
    against: Against = "",
    seed: Seed = 1,
    as_of: AsOf = "",
    unseen: Unseen = None,
    as_json: Json = False,
) -> None:
    """Compute options from the registered cases: totals with 80 % intervals, and the paired
    differences.  Nothing is kept."""
    raw = [one for file in files for one in _read(file)]
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.whatif import facade as whatif

    question = whatif.Question(
        unit=unit or incidents.current().scope_unit_id,
        title="cli",
        days=days,
        runs=runs,
        against=against or str(raw[0].get("name", "")),
        options=raw,
        unseen=unseen,
    )
    asked = whatif.Asked(
        unit=question.unit,
        as_of=parse_moment(as_of) if as_of else intake.headquarters_now(here),
        days=days,
        runs=runs,
        against=question.against,
        options=question.read(),
        unseen=unseen,
    )
    began = time.perf_counter()
    answer = whatif.answer(asked, lake=Lake(here.lake_root), seed=seed)
    answer["seconds"] = round(time.perf_counter() - began, 2)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    _print(answer, days=days, runs=runs)


@app.command("templates")
def templates(context: typer.Context, unit: Unit = "", as_of: AsOf = "") -> None:
    """Options to start from, as YAML: figures of the packs, areas and means of the registers."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.units import facade as units
    from zhongshu.service.whatif import facade as whatif

    place = units.get(unit or incidents.current().scope_unit_id)
    moment = parse_moment(as_of) if as_of else intake.headquarters_now(here)
    told = whatif.form(unit=place.code, scope=Scope((place.path,)), as_of=moment)
    made = [{k: v for k, v in one.items() if k != "told"} for one in told["templates"]]
    # Each for itself: an anchor in one would be lost when somebody takes it out.
    typer.echo(yaml.safe_dump(json.loads(json.dumps(made)), allow_unicode=True, sort_keys=False))


def _read(file: Path) -> list[dict[str, Any]]:
    """Refuses (BadInput) a file that cannot be read or holds no option."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadInput("whatif.file", f"{file} cannot be read as YAML; correct it.") from error
    rows = raw if isinstance(raw, list) else [raw]
    if not rows or not all(isinstance(one, dict) for one in rows):
        raise BadInput("whatif.file", f"{file} holds no option: a mapping, or a list of them.")
    return rows


def _print(answer: dict[str, Any], *, days: int, runs: int) -> None:
    names = list(dict.fromkeys(row["option"] for row in answer["totals"]))
    totals = {(row["measure"], row["option"]): row for row in answer["totals"]}
    shown = [name for name in SHOWN if any(totals[name, option]["mean"] for option in names)]
    table(
        f"What if: {days} days from {answer['days'][0]}, {runs} runs, {answer['label']}",
        ("mean, 80 % interval", *names),
        [(name, *(_spread(totals[name, option]) for option in names)) for name in shown],
    )
    apart = answer["differences"]
    rows = {(row["measure"], row["option"]): row for row in apart["rows"]}
    others = [option for option in names if option != apart["against"]]
    if others:
        table(
            f"Less {apart['against']}, run by run",
            ("difference, 80 % interval", *others),
            [(name, *(_spread(rows[name, option]) for option in others)) for name in shown],
        )
    people = "synthetic people" if answer["synthetic_population"] else "people on file"
    out.print(
        f"{answer['engine']}: from {answer['cases']} registered cases, {answer['people']:,} "
        f"{people}, {answer['seconds']} s, seed {answer['seed']}."
    )


def _spread(row: dict[str, Any]) -> str:
    if row["mean"] is None:
        return ""
    return f"{_figure(row['mean'])} ({_figure(row['q10'])} to {_figure(row['q90'])})"


def _figure(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 2 else f"{value:,.0f}"
