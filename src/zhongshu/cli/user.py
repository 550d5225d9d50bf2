"""`zhongshu user`: who may sign in, with which posts."""

from __future__ import annotations

from typing import Annotated

import typer

from zhongshu.cli import installation
from zhongshu.cli.output import out, table
from zhongshu.kernel.errors import BadInput

app = typer.Typer(help="People who may sign in, and their posts.", no_args_is_help=True)

_POST_HELP = "UNIT:ROLE, e.g. 140000000000:commander; repeat for several posts."


def _posts(texts: list[str]) -> list[tuple[str, str]]:
    pairs = [text.partition(":") for text in texts]
    if bad := [text for text, (_, colon, _) in zip(texts, pairs, strict=True) if not colon]:
        raise BadInput("user.post", f"'{bad[0]}' is not a post; write UNIT:ROLE.", post=bad[0])
    return [(unit, role) for unit, _, role in pairs]


@app.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Sign-in name, e.g. wang.duty")],
    post: Annotated[list[str], typer.Option("--post", help=_POST_HELP)],
    display: Annotated[str, typer.Option(help="Name shown to others.")] = "",
) -> None:
    """Add a person with posts; prints a one-time sign-in secret (no passwords are set for them)."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.accounts import facade as accounts

    secret = accounts.create_user(
        username=name, display_name=display or name, posts=_posts(post), now=here.wall()
    )
    out.print(f"{name} may sign in once at {here.url}/?secret={secret}")


@app.command("secret")
def secret(context: typer.Context, name: Annotated[str, typer.Argument()]) -> None:
    """A new one-time sign-in secret for someone who cannot sign in."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.accounts import facade as accounts

    out.print(f"{here.url}/?secret={accounts.new_secret(username=name, now=here.wall())}")


@app.command("list")
def list_(context: typer.Context) -> None:
    """Everybody who may sign in, with posts."""
    installation.of(context).open()
    from zhongshu.service.accounts import facade as accounts

    rows = [(user, unit, role) for user, unit, role in accounts.posts()]
    table("Posts", ("user", "unit", "role"), rows)
