"""`zhongshu ask`: who was there, where did he go, what do cases share, who went along."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing, parse_moment

if TYPE_CHECKING:
    from zhongshu.service.tracing.cells import Count
    from zhongshu.service.tracing.inquiries import Asking

app = typer.Typer(
    help="Questions over the visits, each for a stated purpose and on the record.",
    no_args_is_help=True,
)
Who = Annotated[str, typer.Option("--as", help="Who asks (a user with the right).")]
Purpose = Annotated[
    str, typer.Option(help="investigation, treatment, transfer, correction or notice.")
]
Note = Annotated[str, typer.Option(help="What the answer is needed for.")]
From = Annotated[str, typer.Option("--from", help="Beijing time, e.g. 2022-11-05T08:00.")]
To = Annotated[str, typer.Option("--to", help="Beijing time.")]
AsOf = Annotated[str | None, typer.Option(help="By what was known then; default: now.")]
Case = Annotated[str, typer.Argument(help="Number of the case.")]


def _question(answer: Callable[..., None]) -> Callable[..., None]:
    """The command of a question: `answer` gets the asking, then its own parameters.

    Who asks, why and by what was known is asked for in the same options by every question; the
    command line library reads them off the signature, after the question's own.  It resolves
    annotations too, before the service may be imported: that of the asking is therefore `Any`.
    """

    def command(
        context: typer.Context,
        who: Who,
        purpose: Purpose,
        note: Note,
        as_of: AsOf = None,
        **own: Any,
    ) -> None:
        answer(_asking(context, who, purpose, note, as_of), **own)

    context, *shared, _ = inspect.signature(command, eval_str=True).parameters.values()
    _, *own = inspect.signature(answer, eval_str=True).parameters.values()
    command.__signature__ = inspect.Signature([context, *own, *shared])  # type: ignore[attr-defined]
    command.__doc__ = answer.__doc__
    return command


def _asking(context: typer.Context, who: str, purpose: str, note: str, as_of: str | None) -> Asking:
    here = installation.of(context)
    here.open()
    from zhongshu.rules import reader
    from zhongshu.service.accounts import facade as accounts
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.tracing import facade as tracing

    now = intake.headquarters_now(here)
    moment = now if as_of is None else parse_moment(as_of)
    incident, actor = incidents.current(), accounts.actor(who, "tracing.ask")
    pack = reader.applicable(
        disease=incident.disease, on=beijing(moment).date(), path=incident.scope_unit.path
    )
    return tracing.Asking(
        actor=actor,
        scope=Scope((actor.unit_path,)),
        purpose=purpose,
        note=note,
        as_of=moment,
        now=now,
        pack=pack,
    )


def _case(number: str, asking: Asking) -> int:
    from zhongshu.service.cases import facade as cases

    return int(cases.by_number(number, asking.scope, asking.as_of).pk)


@app.command("venue")
@_question
def venue(
    asking: Any,
    place: Annotated[str, typer.Argument(help="The sender's id of the place, e.g. train:G1#05.")],
    begin: From,
    end: To,
) -> None:
    """How many were at a place; nobody is named, small counts are hidden."""
    from zhongshu.service.tracing import facade as tracing

    found = tracing.venue(
        asking, place=None, place_id=place, begin=parse_moment(begin), end=parse_moment(end)
    )
    out.print(f"{found.place.name}: {_told(found.persons)} persons, {found.cases} of them cases")
    hours = [(_clock(one["hour"]), _told(one["persons"])) for one in found.by_hour]
    table("By hour", ("from", "persons"), hours)
    if found.by_spot:
        spots = [(one["name"], _told(one["persons"])) for one in found.by_spot]
        table("By part", ("part", "persons"), spots)
    _counties(found.by_county)


@app.command("timeline")
@_question
def timeline(asking: Any, case: Case, begin: From, end: To) -> None:
    """Where a case went."""
    from zhongshu.service.tracing import facade as tracing

    found = tracing.timeline(
        asking,
        case_id=_case(case, asking),
        contact_id=None,
        begin=parse_moment(begin),
        end=parse_moment(end),
    )
    rows = [
        (
            _clock(one["from"]),
            _clock(one["to"]),
            one["place"].name if one["place"] else "",
            "estimated" if one["imputed"] else "",
            "elsewhere too" if one["doubted"] else "",
            one["source"],
        )
        for one in found.stays
    ]
    table(f"Case {case}", ("from", "to", "place", "end", "doubt", "source"), rows)


@app.command("common")
@_question
def common(
    asking: Any,
    cases: Annotated[list[str], typer.Argument(help="Numbers of two cases or more.")],
) -> None:
    """Places and vehicles that explain a cluster, the least likely by chance first."""
    from zhongshu.service.tracing import facade as tracing

    found = tracing.common(asking, case_ids=[_case(case, asking) for case in cases])
    rows = [
        (
            one.place.name,
            str(len(one.cases)),
            f"{one.expected:.2g}",
            _told(one.persons),
            f"{one.p:.2g}",
            f"{one.p_adjusted:.2g}",
        )
        for one in found.places
    ]
    heads = ("place", "cases", "expected", "others", "p", "p of so many")
    table(f"Of {found.tested} places visited by {found.asked} cases", heads, rows)


@app.command("companions")
@_question
def companions(asking: Any, case: Case) -> None:
    """How many were in one mobile-phone cell with a case for too long (WHO-8)."""
    from zhongshu.service.tracing import facade as tracing

    found = tracing.companions(asking, case_id=_case(case, asking))
    mark = "" if found.verified else ", not verified"
    out.print(
        f"{_told(found.persons)} persons in {found.cells} cells for more than "
        f"{found.minutes:g} min within {found.days:g} days ({found.rule_id}{mark})"
    )
    _counties(found.by_county)


def _counties(rows: list[dict[str, Any]]) -> None:
    if not rows:
        out.print("Nobody to count by county of residence.")
        return
    told = [(one["unit"]["name"] if one["unit"] else "", _told(one["persons"])) for one in rows]
    table("By county of residence", ("county", "persons"), told)


def _told(one: Count) -> str:
    if one["value"] is not None:
        return f"about {one['value']}" if one["about"] else str(one["value"])
    return f"fewer than {one['below']}" if one["below"] else "not told"


def _clock(moment: Any) -> str:
    return f"{beijing(moment):%m-%d %H:%M}"
