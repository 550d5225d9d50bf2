"""`zhongshu sources`: whether each county's daily reports came."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing, parse_moment

if TYPE_CHECKING:
    from zhongshu.service.sources.reading import Source

County = Annotated[str, typer.Option(help="Division code; default: the incident's unit.")]
State = Annotated[str, typer.Option(help="ok, late, partial, outage or never; default: all.")]
AsOf = Annotated[str, typer.Option(help="As known at this moment; default: now.")]
Json = Annotated[bool, typer.Option("--json", help="JSON with the days of each source.")]


def register(app: typer.Typer) -> None:
    app.command("sources")(sources)


def sources(
    context: typer.Context,
    county: County = "",
    state: State = "",
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """Each county's daily reports: complete, late, partial or an outage, which is never zero."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.sources import reading
    from zhongshu.service.units import facade as units

    unit = units.get(county or incidents.current().scope_unit_id)
    moment = parse_moment(as_of) if as_of else intake.headquarters_now(here)
    found = reading.read(scope=Scope((unit.path,)), as_of=moment, state=state, path=unit.path)
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found], ensure_ascii=False, indent=2))
        return
    counts = Counter(one.state.value for one in found)
    title = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
    table(
        f"Sources of {unit.name} as of {beijing(moment):%Y-%m-%d %H:%M}: {title or 'none'}",
        ("county", "stream", "state", "since", "came", "expected", "complete", "hour", "last day"),
        [_row(one) for one in found],
    )
    out.print("hour: median from 0:00 of the day reported on.  An outage is not zero.")


def _row(one: Source) -> tuple[object, ...]:
    return (
        one.unit["name"],
        one.stream,
        one.state.value,
        one.since,
        one.received,
        one.expected,
        None if one.completeness is None else f"{one.completeness:.0%}",
        None if one.delay_h is None else f"{one.delay_h[0]:.1f}",
        one.last_day,
    )


def _told(one: Source) -> dict[str, Any]:
    """What the console's interface says of it."""
    delay = one.delay_h and {"median": one.delay_h[0], "p90": one.delay_h[1]}
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(one), default=str))
    return plain | {"id": f"{one.unit['code']}:{one.stream}", "delay_h": delay}
