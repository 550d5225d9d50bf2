"""`zhongshu letters`: asking counties to find contacts (协查函)."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhongshu.service.letters.models import Letter

app = typer.Typer(
    help="Letters that ask counties to find contacts: make, list, write to a file.",
    no_args_is_help=True,
)
_MOST = 100
HEADS = ("no.", "case", "from", "to", "persons", "made", "due", "state")


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@app.command("make")
def make(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="Number of the case.")],
    who: Annotated[str, typer.Option("--as", help="Who sends (a user with the right).")],
    note: Annotated[str, typer.Option(help="A sentence for the receiving counties.")] = "",
) -> None:
    """One letter to each county that has something new to hear about the case's contacts."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.accounts import facade as accounts
    from zhongshu.service.cases import facade as cases
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.letters import facade as letters

    now = intake.headquarters_now(here)
    actor = accounts.actor(who, "letter.send")
    scope = Scope((actor.unit_path,))
    one = cases.by_number(case, scope, now)
    made = letters.make(case_id=one.pk, note=note, scope=scope, actor=actor, now=now)
    _table(made)


@app.command("list")
def list_(
    context: typer.Context,
    case: Annotated[str, typer.Option(help="Only letters about this case (its number).")] = "",
    state: Annotated[str, typer.Option(help="sent, received or answered.")] = "",
    overdue: Annotated[bool, typer.Option(help="Only those not answered in time.")] = False,
) -> None:
    """Letters, the newest first."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.letters import facade as letters

    found = letters.listed(
        scope=Scope((incidents.current().scope_unit.path,)),
        as_of=intake.headquarters_now(here),
        state=state,
        overdue_only=overdue,
    )
    if case:
        found = found.filter(case_no=case)
    _table(list(found.order_by("-made_at", "-id")[:_MOST]))


@app.command("file")
def file(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="Number of the letter, e.g. 2022-12.")],
    who: Annotated[str, typer.Option("--as", help="Who opens it (a user of either side).")],
    to: Annotated[Path, typer.Option("--out", help="File to write.")],
    format_: Annotated[Format, typer.Option("--format", help="csv or xlsx.")] = Format.XLSX,
    purpose: Annotated[str, typer.Option(help="What the names are opened for.")] = "investigation",
) -> None:
    """Write a letter with names to a file; the access to every person on it is on record."""
    here = installation.of(context)
    here.open()
    from zhongshu.connectors.letters import files
    from zhongshu.service.accounts import facade as accounts
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.letters import facade as letters

    actor = accounts.actor(who, "identity.open")
    scope = Scope((actor.unit_path,))
    opened = letters.opened(
        letter_id=letters.by_number(number, scope).pk,
        purpose=purpose,
        scope=scope,
        actor=actor,
        now=intake.headquarters_now(here),
    )
    _write(to, files.content(opened, format=format_.value))
    out.print(f"{opened.letter.number}: {len(opened.rows)} rows in {to}.")


def _write(to: Path, content: bytes) -> None:
    """For the owner's eyes alone: it names people."""
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)


def _table(rows: Sequence[Letter]) -> None:
    from zhongshu.service.units import facade as units

    names = units.refs(code for one in rows for code in (one.unit_id, one.from_unit_id))
    shown = [
        (
            one.number,
            one.case_no,
            names[one.from_unit_id]["name"],
            names[one.unit_id]["name"],
            one.persons,
            f"{beijing(one.made_at):%m-%d %H:%M}",
            f"{beijing(one.due_at):%m-%d %H:%M}" if one.due_at else "",
            one.state,
        )
        for one in rows
    ]
    table(f"{len(shown)} letters", HEADS, shown)
