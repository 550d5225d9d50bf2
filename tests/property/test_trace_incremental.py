"""Tracing only what changed leaves the register that tracing everything would have left."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.service import builders as b

from zhongshu.engines.tracing import model
from zhongshu.lake import clocks, retention, schema
from zhongshu.rules import reader
from zhongshu.service.cases.models import Case
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.contacts.models import Contact, Exposure, Notice
from zhongshu.service.kit import tracerules
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.tracing import moment, question

pytestmark = pytest.mark.django_db
PACK = reader.load("cn-covid-9")
PEOPLE = range(1, 9)
PATIENTS = (1, 2, 3)
# place id, kind, whole, number
PLACES = (
    ("R", "restaurant", None, None),
    ("S", "school", None, None),
    ("S#1", "school", "S", 1),
    ("T", "coach_open", None, None),
    ("T#1", "coach_open", "T", 1),
    ("T#4", "coach_open", "T", 4),
    ("U", "unknown", None, None),
)
FIRST = b.NOW
# Before the first trace, some to come; many together, so that people meet.
HOURS = st.one_of(st.sampled_from([-3, 0, 1, 2, 34, 35, 36]), st.integers(-30, 80))
LONG_OVER = st.one_of(
    st.integers(34, 36), st.integers(12, 80)
)  # whatever is estimated, it has ended by the first trace

visit = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "place": st.sampled_from([place for place, *_ in PLACES]),
        "hour": HOURS,
        "half": st.sampled_from([0, 1]),
        "stay_min": st.sampled_from([None, 5, 40, 90, 300]),
        "late_h": st.sampled_from([-1, 0, 0, 1, 30]),
    }
)
over = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "place": st.sampled_from(["R", "S", "S#1"]),
        "hour": LONG_OVER,
        "half": st.sampled_from([0, 1]),
        "stay_min": st.sampled_from([None, 40, 90, 300]),
        "late_h": st.just(0),
    }
)
event = st.one_of(
    st.tuples(st.just("case"), st.sampled_from([4, 5])),
    st.tuples(st.just("onset"), st.sampled_from(PATIENTS)),
    st.tuples(st.just("exclude"), st.sampled_from(PATIENTS)),
    st.tuples(st.just("merge"), st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))),
    st.tuples(st.just("split"), st.just(None)),
    st.tuples(st.just("move"), st.tuples(st.sampled_from(PEOPLE), st.integers(1, 5))),
    st.tuples(st.just("isolate"), st.sampled_from([0, 1, 2])),
    st.tuples(st.just("describe"), st.sampled_from(["restaurant", "school"])),
    st.tuples(st.just("clock"), st.sampled_from([-5, -2, 0, 1, 6])),
    st.tuples(st.just("moved_home"), st.integers(1, 5)),
    st.tuples(st.just("drop"), st.sampled_from([0, 1])),
)
rules = st.fixed_dictionaries(
    {
        "degrees": st.sampled_from([1, 2, 2]),
        "heavy": st.sampled_from([2, 40]),
        "look_back_days": st.sampled_from([None, 1, 2, 7]),
        "most": st.sampled_from([None, 1]),
    }
)
story = st.fixed_dictionaries(
    {
        "rules": rules,
        "before": st.lists(visit, max_size=40),
        "merged": st.booleans(),
        "after": st.lists(visit, max_size=4),
        "events": st.lists(event, max_size=3),
        "hours_later": st.sampled_from([0, 2, 26, 200]),
        "hours_more": st.sampled_from([None, 0, 1, 25]),
        "at_last": st.lists(visit, max_size=1),
    }
)
quiet = st.fixed_dictionaries(
    {
        "rules": rules,
        "before": st.lists(over, min_size=6, max_size=40),
        "apart": st.booleans(),
        "hours_later": st.sampled_from([1, 5, 26]),
    }
)


class World:
    """A small headquarters with its own lake."""

    def __init__(self, root: Path) -> None:
        self.root = root
        b.headquarters()
        b.register(
            *[b.person(n, (n + 1) // 2) for n in PEOPLE],
            homes=[b.household(n) for n in range(1, 6)],
        )
        for n in PATIENTS:
            self.case(n)
        self.index = tracing.index(root)
        self.describe("U", "unknown")

    def case(self, serial: int, **given: Any) -> None:
        facts = {
            "confirmed_at": FIRST - 30 * b.HOUR,
            "sampled_at": FIRST - 2 * b.DAY,
            "onset_date": None,
        }
        b.take_cases(b.case_row(serial, **(facts | {"reported_at": FIRST - b.HOUR} | given)))

    def describe(self, only: str, kind: str) -> None:
        """All places the first time, wholes before their parts, then `only` as another kind."""
        keys: dict[str, int] = {}
        for part in (False, True):
            rows = []
            for place, usual, whole, number in PLACES:
                if (whole is not None) == part:
                    row = dict.fromkeys(schema.PLACES.names)
                    row |= {"place_id": place, "name": place, "parent": keys.get(whole or "")}
                    row |= {"kind": kind if place == only else usual, "number": number}
                    rows.append(row | {"village_code": b.VILLAGE})
            self.index.lake.write_places(pa.Table.from_pylist(rows))
            names = [str(row["place_id"]) for row in rows]
            found, _ = self.index.lake.place_keys(pa.array(names))
            keys |= dict(zip(names, found.to_pylist(), strict=True))
        self.keys = keys

    def take(self, visits: list[dict[str, Any]], *, now: dt.datetime) -> None:
        rows = []
        for one in visits:
            begin = FIRST - one["hour"] * b.HOUR - one["half"] * b.HOUR / 2
            stay = one["stay_min"]
            recorded = begin + one["late_h"] * b.HOUR if one["late_h"] >= 0 else FIRST
            rows.append(
                {
                    "person": b.pseudonym(one["person"]),
                    "place": self.keys[one["place"]],
                    "time_in": begin,
                    "time_out": None if stay is None else begin + dt.timedelta(minutes=stay),
                    "source": "venue_scan",
                    "recorded_at": recorded,
                }
            )
        if rows:
            self.index.land(pa.Table.from_pylist(rows, schema=schema.VISITS), now)

    def happen(self, what: str, of: Any, now: dt.datetime) -> None:
        how: dict[str, Any] = {"reason": "synthetic", "actor": b.actor(), "now": now}
        match what:
            case "case":
                self.case(of)
            case "onset":
                self.case(of, onset_date=(FIRST - 2 * b.DAY).date())
            case "exclude":
                Case.objects.filter(case_no=f"C{of}").update(state="excluded")
            case "merge":
                keep, other = (people.canonical(b.pseudonym(n)) for n in of)
                if keep != other:
                    people.merge(keep=keep, other=other, **how)
            case "split":
                for row in people.aliases().to_pylist()[:1]:
                    people.split(person=row["person"], **how)
            case "move":
                person, home = of
                b.register(b.person(person, home), homes=[b.household(home)])
            case "isolate":
                rows = Contact.objects.filter(degree=1, state="proposed").order_by("pk")
                chosen = [row.pk for row in (rows if of is None else rows[of : of + 1])]
                contacts.decide(contact_ids=chosen, action="confirm", **how)
                contacts.decide(contact_ids=chosen, action="isolate", **how)
            case "describe":
                self.describe("U", of)
            case "clock":
                off = {"source": "venue_scan", "valid_from": FIRST - 9 * b.DAY}
                row = off | {"offset_s": of * 3600}
                self.index.lake.write_clocks(pa.Table.from_pylist([row], schema=clocks.CLOCKS))
            case "moved_home":
                b.register(homes=[b.household(of, b.OTHER_VILLAGE)])
            case "drop":
                for day in self.index.lake.days("visits")[of : of + 1]:
                    self.drop(day)

    def drop(self, day: dt.date) -> None:
        """As when the time of a day's visits is over."""
        order = retention.Order(
            by="synthetic",
            at=FIRST,
            today=day + 99 * b.DAY,
            keeping=retention.Keeping(days=14, rule_id="SYNTHETIC"),
        )
        retention.drop_day(self.index.lake, self.index.hot, day, order)


