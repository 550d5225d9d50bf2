"""`zhongshu letters`: asking counties to find contacts (协查函)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import BadInput
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
    letter = letters.by_number(number, scope)
    with _written(to) as write:  # before names are opened: what cannot be written opens none
        opened = letters.opened(
            letter_id=letter.pk,
            purpose=purpose,
            scope=scope,
            actor=actor,
            now=intake.headquarters_now(here),
        )
        write(files.content(opened, format=format_.value))
    out.print(f"{opened.letter.number}: {len(opened.rows)} rows in {to}.")


@contextmanager
def _written(to: Path) -> Iterator[Callable[[bytes], int]]:
    """Write `to`, whole or not at all; for the owner's eyes alone: it names people."""
    if to.exists() and not to.is_file():
        raise _not_writable(to, "it is no file")
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    except OSError as error:
        raise _not_writable(to, error.strerror) from error
    try:
        with os.fdopen(handle, "wb") as target:
            yield target.write
        Path(name).replace(to)
    except OSError as error:
        raise _not_writable(to, error.strerror) from error
    finally:
        Path(name).unlink(missing_ok=True)


def _not_writable(to: Path, why: str | None) -> BadInput:
    return BadInput(
        "files.not_writable",
        f"{to} cannot be written ({why}); name a file in a folder you may write to.",
        path=str(to),
    )


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
    table(f"{len(shown)} letter{'' if len(shown) == 1 else 's'}", HEADS, shown)
