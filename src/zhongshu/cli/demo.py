"""`zhongshu demo`: a headquarters' day on a synthetic province, from nothing to the console."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from zhongshu.cli import cycle, headquarters, installation, intake, worldbuild
from zhongshu.cli import report as report_command
from zhongshu.cli.installation import Installation
from zhongshu.cli.output import Steps, out, steps
from zhongshu.cli.world import DAYS, HISTORY, PEOPLE, SEED
from zhongshu.engines.world.model import WorldParams
from zhongshu.kernel.time import DAY, start_of_day

if TYPE_CHECKING:
    from zhongshu.connectors.feeds.report import IntakeReport
    from zhongshu.service.periods.models import Run

_SCOPE = "140000000000"
_HOUR = dt.timedelta(hours=20)  # the evening dispatch of the last day
_SLACK = dt.timedelta(minutes=1)
_COMMANDER, _CLERK, _DATA_TEAM = "commander", "clerk", "data"


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do all but serving, and end.")] = False,
    people: PEOPLE = 200_000,
    days: DAYS = 21,
    seed: SEED = 20221019,
    history_days: HISTORY = 0,
) -> None:
    """Build a synthetic province, run one cycle on it, print the situation, serve the console.

    Run it again and it goes on with the same data.
    """
    here = installation.of(context)
    params = worldbuild.params(people=people, days=days, seed=seed)
    as_of = start_of_day(params.start + (days - 1) * DAY) + _HOUR
    here.prepare()
    with steps() as step:
        step("database", 0.1)
        here.open()
        step("database", 1.0)
        summary = worldbuild.build(
            here.world_root,
            people=people,
            days=days,
            seed=seed,
            history_days=history_days,
            step=step,
        )
        headquarters.load_reference(here, step)
        _open_incident(here, params, as_of)
        report = intake.take(here, here.world_root / "feeds", received_at=as_of - _SLACK, step=step)
        _fill_registry(params.seed, as_of, step)
        record = cycle.run_or_last(here, as_of, step)
        reports = report_command.write_all(here, step)
    out.print(worldbuild.describe(summary))
    intake.show(report)
    _show(here, record, report)
    out.print(f"Situation report: {reports}")
    if not once:
        raise typer.Exit(_serve(here))


def _open_incident(here: Installation, params: WorldParams, as_of: dt.datetime) -> None:
    """The synthetic incident; its clock stands at the evening dispatch when it is first opened."""
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.actor import Actor

    offset = as_of + _SLACK - here.wall()
    incidents.open_incident(
        key=f"demo-{params.seed}-{params.people}-{params.days}",
        name={"zh": "太原市新冠疫情（合成数据）", "en": "COVID-19, Taiyuan (synthetic data)"},
        disease="covid-19",
        mode="emergency",
        level="II",
        pack=worldbuild.PACK,
        scope_unit=_SCOPE,
        synthetic=True,
        clock_offset_s=round(offset.total_seconds()),
        actor=Actor("demo"),
        now=as_of,
    )


def _fill_registry(seed: int, as_of: dt.datetime, step: Steps) -> None:
    """Resources no feed brings (machines, drivers, enterprises ...), made up and marked so."""
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.kit.actor import Actor
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.resources.registry import facade as registry

    step("resources registry", 0.1)
    scope = Scope((incidents.current().scope_unit.path,))
    registry.fill(seed=seed, scope=scope, actor=Actor("demo"), now=as_of - _SLACK)
    step("resources registry", 1.0)


def _show(here: Installation, record: Run, report: IntakeReport) -> None:
    from zhongshu.cli import recall, situation

    situation.show(record.as_of, now=intake.headquarters_now(here))
    recall.show(here, record.as_of)
    if not report.count("taken"):
        out.print("Nothing new came in: the run is the one of before.")


def _serve(here: Installation) -> int:
    for name, secret, what in _secrets(here):
        out.print(f"Sign in once as {name} ({what}): [bold]{here.url}/?secret={secret}[/]")
    out.print("Ctrl-C stops everything.")
    return here.serve(say=out.print)


def _secrets(here: Installation) -> list[tuple[str, str, str]]:
    """Whom to look at the console as: the commander, the data team of the province, which traces
    and sends letters, and the clerk of a village with cases.

    Made when they are not there; every start gives each a new one-time secret.
    """
    from zhongshu.service.accounts import facade as accounts
    from zhongshu.service.cases import facade as cases
    from zhongshu.service.units import facade as units

    known = cases.open_cases(intake.headquarters_now(here))["unit"].to_pylist()
    villages = sorted(set(known), key=lambda code: (-known.count(code), code))
    village = next((code for code in villages if units.get(code).level == 5), _SCOPE)
    wanted = (
        (_COMMANDER, "省指挥部值班指挥长", [(_SCOPE, "commander")], "the province's commander"),
        (
            _DATA_TEAM,
            "省指挥部数据专班",
            [(_SCOPE, "data_team")],
            "the province's data team: it traces, decides about contacts and sends letters",
        ),
        (
            _CLERK,
            "村（社区）专干",
            [(village, "village_clerk")],
            f"clerk of {units.get(village).name}",
        ),
    )
    there = {user for user, _, _ in accounts.posts()}
    found = []
    for name, display, posts, what in wanted:
        if name in there:
            secret = accounts.new_secret(username=name, now=here.wall())
        else:
            secret = accounts.create_user(
                username=name, display_name=display, posts=posts, now=here.wall()
            )
        found.append((name, secret, what))
    return found