def register() -> dict[str, set[Any]]:
    """What the register says, but for which run said it."""
    kept = (
        "case_id", "person", "degree", "via_person", "first_exposure", "last_exposure",
        "exposures_count", "minutes", "imputed", "rule_id", "score", "reason", "is_case", "state",
        "release_on", "kind", "places", "two_places", "unit_id",
        "unit_path", "unit_known",
    )  # fmt: skip
    met = ("contact__case_id", "contact__person", "source_person", "setting", "place",
           "time_from", "time_to", "overlap_min", "imputed", "rule_id")  # fmt: skip
    told = ("case_id", "place", "time_from", "time_to", "persons")
    standing = Contact.objects.filter(withdrawn_as_of=None)
    return {
        "contacts": set(standing.values_list(*kept)),
        "exposures": set(Exposure.objects.filter(contact__withdrawn_as_of=None).values_list(*met)),
        "notices": set(Notice.objects.filter(withdrawn_as_of=None).values_list(*told)),
    }


@contextlib.contextmanager
def world() -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="zhongshu-incremental-"))
    try:
        with transaction.atomic():
            yield World(folder / "lake")
            transaction.set_rollback(True)
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def under(
    degrees: int, heavy: int, look_back_days: float | None = 7, most: int | None = 60
) -> Iterator[None]:
    """The pack's rules to this degree, with this many persons a crowd, looking back so far for at
    most so many of second degree."""

    def rules(pack: Any) -> model.TraceRules:
        usual = tracerules.trace_rules(pack)
        return dataclasses.replace(
            usual,
            degrees=degrees,
            heavy_place_persons=heavy,
            second_lookback_days=look_back_days,
            second_cap_per_case=most,
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(question, "trace_rules", rules)
        patch.setattr(moment, "trace_rules", rules)
        yield


SEARCH = settings(
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def open_cases() -> list[int]:
    return [row.pk for row in Case.objects.exclude(state="excluded")]


def checked(here: World, now: dt.datetime) -> tuple[set[int], dict[str, set[Any]]]:
    """Trace what changed, and hold the register against that of a full trace, which is then
    forgotten; (cases traced, register)."""
    done = tracing.retrace(as_of=now, pack=PACK, root=here.root)
    found = register()
    whole = transaction.savepoint()
    tracing.retrace(as_of=now, pack=PACK, root=here.root, case_ids=open_cases())
    assert found == register(), done.traced
    transaction.savepoint_rollback(whole)
    return set(done.traced), found


@settings(SEARCH, max_examples=16)
@given(story)
def test_tracing_what_changed_is_tracing_everything(told: dict[str, Any]) -> None:
    with world() as here, under(**told["rules"]):
        here.take(told["before"], now=FIRST)
        if told["merged"]:
            here.happen("merge", (4, 5), FIRST)
        tracing.retrace(as_of=FIRST, pack=PACK, root=here.root)
        now = FIRST + told["hours_later"] * b.HOUR
        here.take(told["after"], now=now)
        for what, of in told["events"]:
            here.happen(what, of, now)
        checked(here, now)
        if told["hours_more"] is not None:
            now += told["hours_more"] * b.HOUR
            here.take(told["at_last"], now=now)
            checked(here, now)


@settings(SEARCH, max_examples=8)
@given(quiet)
def test_time_alone_traces_only_cases_it_changes(told: dict[str, Any]) -> None:
    with world() as here, under(**told["rules"]):
        here.take(told["before"], now=FIRST)
        tracing.retrace(as_of=FIRST, pack=PACK, root=here.root)
        if told["apart"]:
            here.happen("isolate", None, FIRST)
            tracing.retrace(as_of=FIRST, pack=PACK, root=here.root)
        was = register()
        traced, now = checked(here, FIRST + told["hours_later"] * b.HOUR)
        assert traced == {row[0] for name in was for row in was[name] ^ now[name]}


def test_most_cases_stay_as_they_are_while_only_time_passes() -> None:
    """5 lives with 6 and is at large; 7, whom another case met, is kept apart."""
    with world() as here, under(2, 40):
        met = {"half": 0, "stay_min": 90, "late_h": 0, "hour": 35}
        pairs = {"R": (3, 5), "S": (1, 7)}
        here.take(
            [met | {"place": at, "person": who} for at, both in pairs.items() for who in both],
            now=FIRST,
        )
        tracing.retrace(as_of=FIRST, pack=PACK, root=here.root)
        apart = Contact.objects.filter(person=b.pseudonym(7)).values_list("pk", flat=True)
        for action in ("confirm", "isolate"):
            contacts.decide(
                contact_ids=apart, action=action, reason="synthetic", actor=b.actor(), now=FIRST
            )
        tracing.retrace(as_of=FIRST, pack=PACK, root=here.root)
        assert Contact.objects.filter(degree=2).count() == 2
        traced, _ = checked(here, FIRST + 26 * b.HOUR)
        assert traced == {Case.objects.get(case_no="C3").pk}
        assert Contact.objects.filter(degree=1).values("case").distinct().count() == len(PATIENTS)
