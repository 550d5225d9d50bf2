"""`zhongshu pack`: the policy packs: what holds, what changed, why, and whether a file is sound."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from zhongshu.cli import installation, packprint
from zhongshu.cli.output import err, out, table
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day, parse_moment
from zhongshu.rules import judge, reader
from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import diff as differences
from zhongshu.rules.packfiles import library
from zhongshu.rules.packfiles.document import Problem

app = typer.Typer(help="Policy packs: the figures and rules that apply.", no_args_is_help=True)

_ON = Annotated[str, typer.Option(help="Day whose amendments apply, e.g. 2022-11-12.")]
_PACK = Annotated[str, typer.Argument(help="e.g. cn-covid-9, or a version: cn-covid-9+20")]
MISTAKES = 2  # exit code of a refusal


@app.command("list")
def list_(
    context: typer.Context,
    on: _ON = "",
    path: Annotated[str, typer.Option(help="Division path whose overlays count.")] = "",
) -> None:
    """Every pack, with the version in force on a day."""
    day = _day(context, on)
    found = {pack.id: pack.version for pack in reader.all_applicable(day, path)}
    rows = []
    for pack_id in reader.pack_ids():
        first = reader.versions(pack_id)[0]
        marks = [figure.mark for figure in first.figures().values()]
        dates = f"{first.effective_from} to {first.effective_to or '...'}"
        counts = " / ".join(str(marks.count(mark)) for mark in packprint.MARKS)
        rows.append((pack_id, first.disease, first.topic, dates, found.get(pack_id), counts))
    columns = ("pack", "disease", "topic", "dates", "in force", "V / R / D")
    table(f"packs on {day}; figures: {', '.join(packprint.MARKS.values())}", columns, rows)


@app.command("show")
def show(context: typer.Context, pack_id: _PACK, on: _ON = "") -> None:
    """A pack as in force on a day: figures, rules, clocks, schedules, thresholds."""
    day = _day(context, on)
    pack = _pack(pack_id, day)
    title = f"{pack.version} on {day}: {pack.edition.zh}"
    _say_if_not_in_force(pack, day)
    packprint.pack_page(pack, title, command=reader.command(on=day))
    sections = ", ".join(f"{len(parts)} {name}" for name, parts in pack.sections() if parts)
    out.print(f"{len(pack.figures())} figures, {sections}")


def _say_if_not_in_force(pack: Pack, day: dt.date) -> None:
    if pack.effective_to is not None and day > pack.effective_to:
        out.print(f"{pack.id} ended on {pack.effective_to}; this is how it ended", style="bold")
    elif day < pack.effective_from:
        out.print(f"{pack.id} begins on {pack.effective_from}; not in force on {day}", style="bold")


@app.command("lint")
def lint(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; without any, all packs in use.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Judge them without the packs that ship.")
    ] = False,
    remarks: Annotated[
        bool, typer.Option("--remarks", help="Also what is odd but no mistake.")
    ] = False,
) -> None:
    """Every mistake in pack files, with file and line; exit code 2 if there is one."""
    given = list(_files(files or []))
    found = library.added(reader.SHIPPED, given, alone=alone) if files else reader.problems()
    mistakes = [one for one in found if not one.remark]
    for one in found:
        if remarks or not one.remark:
            (err if not one.remark else out).print(_sentence(one), soft_wrap=True, markup=False)
    count = _many(len(given), "file") if files else _many(len(reader.pack_ids()), "pack")
    if mistakes:
        err.print(f"{count}: {_many(len(mistakes), 'mistake')}")
        raise typer.Exit(MISTAKES)
    out.print(f"{count}: no mistakes")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _sentence(problem: Problem) -> str:
    return f"{problem} (remark)" if problem.remark else str(problem)


def _files(given: list[Path]) -> Iterator[Path]:
    for one in given:
        if not one.exists():
            raise BadInput("packs.no_file", f"There is no file or folder {one}.", file=str(one))
        if one.is_dir():
            yield from sorted(one.glob("*.yaml"))
        else:
            yield one


@app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(help="A pack or version, e.g. cn-covid-9")],
    after: Annotated[str, typer.Argument(help="Another, e.g. cn-covid-9+20")],
) -> None:
    """What differs between two versions, entry by entry."""
    one, other = reader.load(before), reader.load(after)
    found = list(differences.changes(one, other))
    packprint.changes(f"{one.version} -> {other.version}", found)
    out.print(f"{len(found)} differences")


@app.command("explain")
def explain(
    context: typer.Context,
    pack_id: Annotated[str, typer.Argument(help="e.g. cn-covid-9")] = "",
    rule_id: Annotated[str, typer.Argument(help="e.g. ISO-1")] = "",
    on: _ON = "",
    facts: Annotated[
        Path | None, typer.Option(help="JSON file with the facts of one subject, to be judged.")
    ] = None,
    decision: Annotated[int | None, typer.Option(help="Number of a decision, instead.")] = None,
) -> None:
    """A rule in words with its figures and sources; with facts, what it says of them; or the
    judgements a decision stands on, done again."""
    if decision is not None:
        _explain_decision(context, decision)
        return
    if not pack_id or not rule_id:
        raise BadInput("packs.nothing_asked", "Name a pack and a rule, or give --decision.")
    pack = _pack(pack_id, _day(context, on))
    rule = pack.rule(rule_id)
    packprint.rule_page(pack, rule)
    if facts is not None:
        told = {"now": installation.of(context).wall().isoformat(), **_facts(facts)}
        found = judge.judge(pack, rule_id, told)
        assert rule.logic is not None, "a rule in words alone is not judged"
        packprint.judged(pack, found, rule.logic.then)


def _explain_decision(context: typer.Context, number: int) -> None:
    installation.of(context).open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.periods import facade as periods

    found = periods.explain(number, Scope((incidents.current().scope_unit.path,)))
    for one in found.judgements:
        stored = one.stored
        out.print(f"[bold]{stored['rule_id']}[/] of {stored['version']}", soft_wrap=True)
        for words in one.words:
            out.print(f"{words['en']}\n{words['zh']}")
        if one.refused is not None:
            out.print(f"cannot be done again: {one.refused.message}")
            continue
        out.print(json.dumps(stored["facts"], ensure_ascii=False), soft_wrap=True)
        held = "held" if stored["held"] else "did not hold"
        out.print(f"{held} then; " + ("the same now" if one.same else "ANOTHER RESULT NOW"))
    out.print(f"{len(found.judgements)} judgements")


def _facts(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput("packs.facts", f"{file} cannot be read as JSON: {error}.") from error
    if not isinstance(told, dict):
        raise BadInput("packs.facts", f"{file} is not a JSON object of facts.")
    return told


def _pack(name: str, day: dt.date) -> Pack:
    """As in force on the day, or on the nearest one; a version or amendment as it is."""
    return reader.to_read(name, on=day) if name in reader.pack_ids() else reader.load(name)


def _day(context: typer.Context, text: str) -> dt.date:
    if not text:
        return beijing_day(installation.of(context).wall())
    return parse_moment(text).date()
