"""An option as a proposal: decided on like any other, with the comparison as its evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.whatif.models import Comparison
from zhongshu.service.whatif.selectors import get
from zhongshu.service.whatif.words import say

KIND = "whatif"
_PRIORITY = 60
_COSTED = ("tests", "cost", "waiting")
_UNITS = {"infections": "persons", "person_days": "person-days", "tests": "tests", "cost": "CNY",
          "waiting": "persons"}  # fmt: skip
Row = Mapping[str, Any]


def propose(
    *,
    comparison_id: int,
    option: str,
    reason: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Put one option before the headquarters; the number of the proposal.

    Nothing is done by it: whoever may decide approves, amends or rejects.  Refuses a comparison
    that is not done, an option it does not have, and an incident without a run of the cycle.
    """
    comparison = get(comparison_id, scope)
    if comparison.state != Comparison.State.DONE or comparison.answer is None:
        raise WrongState("whatif.not_done", "Only a comparison that is done can be proposed from.")
    if option not in {raw["name"] for raw in comparison.options}:
        raise BadInput(
            "whatif.unknown_option", f"The comparison has no option {option!r}.", option=option
        )
    run = periods.latest_run(now)
    if run is None:
        raise WrongState(
            "whatif.no_run", "A proposal belongs to a run of the cycle; run the cycle first."
        )
    pack = reader.applicable(
        disease=comparison.incident.disease, on=beijing_day(now), path=comparison.unit_path
    )
    draft = _draft(comparison, option, reason.strip(), pack)
    return periods.propose(run=run, draft=draft, now=now, actor=actor).pk


def _draft(one: Comparison, option: str, reason: str, pack: Pack) -> periods.Draft:
    facts = {"unit": one.unit.name, "option": option, "comparison": one.pk}
    stored = json.dumps([one.options, one.answer], sort_keys=True)
    return periods.Draft(
        kind=KIND,
        key=f"{KIND}:{one.unit_id}",
        unit=one.unit_id,
        title=say("title", **facts),
        reasons=_reasons(one, option, reason),
        cost=_costs(one.answer, option),
        pack_id=pack.id,
        pack_version=pack.version,
        inputs_hash=hashlib.sha256(stored.encode()).hexdigest(),
        directive=say("directive", **facts),
        sign_hours=pack.number("directive.sign_h"),
        due_hours=pack.number("directive.due_h.zone"),
        priority=_PRIORITY,
        alternatives=[
            {
                "key": raw["name"],
                "label": {"zh": raw["name"], "en": raw["name"]},
                "costs": _costs(one.answer, raw["name"]),
                "chosen": raw["name"] == option,
            }
            for raw in one.options
        ],
        recipients=[one.unit_id],
        subject={"whatif": one.pk, "option": option},
    )


def _reasons(one: Comparison, option: str, reason: str) -> list[dict[str, Any]]:
    """The figures, the difference with what it was compared with, how sure, and why."""
    answer: Row = one.answer or {}
    total = _of(answer["totals"], option, "infections")
    days = _dot(answer, option)["person_days"]
    figures = {
        "days": one.days, "runs": one.runs, "option": option, "infections": total["mean"],
        "low": total["q10"], "high": total["q90"], "person_days": days,
    }  # fmt: skip
    evidence = {"comparison": one.pk, "option": option}
    said = [say("reason", **figures)]
    if option != one.against:
        apart = _of(answer["differences"]["rows"], option, "infections")
        said.append(
            say(
                "fewer",
                against=one.against,
                difference=apart["mean"],
                low=apart["q10"],
                high=apart["q90"],
                share=apart["better"],
            )
        )
    said.append(say(answer["label"]))
    if reason:
        said.append(say("said", reason=reason))
    return [{"text": words, "rule_id": None, "facts": evidence} for words in said]


def _costs(answer: Any, option: str) -> list[dict[str, Any]]:
    """Means over the whole period, with their 80 % intervals."""
    total = _of(answer["totals"], option, "infections")
    told = [_cost("infections", total["mean"], total["q10"], total["q90"])]
    days: Row = next((row for row in answer["totals"] if _is(row, option, "person_days")), {})
    mean = _dot(answer, option)["person_days"]
    told.append(_cost("person_days", mean, days.get("q10"), days.get("q90")))
    for name in _COSTED:
        row = _of(answer["totals"], option, name)
        told.append(_cost(name, row["mean"], row["q10"], row["q90"]))
    return told


def _cost(key: str, value: float, low: float | None, high: float | None) -> dict[str, Any]:
    rest = {"value": value, "low": low, "high": high}
    return {"key": key, "label": say(key), "unit": _UNITS[key]} | rest


def _of(rows: list[Row], option: str, measure: str) -> Row:
    return next(row for row in rows if _is(row, option, measure))


def _is(row: Row, option: str, measure: str) -> bool:
    return bool((row["option"], row["measure"]) == (option, measure))


def _dot(answer: Row, option: str) -> Row:
    found: Row = next(row for row in answer["pareto"] if row["option"] == option)
    return found
