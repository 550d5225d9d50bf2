"""What the daily run's own detector says of the headquarters' counts, without writing anything.

Long histories are judged together within the alert budget, shorter ones by the model alone or by
EARS; the pack in force has the figures, and marked breaks and confirmed outbreaks are known.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from zhongshu.cli import intake
from zhongshu.cli.cycle import SEED
from zhongshu.cli.output import out
from zhongshu.cli.warn import run
from zhongshu.engines.warning import model
from zhongshu.engines.warning.alerts import ALONE
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing, beijing_day, parse_moment
from zhongshu.lake.lake import Lake
from zhongshu.reference import read as reference

if TYPE_CHECKING:
    from zhongshu.cli.installation import Installation
    from zhongshu.service.periods.cycle.frame import Frame

_UNTESTED = {
    model.Untested.NO_REPORT: "Nothing was reported for this day; a gap is never a zero.",
    model.Untested.SHORT_BASELINE: "Too few of the days it compares with were reported.",
    model.Untested.PARTIAL: "Too small a share of the day's reports is in, or nobody believes it.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """title: what was asked of.  names: of units, by code."""

    title: str
    names: dict[str, str]
    result: model.DetectResult
    on: dt.date
    a_week: float
    remarks: tuple[str, ...] = ()


def ask(
    here: Installation, *, as_of: str, on: dt.date | None = None, a_week: float | None = None
) -> Asked:
    """The tests of the day `on`, or of the last day reported; a_week: instead of the pack's budget.

    Refuses a moment by which nothing was reported.
    """
    here.open()
    from zhongshu.service.periods.cycle.detect.judging import Judge
    from zhongshu.service.periods.cycle.detect.series import series_of
    from zhongshu.service.periods.cycle.detect.step import calendar

    moment = parse_moment(as_of) if as_of else intake.headquarters_now(here)
    frame = _frame(here, moment)
    series = series_of(frame)
    title = f"As known at {beijing(moment):%Y-%m-%d %H:%M}"
    series = series.filter(pc.less_equal(series["date"], frame.today))
    if not series.num_rows:
        raise NotFound("counts.none", f"No site has reported by {beijing(moment):%Y-%m-%d %H:%M}.")
    last = on or pc.max(series["date"]).as_py()
    judge = Judge(frame)
    budget = judge.rules.daily.budget
    if a_week is not None:
        budget = dataclasses.replace(budget, alerts_a_week=a_week)
        daily = dataclasses.replace(judge.rules.daily, budget=budget)
        judge.rules = dataclasses.replace(judge.rules, daily=daily)
    result = judge.prepared(series, last).day(last, judge.state(last))
    units = set(series["unit"].to_pylist())
    names = {code: frame.name(code) for code in units}
    remarks = tuple(said["en"] for said in calendar(frame, last).values())
    return Asked(title, names, result, last, budget.alerts_a_week, remarks)


def _frame(here: Installation, moment: dt.datetime) -> Frame:
    """As a run at that moment would look at things; it is no run and has no number."""
    from zhongshu.service.incidents import facade as incidents
    from zhongshu.service.periods.cycle import editions
    from zhongshu.service.periods.cycle.frame import Frame

    incident = incidents.current()
    tree = reference.divisions(incident.scope_unit_id)
    path = tree.get(incident.scope_unit_id).path
    return Frame(
        run_id=0,
        as_of=moment,
        pack=editions.in_force(incident, on=beijing_day(moment), path=path),
        lake=Lake(here.lake_root),
        tree=tree,
        scope_unit=incident.scope_unit_id,
        seed=SEED,
        inputs_hash="",
    )


def raised(asked: Asked) -> list[dict[str, Any]]:
    """As rows of `warn run`; of all streams together, the figures of the one that leads."""
    rows = []
    for one in asked.result.signals.to_pylist():
        parts = {part["stream"]: part for part in one["streams"] or []}
        lead = one["lead"] or one["stream"]
        upper = parts[lead]["upper"] if lead in parts else None
        rows.append(
            {
                "unit": one["unit"],
                "name": asked.names.get(one["unit"], one["unit"]),
                "stream": one["stream"],
                "lead": lead,
                "date": one["date"].isoformat(),
                "observed": one["observed"],
                "expected": one["expected"],
                "upper": upper,
                "score": one["z"],
                "p": one["p_value"],
                "probability": one["probability"],
                "method": one["method"],
                "grade": one["grade"],
            }
        )
    return rows


def untested(asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "unit": one["unit"],
            "name": asked.names.get(one["unit"], one["unit"]),
            "stream": one["stream"],
            "reason": one["reason"].replace("_", " "),
            "sentence": _UNTESTED[model.Untested(one["reason"])],
        }
        for one in asked.result.untested.to_pylist()
    ]


def methods(asked: Asked) -> list[dict[str, Any]]:
    """How many series each method judged, why not a better one, and the days that would need."""
    table = asked.result.judged
    found: dict[tuple[str, str, int], list[int]] = {}
    for one in table.to_pylist():
        found.setdefault((one["method"], one["why"], one["needs"]), []).append(one["has"])
    return [
        {"method": method, "series": len(has), "why": why, "has": max(has), "needs": needs}
        for (method, why, needs), has in sorted(found.items())
    ]


def told(asked: Asked) -> dict[str, Any]:
    """As JSON."""
    spent = asked.result.spent
    return {
        "source": asked.title,
        "on": asked.on.isoformat(),
        "step": "day",
        "method": "default",
        "tested": asked.result.tested,
        "expected_by_chance": None if spent is None else spent.by_chance,
        "alerts_a_week": asked.a_week,
        "over_budget": asked.result.over_budget,
        "raised": raised(asked),
        "untested": untested(asked),
        "methods": methods(asked),
        "remarks": list(asked.remarks),
    }


def show(asked: Asked) -> None:
    facts = told(asked)
    for remark in asked.remarks:
        out.print(remark)
    rows = facts["raised"]
    if rows:
        run.raised_table(f"{asked.title}: raised on {asked.on}", rows)
    else:
        out.print(f"{asked.title}: nothing is raised on {asked.on}.")
    chance = facts["expected_by_chance"]
    expected = "" if chance is None else f", {chance:.2g} expected by chance"
    out.print(
        f"{asked.result.tested} tested, {len(rows)} raised{expected}, "
        f"{asked.result.over_budget} over the day's limit, {len(facts['untested'])} untested"
    )
    for one in facts["methods"]:
        out.print(_sentence(one, asked.a_week))
    run.untested_table(facts["untested"])


def _sentence(one: dict[str, Any], a_week: float) -> str:
    """What a method judged, and what a better one would need."""
    name = {model.JOINT: "all streams together", ALONE: "the model of a long history"}.get(
        one["method"], f"EARS {one['method']}"
    )
    if one["method"] == model.JOINT:
        return f"{one['series']} series judged by {name}, {a_week:g} alerts a week."
    return (
        f"{one['series']} series judged by {name}: they have at most {one['has']} days, a better "
        f"method needs {one['needs']}."
    )


def sentences(asked: Asked, unit: str, stream: str) -> list[str]:
    """What the daily run says of a county's stream that day, and by what it judged it."""
    rows = [
        row
        for row in asked.result.signals.to_pylist()
        if row["unit"] == unit and row["stream"] in {stream, model.JOINT}
    ]
    said = [_raised(asked, row) for row in rows]
    if not rows:
        said.append("The daily run raises nothing of it.")
    for one in asked.result.judged.to_pylist():
        if (one["unit"], one["stream"]) == (unit, stream):
            said.append(_sentence(one | {"series": 1}, asked.a_week))
    return said


def _raised(asked: Asked, row: dict[str, Any]) -> str:
    if row["stream"] != model.JOINT:
        return f"The daily run raises it, grade {row['grade']}, z = {row['z']:.2f}."
    parts = [
        f"{part['stream']} {part['observed']} for {part['expected']:.1f} expected, "
        f"z = {part['z']:.2f}"
        for part in row["streams"]
        if part["z"] is not None
    ]
    beside = [f"{asked.names.get(one['unit'], one['unit'])} {one['z']:.1f}"
              for one in row["neighbours"] or []]  # fmt: skip
    return (
        f"The daily run raises all its streams together, grade {row['grade']}, p = "
        f"{row['p_value']:.2g}, probability {row['probability']:.2g}: {'; '.join(parts)}. "
        f"Scores of its neighbours: {', '.join(beside) or 'none'}."
    )
