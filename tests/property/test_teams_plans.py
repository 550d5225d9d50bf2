"""Whatever the people and needs: rosters are valid, and as good as the readable twin's."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.teams import ground, model, oracle, solve, validate
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 7, tzinfo=BEIJING)
RULES = model.TeamRules(
    start=START,
    days=3,
    patterns={"early": (6, 8), "day": (8, 10), "night": (20, 12)},
    nights=frozenset({"night"}),
    rest_h=11,
    rest_after_night_h=24,
    hours_most=24,
    days_in_row=2,
    nights_most=1,
    speed_kmh=30,
    detour_factor=1.3,
    changeover_min=15,
    travel_most_h=2,
    worth_km=(200, 100),
    fair_km=1,
    change_km=7,
)
Tables = dict[str, pa.Table]


def tables(seed: int, *, people: int, needs: int) -> Tables:
    """Everybody can do `a`, some `b` too; needs at three places, often at the same hours."""
    rng = np.random.default_rng(seed)
    staff = [
        {
            "staff": f"P{n}",
            "skills": "a;b" if n == 0 or rng.random() < 0.4 else "a",
            "lon": None if rng.random() < 0.1 else 112.5 + float(rng.uniform(0, 0.3)),
            "lat": 37.8,
            "off_on": f"2022-11-{7 + rng.integers(3):02d}" if rng.random() < 0.3 else None,
            "worked_until": START + dt.timedelta(hours=-3) if rng.random() < 0.3 else None,
            "hours": float(rng.choice([0, 8])),
        }
        for n in range(people)
    ]
    asked = []
    for n in range(needs):
        begin, lasts = [(7, 6), (8, 4), (13, 4), (20, 11), (9, 2)][rng.integers(5)]
        at = START + dt.timedelta(days=int(rng.integers(3)), hours=begin)
        place = int(rng.integers(3))
        asked.append(
            {
                "need": f"N{n}",
                "place": f"place-{place}",
                "lon": 112.5 + place * 0.15,
                "lat": 37.8,
                "skill": "a" if rng.random() < 0.7 else "b",
                "starts_at": at,
                "ends_at": at + dt.timedelta(hours=lasts),
                "persons": int(rng.integers(1, 3)),
                "rank": int(rng.integers(1, 3)),
            }
        )
    words = [
        {"staff": f"P{rng.integers(people)}", "need": f"N{n}", "word": word}
        for n in range(needs)
        for word in ("before", "forbidden")
        if rng.random() < 0.2
    ]
    both = (("staff", staff, [*model.STAFF, *model.STAFF_EXTRAS]),
            ("needs", asked, [*model.NEEDS, *model.NEED_EXTRAS]),
            ("words", words, model.WORDS))  # fmt: skip
    return {name: pa.Table.from_pylist(rows, schema=pa.schema(of)) for name, rows, of in both}


@settings(max_examples=12)
@given(st.integers(0, 10**6))
def test_a_roster_is_valid_and_the_best_there_is(seed: int) -> None:
    given_ = tables(seed, people=3, needs=5)
    # Hours of whoever works most count once only where all can stand in for all.
    rules = dataclasses.replace(RULES, fair_km=0.0)
    plan = solve.plan(**given_, rules=rules)
    assert validate.check(plan, **given_, rules=rules) == []
    best = oracle.least_total(ground.read(**given_, rules=rules), rules)
    assert plan.total == pytest.approx(best, abs=0.11)
    assert plan.total_bound <= plan.total
    assert plan.total_bound == pytest.approx(best, abs=0.11)


@settings(max_examples=2)
@given(st.integers(0, 10**6))
def test_many_people_keep_every_rule(seed: int) -> None:
    given_ = tables(seed, people=40, needs=60)
    limit = model.Limit(work=0.6)
    plan = solve.plan(**given_, rules=RULES, limit=limit)
    assert validate.check(plan, **given_, rules=RULES) == []
    assert plan.total_bound <= plan.total


def test_the_same_seed_gives_the_same_roster_and_the_longest_hours_are_shared() -> None:
    given_ = tables(3, people=3, needs=5) | {"words": None}
    one, other = (solve.plan(**given_, rules=RULES, seed=7) for _ in range(2))
    assert one.tasks.equals(other.tasks)
    assert one.duties.equals(other.duties)
    best = oracle.least_total(ground.read(**given_, rules=RULES), RULES)
    assert one.total == pytest.approx(best, abs=0.11)
