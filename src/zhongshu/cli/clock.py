"""`zhongshu clock`: what is late and what soon will be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhongshu.cli import installation
from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing

if TYPE_CHECKING:
    import datetime as dt

app = typer.Typer(help="Clocks: what must be done by when, by whom.", no_args_is_help=True)
HEADS = ("overdue", "1 h", "4 h", "24 h", "later")
_MOST = 50

Scope = Annotated[str | None, typer.Option(help="Unit (12-digit code); default: the incident's.")]


@app.callback()
def main() -> None:
    """Clocks: what must be done by when, by whom."""


def _now(context: typer.Context) -> dt.datetime:
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents

    return incidents.headquarters_time(here.wall())


def _path(code: str | None) -> str:
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.units import facade as units

    home: str = incidents.current().scope_unit_id
    return str(units.get(code or home).path)


@app.command("wall")
def wall(context: typer.Context, scope: Scope = None) -> None:
    """How many clocks are overdue or due soon, by owner and by kind."""
    now = _now(context)
    from zhongshu.service.clocks import facade as clocks
    from zhongshu.service.kit.scope import Scope as Rows
    from zhongshu.service.units import facade as units

    path = _path(scope)
    unit = units.ref(units.get(path.rstrip("/").rpartition("/")[2]))
    found = clocks.wall(unit, Rows((path,)), clocks.Then.of(now, now=now))
    rows = [
        (one.unit["name"] + (" and below" if one.below else ""), *one.counts.values())
        for one in found.owners
        if any(one.counts.values())
    ]
    table(
        f"{unit['name']}, {beijing(found.at):%Y-%m-%d %H:%M}",
        ("owner", *HEADS),
        [*rows, ("all", *found.totals.values())],
    )
    table(
        "By clock",
        ("clock", "", "rule", *HEADS),
        [
            (one.kind.clock, one.kind.name["zh"], one.kind.rule_id, *one.counts.values())
            for one in found.kinds
        ],
    )


@app.command("list")
def list_(
    context: typer.Context,
    scope: Scope = None,
    bucket: Annotated[str, typer.Option(help="overdue, h1, h4, h24 or later.")] = "overdue",
    clock: Annotated[str, typer.Option(help="Only this clock, e.g. directive-sign.")] = "",
) -> None:
    """The running clocks of one bucket of the wall, due first first."""
    now = _now(context)
    from zhongshu.kernel.errors import BadInput
    from zhongshu.service.clocks import facade as clocks
    from zhongshu.service.kit.scope import Scope as Rows

    if bucket not in clocks.BUCKETS:
        known = ", ".join(clocks.BUCKETS)
        raise BadInput("clocks.bucket", f"There is no bucket '{bucket}'; there are {known}.")
    rows = clocks.listed(
        scope=Rows((_path(scope),)),
        then=clocks.Then.of(now, now=now),
        bucket=bucket,
        clock=clock,
    )
    shown = [
        (
            one.pk,
            one.clock,
            f"{one.subject_kind} {one.label}",
            one.unit.name,
            f"{beijing(one.due_at):%m-%d %H:%M}",
            one.step,
        )
        for one in rows.select_related("unit").order_by("due_at", "id")[:_MOST]
    ]
    table(
        f"{bucket}: {rows.count():,}",
        ("id", "clock", "subject", "owner", "due", "last step"),
        shown,
    )


@app.command("sweep")
def sweep(context: typer.Context) -> None:
    """Do now what the worker does each minute: tell the steps that have come, once each."""
    now = _now(context)
    from zhongshu.service.clocks import facade as clocks

    done = clocks.sweep(now=now)
    out.print(
        f"{done.moved:,} clocks took a step, {done.told:,} notifications; "
        f"{done.ended:,} ended by themselves."
    )


@app.command("follow")
def follow(context: typer.Context) -> None:
    """Bring every clock in line with the registers, e.g. after a pack was changed."""
    now = _now(context)
    from zhongshu.service.cases import facade as cases
    from zhongshu.service.contacts import facade as contacts
    from zhongshu.service.directives import facade as directives
    from zhongshu.service.kit.actor import Actor
    from zhongshu.service.letters import facade as letters
    from zhongshu.service.periods import facade as periods
    from zhongshu.service.rounds import facade as rounds
    from zhongshu.service.signals import facade as signals
    from zhongshu.service.zones import facade as zones

    registers = {
        "cases": cases.follow_clocks,
        "contacts": contacts.follow_clocks,
        "letters": letters.follow_clocks,
        "zones": zones.follow_clocks,
        "signals": signals.follow_clocks,
        "directives": directives.follow_clocks,
        "tubes": rounds.follow_clocks,
        "events": periods.follow_clocks,
    }
    for name, bring in registers.items():
        counts = bring(actor=Actor("command line"), now=now)
        out.print(f"{name}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))
