"""Inspect: what stands against a rule today.  Findings open and resolve by themselves."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow.compute as pc

from zhongshu.kernel.time import beijing_day
from zhongshu.rules import colour, judge
from zhongshu.rules.judge import Judgement
from zhongshu.rules.model import Pack
from zhongshu.service.codes import facade as codes
from zhongshu.service.findings import facade as findings
from zhongshu.service.findings.facade import Found
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.watch import codes as coloured
from zhongshu.service.periods.cycle.watch import measures, prices, testing
from zhongshu.service.periods.cycle.watch.finding import Kind, by_edition, by_rule, found_as
from zhongshu.service.periods.cycle.words import say


def run(frame: Frame) -> Outcome:
    """Look at every measure, area, test, colour and price, and keep the register of findings."""
    found = [
        *measures.contacts(frame),
        *measures.areas(frame),
        *colours(frame),
        *testing.tests(frame),
        *prices.prices(frame),
    ]
    # A self-test that was missed is found, and resolved, by the self-tests themselves.
    kinds_here = [kind for kind in Kind if kind is not Kind.SELFTEST_MISSED]
    changed = findings.take(found=found, kinds=kinds_here, run_id=frame.run_id, as_of=frame.as_of)
    kinds = Counter(str(one.kind) for one in found)
    return Outcome({"findings": len(found), **dict(sorted(kinds.items())), **changed})


def colours(frame: Frame) -> list[Found]:
    """Colours no epidemic rule of the edition supports now, shown past their end or never earned.

    Those the cycle set itself end when their rule does; what is found here came from outside.
    """
    shown = codes.open_codes(frame.as_of)
    outside = shown.filter(pc.not_equal(shown["set_by"], "cycle"))
    outside = outside.filter(pc.not_equal(outside["colour"], colour.GREEN))
    if outside.num_rows == 0:
        return []
    judged = coloured.coloured(frame, coloured.persons(frame))
    # Who has earned yellow has not earned red: the colour must be the one the rules give.
    earned = set(zip(judged["person"].to_pylist(), judged["colour"].to_pylist(), strict=True))
    rows = [row for row in outside.to_pylist() if (row["person"], row["colour"]) not in earned]
    return [_code(frame, row) for row in rows]


def _code(frame: Frame, row: dict[str, Any]) -> Found:
    until = row["until"]
    if until is not None and until <= frame.as_of:
        kind, since, key = Kind.MEASURE_PAST_RELEASE, beijing_day(until), "finding.code_past"
    else:
        kind, since, key = Kind.COLOUR_WITHOUT_REASON, beijing_day(row["since"]), "finding.code"
    facts = {
        "colour": row["colour"],
        "colour_rule_id": row["rule_id"] or None,
        "colour_manual": True,
        "now": frame.as_of,
    }
    return found_as(
        frame,
        kind,
        ("code", str(row["code_id"])),
        _colour_rule(frame.pack, facts),
        label=say("finding.label.code", id=row["code_id"]),
        text=say(key, colour=say(f"code.{row['colour']}"), by=row["set_by"]),
        unit=row["unit"],
        since=since,
        facts={name: value for name, value in facts.items() if name != "now"}
        | {"set_by": row["set_by"]},
    )


def _colour_rule(pack: Pack, facts: dict[str, Any]) -> Judgement:
    """HC-2: a colour is set by an epidemic rule and for no other reason."""
    judged = by_rule(pack, "HC-2", facts)
    if judged is not None:
        return judged
    if "HC-2" in pack.rules:
        return judge.of_words(pack, "HC-2", facts=facts)
    return by_edition(pack, facts)
