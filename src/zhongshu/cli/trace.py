"""`zhongshu trace`: who was near these cases."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhongshu.cli import installation, intake, traceexplain
from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import beijing, parse_moment

if TYPE_CHECKING:
    from zhongshu.rules.model import Pack
    from zhongshu.service.tracing.facade import Fresh

SHOWN = 60  # contacts of a case that are printed
HEADS = (
    "degree",
    "contact",
    "name",
    "number",
    "via",
    "kind",
    "first",
    "last",
    "times",
    "minutes",
    "rule",
    "score",
)
CASES = Annotated[list[str], typer.Argument(help="Case numbers, or ids.", metavar="CASE...")]


class EngineName(StrEnum):
    HOT = "hot"
    PARQUET = "parquet"
    SPARK = "spark"


def register(app: typer.Typer) -> None:
    app.command("trace")(trace)


def trace(
    context: typer.Context,
    numbers: CASES,
    engine: Annotated[
        EngineName | None,
        typer.Option(help="Ask this engine alone; default: hot, or parquet where it declines."),
    ] = None,
    as_of: Annotated[str, typer.Option(help="What was known at this moment; default: now.")] = "",
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Print every exposure, the chain, and what would clear."),
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Write the contacts.")] = False,
    purpose: Annotated[str, typer.Option(help="What for; it goes on record.")] = "investigation",
) -> None:
    """Trace cases and print their contacts, masked; with --write, put them in the register."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.kit.actor import Actor
    from zhongshu.service.tracing import facade as tracing

    now = intake.headquarters_now(here)
    if write and as_of:
        raise BadInput("trace.write_past", "Contacts are written as known now; leave out --as-of.")
    moment = parse_moment(as_of) if as_of else now
    known = _cases(numbers, moment)
    pack = _pack(moment)
    for case_id, number in known.items():
        found = tracing.fresh(
            case_id,
            as_of=moment,
            pack=pack,
            scope=_everywhere(),
            engine=engine.value if engine else None,
            seal=not as_of,
        )
        _record(case_id, found, purpose, now)
        told = traceexplain.names(case_id, number, found, scope=_everywhere())
        _show(number, found, told, pack.version)
        if explain:
            traceexplain.show(found.found.slice(0, SHOWN), found, told, pack)
    if write:
        done = tracing.retrace(
            as_of=moment,
            pack=pack,
            case_ids=list(known),
            engine=engine.value if engine else None,
            actor=Actor("command line"),
        )
        out.print(
            f"Written: {done.counts['changed']} contacts new or changed, "
            f"{done.counts['withdrawn']} withdrawn"
        )


def _record(case_id: int, found: Fresh, purpose: str, now: dt.datetime) -> None:
    """Whose contacts were looked at, and what for; refuses a purpose that is none."""
    from zhongshu.service.audit import facade as audit
    from zhongshu.service.kit.actor import Actor
    from zhongshu.service.tracing import facade as tracing

    if purpose not in tracing.PURPOSES:
        known = ", ".join(tracing.PURPOSES)
        raise BadInput("inquiries.purpose", f"'{purpose}' is no purpose; it is one of {known}.")
    audit.record(
        actor=Actor("command line"),
        action="tracing.trace",
        object_=f"case:{case_id}",
        at=now,
        facts={"purpose": purpose, "contacts": found.found.num_rows},
    )


def _cases(numbers: list[str], moment: Any) -> dict[int, str]:
    """Case id to number; refuses one that is not an open case."""
    from zhongshu.service.cases import facade as cases

    rows = cases.open_cases(moment).select(["case_id", "case_no"]).to_pylist()
    by_number = {row["case_no"]: row["case_id"] for row in rows}
    by_id = {str(row["case_id"]): row["case_id"] for row in rows}
    found = {}
    for number in numbers:
        case_id = by_number.get(number, by_id.get(number))
        if case_id is None:
            raise NotFound(
                "cases.unknown",
                f"There is no open case {number}; name it by its number, e.g. "
                f"{next(iter(by_number), 'C1')}.",
            )
        found[case_id] = number
    return found


def _pack(moment: Any) -> Pack:
    from zhongshu.kernel.time import beijing_day
    from zhongshu.rules import reader
    from zhongshu.service.incidents import facade as incidents

    incident = incidents.current()
    pack = reader.applicable(
        disease=incident.disease, on=beijing_day(moment), path=incident.scope_unit.path
    )
    if not pack.number("trace.degrees"):
        raise BadInput("tracing.not_in_edition", f"Under {pack.version} nobody is traced.")
    return pack


def _everywhere() -> Any:
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope

    return Scope((incidents.current().scope_unit.path,))


def _registered(person: int, told: traceexplain.Names) -> str:
    return told.person(person) if person in told.registered else "new"


def _show(number: str, found: Fresh, told: traceexplain.Names, version: str) -> None:
    from zhongshu.service.tracing import facade as tracing

    begin, end = (f"{beijing(moment):%Y-%m-%d %H:%M}" for moment in found.window)
    out.print(
        f"[bold]{number}[/]  {begin} to {end}, {version}: {found.of_degree(1)} close, "
        f"{found.of_degree(2)} second degree, {found.result.notices.num_rows} venue notices; "
        f"{tracing.engine_of(found.result)} in {found.ms:.0f} ms"
        + (f", {found.loading_ms / 1000:.1f} s to load" if found.loading_ms > 1000 else "")
    )
    if found.kept_from:
        out.print(
            f"Visits before {found.kept_from} are deleted by rule {found.kept_by}; "
            "traced from there"
        )
    rows = found.found.slice(0, SHOWN).to_pylist()
    table(
        f"Contacts of {number}",
        HEADS,
        [
            (
                row["degree"],
                _registered(row["person"], told),
                *told.masked.get(row["person"], ("", "")),
                told.person(row["via_person"]) if row["via_person"] is not None else "",
                row["kind"],
                f"{beijing(row['first_exposure']):%m-%d %H:%M}",
                f"{beijing(row['last_exposure']):%m-%d %H:%M}",
                row["exposures"],
                f"{row['minutes']:.0f}{'~' if row['imputed'] else ''}",
                row["rule_id"],
                f"{row['score']:.3f}",
            )
            for row in rows
        ],
    )
    if found.found.num_rows > SHOWN:
        out.print(f"... and {found.found.num_rows - SHOWN} more")
    for row in found.result.capped.to_pylist():
        out.print(
            f"Too many: {row['found']} of second degree, {row['kept']} kept; tell the others by "
            "venue notice."
        )
    out.print(f"Against the register: {len(found.added)} new, {len(found.removed)} no longer found")
    if found.clocks:
        out.print(
            f"Were device clocks off by up to {found.clocks.tolerance_min:g} min: "
            f"{found.clocks.sure} of {found.clocks.listed} close contacts would stay in any case, "
            f"at most {found.clocks.possible} would be listed"
        )
