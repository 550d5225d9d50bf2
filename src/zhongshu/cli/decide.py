"""`zhongshu decide`: proposals and decisions."""

from __future__ import annotations

from typing import Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table

app = typer.Typer(help="Proposals: list them, approve, amend or reject.", no_args_is_help=True)

_AS = Annotated[str, typer.Option("--as", help="Who decides (a user with the right).")]
_NUMBER = Annotated[int, typer.Argument(help="Number of the proposal.")]


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        str, typer.Option(help="waiting, approved, amended, rejected ...")
    ] = "waiting",
) -> None:
    """Proposals, the most pressing first."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.periods import facade as periods

    scope = Scope((incidents.current().scope_unit.path,))
    found = periods.listed(scope=scope, as_of=intake.headquarters_now(here), state=state)
    rows = [
        (one.pk, one.kind, one.state, one.title["zh"], one.title["en"])
        for one in found.order_by("-priority", "-id")
    ]
    table(f"{len(rows)} proposals", ("no.", "kind", "state", "提案", "proposal"), rows)


@app.command("approve")
def approve(context: typer.Context, number: _NUMBER, who: _AS) -> None:
    """Approve a proposal; directives go out to the units concerned."""
    _decide(context, number, who, verdict="approve")


@app.command("amend")
def amend(
    context: typer.Context,
    number: _NUMBER,
    who: _AS,
    reason: Annotated[str, typer.Option(help="Why.")],
    due_hours: Annotated[float | None, typer.Option(help="Other time due, hours.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Leave this unit out.")] = None,
    note: Annotated[str, typer.Option(help="A sentence added to the directive.")] = "",
) -> None:
    """Approve with changes, and say why."""
    changes = {"due_hours": due_hours, "exclude_units": tuple(without or ()), "note": note}
    _decide(context, number, who, verdict="amend", reason=reason, **changes)


@app.command("reject")
def reject(
    context: typer.Context,
    number: _NUMBER,
    who: _AS,
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Reject a proposal, and say why."""
    _decide(context, number, who, verdict="reject", reason=reason)


def _decide(
    context: typer.Context, number: int, who: str, *, verdict: str, **amendment: object
) -> None:
    here = installation.of(context)
    here.open()
    from zhongshu.service.accounts import facade as accounts
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.periods import facade as periods

    actor = accounts.actor(who, "proposal.decide")
    decision, directives = periods.decide(
        proposal_id=number,
        verdict=periods.Verdict(verdict, **amendment),  # type: ignore[arg-type]
        scope=Scope((actor.unit_path,)),
        actor=actor,
        by_name=accounts.by_name(who).display_name,
        now=intake.headquarters_now(here),
    )
    out.print(f"Decision {decision.pk}: {verdict}; {len(directives)} directives issued.")
