"""`zhongshu`: the headquarters from the command line."""

from __future__ import annotations

import sys
from typing import Any

import typer

from zhongshu.cli import (
    ask,
    audit,
    clock,
    cycle,
    decide,
    demo,
    drill,
    feeds,
    forecast,
    headquarters,
    incident,
    lake,
    letters,
    pack,
    report,
    rt,
    sources,
    trace,
    user,
    world,
)
from zhongshu.cli.output import say_refusal
from zhongshu.cli.plan import commands as plan
from zhongshu.cli.warn import commands as warn
from zhongshu.cli.whatif import commands as whatif
from zhongshu.kernel.errors import Refused

REFUSED = 2  # exit code: understood and declined; 1 is a fault of ours

_app = typer.Typer(
    name="zhongshu",
    help="Zhongshu (中枢), the operating system of an epidemic-response headquarters.\n\n"
    "The machine proposes, the headquarters decides, everything is on the record.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
headquarters.register(_app)
demo.register(_app)
report.register(_app)
trace.register(_app)
sources.register(_app)
rt.register(_app)
forecast.register(_app)
_app.add_typer(world.app, name="world")
_app.add_typer(drill.app, name="drill")
_app.add_typer(feeds.app, name="feeds")
_app.add_typer(lake.app, name="lake")
_app.add_typer(cycle.app, name="cycle")
_app.add_typer(decide.app, name="decide")
_app.add_typer(ask.app, name="ask")
_app.add_typer(letters.app, name="letters")
_app.add_typer(incident.app, name="incident")
_app.add_typer(user.app, name="user")
_app.add_typer(pack.app, name="pack")
_app.add_typer(warn.app, name="warn")
_app.add_typer(whatif.app, name="whatif")
_app.add_typer(plan.app, name="plan")
_app.add_typer(clock.app, name="clock")
_app.add_typer(audit.app, name="audit")


def app(*, obj: Any) -> None:
    """Run the command line; a refusal is one sentence on stderr and exit code 2."""
    try:
        _app(obj=obj, standalone_mode=True)
    except Refused as refusal:
        say_refusal(refusal)
        sys.exit(REFUSED)
