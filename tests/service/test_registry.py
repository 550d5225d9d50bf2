"""The registry of resources: fed by reports, changed by people, and never taken twice."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.service import builders as b
from tests.service import scenes
from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.resources.registry import spans, spread

pytestmark = pytest.mark.django_db
DESK = Actor("desk")


def entered(**fields: object) -> registry.Thing:
    facts: dict[str, object] = {
        "kind": "hospital", "code": "X1", "name": "备用医院", "unit": b.COUNTY,
        "capacity": {"beds": 10},
    }  # fmt: skip
    draft = registry.Draft(**(facts | fields))  # type: ignore[arg-type]
    registry.enter(drafts=[draft], scope=b.scope(), actor=DESK, now=b.NOW)
    return registry.Thing.objects.get(kind=draft.kind, code=draft.code)


def want(thing: registry.Thing, amount: int = 1, **fields: object) -> registry.Want:
    span = {"begins": b.NOW + b.HOUR, "ends": b.NOW + b.DAY} | fields
    return registry.Want(thing.pk, min(thing.capacity), amount, **span)  # type: ignore[arg-type]


def take(*wants: registry.Want, holder: str = "plan:1") -> list[registry.Hold]:
    return registry.hold(wants=wants, holder=holder, scope=b.scope(), actor=DESK, now=b.NOW)


def free(thing: registry.Thing, **fields: object) -> int:
    span = {"begins": b.NOW + b.HOUR, "ends": b.NOW + b.DAY} | fields
    pool = min(thing.capacity)
    return registry.free(thing_id=thing.pk, pool=pool, scope=b.scope(), **span)  # type: ignore[arg-type]


def test_what_a_feed_reports_is_in_the_registry_with_its_state() -> None:
    b.headquarters()
    scenes.reports(b.COUNTY, b.VILLAGE)
    found = {one.kind: one for one in registry.things(scope=b.scope(), as_of=b.NOW)}
    assert {kind: one.state for kind, one in found.items()} == {
        "hospital": "open", "site": "open", "room": "free", "vehicle": "ready", "store": "open",
        "lot": "usable", "laboratory": "open", "point": "reserve",
    }  # fmt: skip
    assert found["hospital"].reported == {"beds": 3, "icu": 0}
    assert found["room"].part_of == found["site"].code


def van(state: str, at: dt.datetime) -> None:
    row = {"county_code": b.COUNTY, "lon": 112.0, "lat": 37.0, "as_of": at, "vehicle_id": "V1",
           "kind": "van", "depot_name": "车场", "seats": 7, "state": state}  # fmt: skip
    resources.take_vehicles(b.feed("vehicles", row), at)


def test_the_newest_word_counts_whether_a_report_or_a_person_said_it() -> None:
    b.headquarters()
    van("ready", b.NOW - b.DAY)
    thing = registry.Thing.objects.get(code="V1")
    van("broken", b.NOW - 3 * b.HOUR)
    thing.refresh_from_db()
    assert thing.state == "broken"
    registry.change(
        thing_id=thing.pk, state="ready", why="修好", scope=b.scope(), actor=DESK, now=b.NOW
    )
    van("broken", b.NOW - b.HOUR)  # late: speaks of an hour before the repair
    thing.refresh_from_db()
    assert thing.state == "ready"
    van("out", b.NOW + b.HOUR)
    thing.refresh_from_db()
    told = [(one.before, one.after, one.by) for one in registry.changes(thing)]
    assert told == [
        ("ready", "out", "feed:vehicles"), ("broken", "ready", "desk"),
        ("ready", "broken", "feed:vehicles"), ("", "ready", "feed:vehicles"),
    ]  # fmt: skip
    then = registry.things(scope=b.scope(), as_of=b.NOW - 2 * b.HOUR, state="broken")
    assert [one.code for one in then] == ["V1"]


def test_a_bed_is_taken_until_it_is_given_back() -> None:
    b.headquarters()
    thing = entered()
    take(want(thing, 7))
    assert free(thing) == 3
    assert free(thing, begins=b.NOW + b.DAY, ends=b.NOW + 2 * b.DAY) == 10
    with pytest.raises(WrongState, match="only 3"):
        take(want(thing, 4))
    again = {"holder": "plan:1", "scope": b.scope(), "actor": DESK, "now": b.NOW}
    assert registry.release(**again) == 1  # type: ignore[arg-type]
    assert registry.release(**again) == 0  # type: ignore[arg-type]
    assert free(thing) == 10


def test_a_plan_takes_all_it_needs_or_nothing() -> None:
    b.headquarters()
    one, other = entered(), entered(code="X2")
    with pytest.raises(WrongState):
        take(want(one, 4), want(other, 6), want(one, 7))
    assert free(one) == free(other) == 10


def test_beds_a_report_calls_occupied_are_not_taken_again() -> None:
    """Nine beds, three free at 19:00.  Who came before is in the report; who comes later is not."""
    b.headquarters()
    scenes.reports(b.COUNTY, b.VILLAGE)
    thing = registry.Thing.objects.get(kind="hospital")
    take(want(thing, 2))
    assert free(thing) == 1
    with pytest.raises(WrongState):
        take(want(thing, 2))


def test_what_cannot_be_used_is_not_taken_unless_it_opens_in_time() -> None:
    b.headquarters()
    thing = entered(state="reserve", opens_in_h=12)
    with pytest.raises(WrongState, match="cannot be used"):
        take(want(thing))
    take(want(thing, begins=b.NOW + 12 * b.HOUR))


def test_a_hold_names_a_pool_and_a_span_there_is() -> None:
    b.headquarters()
    thing = entered()
    with pytest.raises(BadInput, match="has no"):
        take(registry.Want(thing.pk, "rooms", 1, b.NOW))
    with pytest.raises(BadInput, match="end after"):
        take(want(thing, ends=b.NOW))
    with pytest.raises(BadInput, match="at least one"):
        take(want(thing, 0))
    with pytest.raises(NotFound):
        registry.hold(
            wants=[want(thing)], holder="plan:1", scope=b.scope(b.OTHER_CITY), actor=DESK, now=b.NOW
        )


def test_a_unit_turns_to_emergency_use_and_back_as_long_as_its_guests_fit() -> None:
    b.headquarters()
    hall = entered(kind="site", name="体育馆", capacity={"places": 5}, emergency={"places": 300})
    plain = entered(code="X2")
    asked = {"why": "启用", "scope": b.scope(), "actor": DESK, "now": b.NOW}
    made = registry.convert(unit=b.CITY, mode="emergency", of=["site", "hospital"], **asked)  # type: ignore[arg-type]
    assert made.things == 1
    assert (free(hall), free(plain)) == (300, 10)
    held = take(want(hall, 6))
    back = asked | {"conversion_id": made.pk, "why": "恢复"}
    with pytest.raises(WrongState, match="release some first"):
        registry.reverse(**back)  # type: ignore[arg-type]
    registry.release(hold_ids=[held[0].pk], scope=b.scope(), actor=DESK, now=b.NOW)
    registry.reverse(**back)  # type: ignore[arg-type]
    assert free(hall) == 5
    with pytest.raises(WrongState, match="already"):
        registry.reverse(**back)  # type: ignore[arg-type]


def test_readiness_tells_what_is_open_what_could_open_and_what_turning_would_add() -> None:
    b.headquarters()
    opened = entered(capacity={"beds": 10}, emergency={"beds": 25})
    entered(code="X2", state="reserve", opens_in_h=24, capacity={"beds": 40})
    entered(code="X3", state="reserve", opens_in_h=48, capacity={"beds": 80})
    entered(code="X4", unit=b.OTHER_COUNTY)
    take(want(opened, 3))
    at = b.NOW + 2 * b.HOUR
    ready = registry.readiness(unit=b.CITY, path=b.path(b.CITY), hours=24, at=at)
    assert ready == [registry.Ready(b.COUNTY, "hospital", "beds", 3, 10, 3, 40, 15)]
    opened.reported, opened.reported_at = {"beds": 1}, b.NOW
    opened.save()
    (told,) = registry.readiness(unit=b.CITY, path=b.path(b.CITY), hours=24, at=at)
    assert told.held == 9


def test_a_synthetic_headquarters_is_filled_once_and_says_that_it_is_made_up() -> None:
    b.headquarters()
    scenes.reports(b.COUNTY, b.VILLAGE)
    given = {"seed": 1, "scope": b.scope(), "actor": DESK, "now": b.NOW}
    assert registry.fill(**given) > 280 + 215  # type: ignore[arg-type]
    assert registry.fill(**given) == 0  # type: ignore[arg-type]
    made = registry.Thing.objects.filter(origin="made")
    assert made.filter(kind="enterprise").count() == 280
    assert {one.kind for one in made} >= {
        "machine", "sampler", "driver", "courier", "checkpoint", "team",
    }  # fmt: skip
    assert all("合成" in one.name for one in made)
    incident = incidents.current()
    incident.synthetic = False
    incident.save()
    with pytest.raises(BadInput, match="synthetic"):
        registry.fill(**given)  # type: ignore[arg-type]


def test_a_synthetic_registry_is_of_the_size_a_province_counts() -> None:
    b.headquarters()
    scenes.reports(b.COUNTY, b.VILLAGE)
    registry.fill(seed=1, scope=b.scope(), actor=DESK, now=b.NOW)
    things = list(registry.Thing.objects.all())
    of = {kind: [one for one in things if one.kind == kind] for kind in registry.LIVES}
    assert len(of["laboratory"]) == 136  # the one a feed reports is counted in
    assert {one.part_of for one in of["machine"]} == {one.code for one in of["laboratory"]}
    assert sum(one.capacity["persons"] for one in of["sampler"]) == 58_000
    assert len(of["price_point"]) == 215
    made = [one for one in of["store"] if one.origin == "made"]
    assert {one.facts["level"] for one in made} == {
        "province", "city", "county", "township", "site",
    }  # fmt: skip
    stores = {one.code for one in of["store"]}
    assert stores == {one.part_of for one in of["lot"]}
    used = {one.unit_id for one in of["lot"] if one.facts["used_per_day"]}
    assert used == {b.COUNTY, b.OTHER_COUNTY, b.ZONE}  # told once a county


def test_readiness_adds_up_to_what_stands_in_the_registry() -> None:
    """Twin: the things themselves, added one by one."""
    b.headquarters()
    scenes.reports(b.COUNTY, b.VILLAGE)
    registry.fill(seed=1, scope=b.scope(), actor=DESK, now=b.NOW)
    ready = registry.readiness(
        unit=b.PROVINCE, path=b.path(b.PROVINCE), hours=24, at=b.NOW + b.HOUR
    )
    told: dict[tuple[str, str], tuple[int, int, int]] = {}
    for one in ready:
        before = told.get((one.kind, one.pool), (0, 0, 0))
        told[one.kind, one.pool] = (
            before[0] + one.things, before[1] + one.open, before[2] + one.opening,
        )  # fmt: skip
    added: dict[tuple[str, str], list[int]] = {}
    for thing in registry.Thing.objects.all():
        opens = thing.state in registry.LIVES[thing.kind].usable
        opening = not opens and thing.opens_in_h is not None and thing.opens_in_h <= 24
        for pool in {**thing.capacity, **(thing.emergency or {})}:
            sums = added.setdefault((thing.kind, pool), [0, 0, 0])
            amount = thing.capacity.get(pool, 0)
            sums[0] += 1
            sums[1] += amount * opens
            sums[2] += amount * opening
    assert told == {key: tuple(sums) for key, sums in added.items()}
    assert told["sampler", "persons"][1] == 58_000


@given(st.integers(0, 10_000), st.lists(st.floats(0.1, 1e6), min_size=1, max_size=40))
def test_shares_are_whole_add_up_and_are_off_by_less_than_one(
    total: int, weights: list[float]
) -> None:
    parts = spread.shares(total, np.array(weights))
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6


MOMENTS = [b.NOW + n * b.HOUR for n in range(6)]
SPAN = st.builds(
    lambda first, last, amount: spans.Span(
        MOMENTS[first], MOMENTS[first] + (last + 1) * b.HOUR if last < 5 else None, amount
    ),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(1, 4),
)


@given(st.lists(SPAN, max_size=6), SPAN, st.none() | st.integers(0, 5), st.integers(0, 12))
def test_what_is_free_is_what_an_hour_by_hour_count_finds(
    there: list[spans.Span], asked: spans.Span, reported: int | None, free_then: int
) -> None:
    at = None if reported is None else MOMENTS[reported]
    pool = spans.Pool(12, None if at is None else free_then, at)
    hours = [b.NOW + n * b.HOUR for n in range(15)]
    inside = [h for h in hours if asked.begins <= h and (asked.ends is None or h < asked.ends)]
    slow = []
    for hour in inside:
        now = [one for one in there if one.begins <= hour and (not one.ends or hour < one.ends)]
        slow.append(12 - sum(one.amount for one in now))
        if at is not None:
            slow.append(free_then - sum(one.amount for one in now if one.begins > at))
    assert spans.free(pool, there, asked.begins, asked.ends) == max(0, min(slow))


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_in_the_same_second_never_take_the_same_bed() -> None:
    b.headquarters()
    one, other = entered(), entered(code="X2")

    def ask(number: int) -> str:
        wants = [want(one, 3), want(other, 3)]
        try:
            take(*(wants if number % 2 else wants[::-1]), holder=f"plan:{number}")
        except WrongState as refusal:
            return refusal.code
        finally:
            connection.close()
        return "held"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(ask, range(8)))
    assert told == ["held"] * 3 + ["resources.taken"] * 5
    assert free(one) == free(other) == 1


def offered(file: str, name: str) -> dict[str, tuple[str, ...]]:
    """A table of the console: {kind: words}."""
    root = Path(__file__).parents[2] / "console/src/features/registry"
    code = (root / file).read_text(encoding="utf-8")
    table = code.split(f"export const {name}:")[1].split("\n};")[0]
    rows = re.findall(r"^  (\w+): \[?([^\]\n]*)\]?,$", table, re.MULTILINE)
    return {kind: tuple(re.findall(r'"(\w+)"', words)) for kind, words in rows}


def test_the_console_offers_what_the_service_knows_of_each_kind() -> None:
    states = offered("kinds.ts", "STATES")
    assert states == {kind: life.states for kind, life in registry.LIVES.items()}
    assert offered("kinds.ts", "POOLS") == registry.POOLS
    assert offered("FactField.tsx", "FACTS") == registry.FACTS
    assert offered("kinds.ts", "STANDS_IN") == {
        kind: (whole,) for kind, whole in registry.STANDS_IN.items()
    }
    root = Path(__file__).parents[2] / "console/src/features/registry/kinds.ts"
    listed = root.read_text(encoding="utf-8").split("export const USABLE")[1].split("];")[0]
    usable = set(re.findall(r'^  "(\w+)"', listed, re.MULTILINE))
    for life in registry.LIVES.values():
        assert life.usable == usable & set(life.states)
