"""`zhongshu incident`: what the headquarters is working on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zhongshu.cli import installation
from zhongshu.cli.output import out
from zhongshu.rules import reader

app = typer.Typer(help="The incident the headquarters is working on.", no_args_is_help=True)


class Mode(StrEnum):
    NORMAL = "normal"
    ALERT = "alert"
    EMERGENCY = "emergency"
    DRILL = "drill"


class ResponseLevel(StrEnum):
    I = "I"  # noqa: E741 - levels are Roman numbers
    II = "II"
    III = "III"
    IV = "IV"


@app.callback()
def main() -> None:
    """The incident the headquarters is working on."""


@app.command("open")
def open_(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="Short and unique, e.g. taiyuan-2022-10.")],
    scope: Annotated[str, typer.Option(help="Unit of the headquarters (12-digit code).")],
    zh: Annotated[str, typer.Option(help="Name in Chinese.")],
    en: Annotated[str, typer.Option(help="Name in English.")],
    pack: Annotated[str, typer.Option(help="Policy pack, e.g. cn-covid-9.")] = "cn-covid-9",
    mode: Annotated[Mode, typer.Option(help="Mode of the headquarters.")] = Mode.ALERT,
    level: Annotated[ResponseLevel | None, typer.Option(help="Response level.")] = None,
) -> None:
    """Open an incident; feeds and cycles belong to the one opened last."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.actor import Actor
    from zhongshu.service.units import facade as units

    units.get(scope)  # refuses an unknown unit
    disease = reader.load(pack).disease
    incident = incidents.open_incident(
        key=key,
        name={"zh": zh, "en": en},
        disease=disease,
        mode=mode.value,
        level=level.value if level else "",
        pack=pack,
        scope_unit=scope,
        synthetic=False,
        actor=Actor("command line"),
        now=here.wall(),
    )
    out.print(f"Open: {incident.key}, {incident.name['zh']}, pack {incident.pack}, {incident.mode}")
