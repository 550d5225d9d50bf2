"""Colours of a million persons, releases of a hundred thousand: `python -m benchmarks.rules`.

Each line of benchmarks/results/rules.json: name, value, unit, peer, ratio (value / peer), goal (of
that ratio, or of the value where there is no peer), met.  The peer is named in the line and runs in
the same process over a sample of the same rows; its time is scaled to all of them.  Where the two
differ in one row of the sample, the run stops.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases import rules as instances
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import colour, expression, isolation, judgement, reader
from zhongshu.rules.expression import vector

RESULTS = Path(__file__).parent / "results" / "rules.json"
PERSONS, CONTACTS, SAMPLE = 1_000_000, 100_000, 2_000
GOAL_S = 2.0  # of the issue: on two cores
GOAL_RATIO = 0.05  # at least twenty times the scalar evaluator
Line = dict[str, Any]

# Shaped like a release of the packs: days over, two negatives since, a day apart, none positive.
RELEASE = {
    "and": [
        {"===": [{"var": "disease"}, "covid-19"]},
        {
            ">": [
                {"day_number": [{"var": "now"}, {"var": "last_exposure"}, 0]},
                {"figure": "isolation.close_contact.central_days"},
            ]
        },
        {
            ">=": [
                {
                    "count": [
                        {"window": [{"var": "tests"}, "sampled_at", {"var": "now"}, 7, "day"]},
                        {
                            "and": [
                                {"===": [{"var": "result"}, "negative"]},
                                {">=": [{"var": "sampled_at"}, {"outer": "last_exposure"}]},
                            ]
                        },
                    ]
                },
                2,
            ]
        },
        {
            "!": [
                {
                    "some": [
                        {"var": "tests"},
                        {
                            "and": [
                                {"===": [{"var": "result"}, "positive"]},
                                {
                                    "<": [
                                        {"days_since": [{"var": "sampled_at"}, {"outer": "now"}]},
                                        3,
                                    ]
                                },
                            ]
                        },
                    ]
                }
            ]
        },
        {
            ">=": [
                {
                    "hours_since": [
                        {"min_of": [{"var": "tests"}, "sampled_at"]},
                        {"max_of": [{"var": "tests"}, "sampled_at"]},
                    ]
                },
                24,
            ]
        },
    ]
}


def lines(
    name: str,
    peer: str,
    rows: int,
    whole: Callable[[], _Rows],
    one: Callable[[dict[str, Any]], Any],
    sample: list[dict[str, Any]],
    places: Any,
) -> list[Line]:
    """Time of `whole` (best of three), and against `one` over the sample."""
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        found = whole()
        spent.append(time.perf_counter() - began)
    began = time.perf_counter()
    told = [one(facts) for facts in sample]
    scaled = (time.perf_counter() - began) * rows / len(sample)
    wrong = [at for at, row in enumerate(places) if found[row] != told[at]]
    if wrong:
        first = wrong[0]
        raise SystemExit(f"{name}: {found[places[first]]} is not {told[first]}: {sample[first]}")
    best = min(spent)
    base = {"unit": "s", "value": round(best, 3)}
    ratio = best / scaled
    return [
        {"name": f"{name} time", **base, "peer": None, "ratio": None, "goal": GOAL_S,
         "met": best <= GOAL_S},
        {"name": f"{name} against {peer} (on {len(sample)}, scaled)", **base,
         "peer": round(scaled, 1), "ratio": round(ratio, 5), "goal": GOAL_RATIO,
         "met": ratio <= GOAL_RATIO},
    ]  # fmt: skip


def sampled(table: pa.Table) -> tuple[list[dict[str, Any]], Any]:
    places = np.random.default_rng(3).choice(table.num_rows, SAMPLE, replace=False)
    return table.take(pa.array(places)).to_pylist(), places


def colours() -> list[Line]:
    """All colour rules of the ninth plan, with rule and end."""
    pack, table = reader.load("cn-covid-9"), instances.persons(PERSONS)
    sample, places = sampled(table)

    rules, figures = colour.giving(pack), judgement.lookup(pack)

    def whole() -> _Rows:
        return _Rows(colour.colours(pack, table), "colour", "rule_id")

    def one(facts: dict[str, Any]) -> Any:
        for rule in rules:
            assert rule.logic is not None
            if expression.evaluate(rule.logic.when, facts, figures=figures):
                return rule.logic.then.colour, rule.rule_id
        return colour.GREEN, ""

    name = f"colours-{PERSONS}-persons-{len(rules)}-rules"
    return lines(name, "expression.evaluate", PERSONS, whole, one, sample, places)


def releases() -> list[Line]:
    """Release days of the ninth plan's schedules, days already served counted."""
    pack, table = reader.load("cn-covid-9"), instances.contacts(CONTACTS)
    sample, places = sampled(table)
    on = beijing_day(instances.NOW)

    def one(facts: dict[str, Any]) -> Any:
        found = isolation.release(pack, "contact", facts, on=on)
        return (found.plan.ends_on, found.released) if found else (None, None)

    def whole() -> _Rows:
        return _Rows(isolation.releases(pack, table, on=on), "ends_on", "released")

    name, peer = f"release-days-{CONTACTS}-contacts", "isolation.release"
    return lines(name, peer, CONTACTS, whole, one, sample, places)


def conditions() -> list[Line]:
    """A release that looks into every test of each contact."""
    pack, table = reader.load("cn-covid-9"), instances.contacts(CONTACTS)
    sample, places = sampled(table)
    figures = judgement.lookup(pack)
    tests = len(table["tests"].combine_chunks().values)
    return lines(
        f"release-conditions-{CONTACTS}-contacts-{tests}-tests",
        "expression.evaluate",
        CONTACTS,
        lambda: _Rows(pa.table({"held": vector.evaluate(RELEASE, table, figures=figures)}), "held"),
        lambda facts: (expression.evaluate(RELEASE, facts, figures=figures),),
        sample,
        places,
    )


class _Rows:
    """Rows of a table, read one at a time: only the sample's are looked at."""

    def __init__(self, table: pa.Table, *names: str) -> None:
        self.columns = [table[name] for name in names]

    def __getitem__(self, row: int) -> tuple[Any, ...]:
        return tuple(column[int(row)].as_py() for column in self.columns)


def main() -> None:
    found: list[Line] = []
    for job in (colours, releases, conditions):
        for row in job():
            print("met " if row["met"] else "MISS", row["name"], row["value"], row["unit"],
                  "" if row["ratio"] is None else f"peer {row['peer']} ratio {row['ratio']}",
                  flush=True)  # fmt: skip
            found.append(row)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
