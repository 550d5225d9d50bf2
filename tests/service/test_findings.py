"""Red findings open when something stands against a rule, and resolve when it does not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.service import builders as b
from tests.service import frames, scenes
from zhongshu.rules import judge
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases.models import Case
from zhongshu.service.codes import facade as codes
from zhongshu.service.contacts.models import Contact
from zhongshu.service.findings.models import Finding
from zhongshu.service.periods.cycle.watch import inspection
from zhongshu.service.resources import facade as resources
from zhongshu.service.zones import facade as zones

pytestmark = pytest.mark.django_db
TWENTY = dt.datetime(2022, 11, 12, 20, tzinfo=b.NOW.tzinfo)


@pytest.fixture
def town() -> Case:
    b.headquarters()
    b.register(*(b.person(n, n) for n in range(1, 5)), homes=[b.household(n) for n in range(1, 5)])
    case = b.case(1)
    b.trace(case, (2, 1), (3, 2))
    return case


def run(folder: Path, as_of: dt.datetime = b.NOW) -> dict[str, Any]:
    return dict(inspection.run(frames.frame(folder, as_of=as_of)).summary)


def open_ones() -> list[tuple[str, str]]:
    rows = Finding.objects.filter(resolved_at=None).order_by("kind", "subject_kind", "id")
    for row in rows:
        assert judge.same(row.judgement, judge.replay(row.judgement))
        assert all(row.text[language] for language in ("zh", "en"))
    return [(row.kind, row.subject_kind) for row in rows]


def zone(case: Case, *, met: bool, earliest: str, **given: Any) -> int:
    """An area in force whose last evaluation says whether it could be released."""
    release = {"conditions": [{"rule_id": "Z9-1", "met": met}], "earliest_on": earliest}
    draft = scenes.zone_draft(b.VILLAGE, case, release=release, **given)
    at = b.NOW - 2 * b.DAY
    ids = zones.upsert(drafts=[draft], run_id=1, as_of=at)
    zones.move(zone_ids=ids.values(), action="activate", actor=b.actor(), now=at)
    return next(iter(ids.values()))


def test_nothing_is_found_where_nothing_stands_against_a_rule(town: Case, tmp_path: Path) -> None:
    Contact.objects.update(state="isolating")
    zone(town, met=False, earliest="2022-11-15")
    assert run(tmp_path)["findings"] == 0


def test_isolation_that_goes_on_past_its_days(town: Case, tmp_path: Path) -> None:
    """Last met on 4 November: 10 days end on the 14th, 7 days at home on the 11th."""
    Contact.objects.update(state="isolating")
    on = b.NOW + 4 * b.DAY  # the 12th, under the twenty measures: 5 + 3 days ended that day
    assert run(tmp_path, on)["opened"] == 1
    second = Finding.objects.get()
    assert (second.kind, second.rule_id) == ("measure_past_release", "ISO-3")
    assert second.since == dt.date(2022, 11, 11), "secondary contacts are free since that day"
    assert run(tmp_path, on + b.DAY)["opened"] == 1
    close = Finding.objects.exclude(pk=second.pk).get()
    assert (close.rule_id, close.since) == ("ISO-1", dt.date(2022, 11, 13))
    before = audit.entries(scope=None).count()
    again = run(tmp_path, on + b.DAY)
    assert (again["opened"], again["renewed"], again["resolved"]) == (0, 0, 0)
    assert audit.entries(scope=None).count() == before
    Contact.objects.update(state="released")
    assert run(tmp_path, on + 2 * b.DAY)["resolved"] == 2
    assert open_ones() == []


def test_an_area_open_past_its_release(town: Case, tmp_path: Path) -> None:
    zone(town, met=True, earliest="2022-11-06")
    run(tmp_path)
    assert open_ones() == [("measure_past_release", "zone")]
    found = Finding.objects.get()
    assert (found.rule_id, found.since, found.facts["days"]) == ("Z-END", dt.date(2022, 11, 6), 2)


def test_an_area_that_could_be_released_today_is_no_finding(town: Case, tmp_path: Path) -> None:
    zone(town, met=True, earliest="2022-11-08")
    assert run(tmp_path)["findings"] == 0


def test_an_area_larger_than_the_edition_allows(town: Case, tmp_path: Path) -> None:
    """A whole village was right until the twenty measures; then a building is the largest."""
    zone(town, met=False, earliest="2022-11-15")
    assert run(tmp_path)["findings"] == 0
    run(tmp_path, TWENTY)
    assert open_ones() == [("zone_too_large", "zone")]
    found = Finding.objects.get()
    assert found.facts["largest"] == "building"
    assert found.since == dt.date(2022, 11, 11)


def test_an_area_of_a_level_that_was_abolished(town: Case, tmp_path: Path) -> None:
    zone(town, met=False, earliest="2022-11-15", level="medium")
    run(tmp_path, TWENTY)
    assert open_ones() == [("measure_past_release", "zone")]


def test_two_tests_of_one_person_on_one_day(town: Case, tmp_path: Path) -> None:
    lake = frames.frame(tmp_path).lake
    night = dt.datetime(2022, 11, 7, 23, 30, tzinfo=b.NOW.tzinfo)

    def sample(number: int, person: int, moment: dt.datetime, **given: Any) -> dict[str, Any]:
        return {
            "person": b.pseudonym(person),
            "sample_no": f"S{number}",
            "sampled_at": moment,
        } | given

    frames.tests(
        lake,
        sample(1, 2, night),
        sample(2, 2, night + b.HOUR),  # the next day: one test each
        sample(3, 3, night),
        sample(4, 3, night - b.HOUR),  # two on one day
        # a positive tube is collected again at once (T-13): no second round
        sample(5, 4, night, result="positive"),
        sample(6, 4, night - b.HOUR, method="single"),
    )
    run(tmp_path)
    assert open_ones() == [("test_over_maximum", "unit_day")]
    found = Finding.objects.get()
    assert (found.unit_id, found.since) == (b.COUNTY, dt.date(2022, 11, 7))
    assert found.facts["persons"] == 1


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2022, 12, 6, 20, tzinfo=b.NOW.tzinfo), []),  # allowed until then
        (dt.datetime(2022, 12, 8, 20, tzinfo=b.NOW.tzinfo), [("test_over_maximum", "unit_day")]),
    ],
)
def test_a_township_sampled_where_region_wide_testing_is_forbidden(
    moment: dt.datetime, expected: list[tuple[str, str]], town: Case, tmp_path: Path
) -> None:
    rows = [
        {"person": b.pseudonym(n), "sample_no": f"S{n}", "sampled_at": moment - 9 * b.HOUR}
        for n in (1, 2, 3)
    ]
    frames.tests(frames.frame(tmp_path).lake, *rows)
    run(tmp_path, moment)
    assert open_ones() == expected
    for found in Finding.objects.all():
        assert (found.unit_id, found.facts["sampled"]) == (b.TOWNSHIP, 3)


def reported(case: Case, *, colour: str, person: int, until: dt.datetime | None = None) -> None:
    row = {"person": person, "colour": colour, "rule_id": "", "verified": False, "until": until,
           "judgement": "{}"}  # fmt: skip
    schema = pa.schema(
        [("person", pa.int64()), ("colour", pa.string()), ("rule_id", pa.string()),
         ("verified", pa.bool_()), ("until", pa.timestamp("s", "UTC")),
         ("judgement", pa.string())]
    )  # fmt: skip
    codes.report(
        table=pa.Table.from_pylist([row], schema=schema), set_by="province-code",
        as_of=b.NOW - b.HOUR, actor=b.INTAKE,
    )  # fmt: skip


def test_a_colour_without_an_epidemic_reason(town: Case, tmp_path: Path) -> None:
    """Somebody who owes money at a bank was turned red; a case was turned red too."""
    reported(town, colour="red", person=b.pseudonym(4))
    run(tmp_path)
    assert open_ones() == [("colour_without_reason", "code")]
    found = Finding.objects.get()
    assert (found.rule_id, found.facts["set_by"]) == ("HC-2", "province-code")
    reported(town, colour="red", person=town.person)
    run(tmp_path, b.NOW + b.HOUR)
    assert open_ones() == []  # his colour has ended there, and a case's has its reason


def test_who_has_earned_yellow_is_not_to_be_shown_red(town: Case, tmp_path: Path) -> None:
    """A secondary contact is yellow by the rules; from outside he was turned red."""
    Contact.objects.update(state="confirmed")
    second = Contact.objects.get(degree=2).person
    reported(town, colour="yellow", person=second)
    assert run(tmp_path)["findings"] == 0
    reported(town, colour="red", person=second)
    run(tmp_path, b.NOW + b.HOUR)
    assert open_ones() == [("colour_without_reason", "code")]
    assert Finding.objects.get().facts["colour"] == "red"


def test_a_colour_shown_past_its_end(town: Case, tmp_path: Path) -> None:
    reported(town, colour="yellow", person=b.pseudonym(4), until=b.NOW - 3 * b.DAY)
    run(tmp_path)
    assert open_ones() == [("measure_past_release", "code")]
    assert Finding.objects.get().since == dt.date(2022, 11, 5)


def test_a_finding_is_shown_with_its_trace_as_it_stood_at_a_moment(
    town: Case, tmp_path: Path
) -> None:
    zone(town, met=True, earliest="2022-11-06")
    run(tmp_path)
    zones.move(
        zone_ids=[Finding.objects.get().subject_id], action="release", actor=b.actor(), now=b.NOW
    )
    run(tmp_path, b.NOW + b.DAY)
    scenes.clock_at(b.NOW + b.DAY + b.HOUR)
    client = scenes.signed_in((b.CITY, "commander"))
    assert scenes.get(client, "/findings").json()["items"] == []
    (then,) = scenes.get(client, "/findings", as_of=b.NOW.isoformat()).json()["items"]
    assert (then["kind"], then["days"], then["resolved_at"]) == ("measure_past_release", 2, None)
    (ended,) = scenes.get(client, "/findings", open="false").json()["items"]
    assert ended["resolved_at"] is not None
    one = scenes.get(client, f"/findings/{then['id']}").json()
    assert one["trace"]["held"]
    assert len(one["words"]) > 1


def test_a_good_that_rose_too_much_in_a_week_until_its_price_is_down(
    town: Case, tmp_path: Path
) -> None:
    scenes.priced("P1", 10, 10, 10, 13)
    scenes.priced("P2", 10, 10, 10, 10.5)
    run(tmp_path)
    assert open_ones() == [("price_rise", "price")]
    found = Finding.objects.get()
    assert (found.unit_id, found.rule_id) == (b.COUNTY, "SUP-4")
    assert (found.facts["price_week_pct"], found.facts["price_points"]) == (30.0, 1)
    assert "猪肉" in found.label["zh"]
    later = b.NOW + b.DAY
    for point in ("P1", "P2"):
        row = {"point_id": point, "point_name": point, "county_code": b.COUNTY, "item": "pork",
               "yuan": 10.0, "lon": 112.5, "lat": 37.8, "as_of": later}  # fmt: skip
        resources.take(feed="prices", table=b.feed("prices", row), known_at=later)
    run(tmp_path, later)
    assert open_ones() == []
