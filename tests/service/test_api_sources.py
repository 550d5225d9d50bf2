"""Sources of data through the door: an outage is never zero, and nobody sees another's county."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import frames, scenes
from tests.service.frames import daily
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.rules import reader
from zhongshu.service.sources import reading
from zhongshu.service.sources.expected import Terms
from zhongshu.service.sources.states import State

pytestmark = pytest.mark.django_db
TODAY = beijing_day(b.NOW)
_readers = itertools.count()


def read(client: Client | None = None, **query: Any) -> list[dict[str, Any]]:
    client = client or scenes.signed_in((b.CITY, "epidemiologist"), name=f"reader {next(_readers)}")
    found: list[dict[str, Any]] = []
    after = None
    while True:
        told = scenes.get(client, "/sources", **query, **({"after": after} if after else {}))
        assert told.status_code == 200, told.content
        found += told.json()["items"]
        after = told.json()["next"]
        if after is None:
            return found


def one(stream: str = "fever_clinic", *, hour: float = 21, **query: Any) -> dict[str, Any]:
    """The source of the county at an hour of today (Beijing)."""
    as_of = start_of_day(TODAY) + b.HOUR * hour
    rows = read(stream=stream, as_of=as_of.isoformat(), **query)
    (found,) = [row for row in rows if row["unit"]["code"] == b.COUNTY]
    return found


@pytest.fixture(autouse=True)
def _two_cities() -> None:
    scenes.two_cities()
    scenes.clock_at(b.NOW + b.DAY * 2)


def test_a_source_whose_reports_all_come_is_well() -> None:
    daily()
    told = one()
    assert (told["state"], told["since"], told["completeness"]) == ("ok", None, 1.0)
    assert (told["received"], told["expected"], told["sites"]) == (70, 70, 5)
    assert told["delay_h"] == {"median": 18.0, "p90": 18.0}
    assert told["last_day"] == TODAY.isoformat()
    assert dt.datetime.fromisoformat(told["last_at"]) == start_of_day(TODAY) + frames.EVENING
    assert told["sender"] == "卫健"
    assert [day["expected"] for day in told["history"]] == [5] * 15


def test_a_silent_source_is_an_outage_since_its_first_silent_day_and_never_zero() -> None:
    daily(last=TODAY - b.DAY * 4)
    told = one()
    assert (told["state"], told["since"]) == ("outage", (TODAY - b.DAY * 3).isoformat())
    assert told["last_day"] == (TODAY - b.DAY * 4).isoformat()
    quiet = told["history"][-4:]
    assert [(day["received"], day["expected"], day["count"]) for day in quiet] == [(0, 5, None)] * 4
    assert [day["due"] for day in quiet] == [True] * 3 + [False]
    assert told["completeness"] == pytest.approx(11 / 14)


def test_a_long_silence_stays_an_outage() -> None:
    """Longer than the weeks looked at: what is expected is what was usual before it."""
    daily(first=TODAY - b.DAY * 90, last=TODAY - b.DAY * 50)
    told = one()
    assert (told["state"], told["since"]) == ("outage", (TODAY - b.DAY * 49).isoformat())
    assert (told["completeness"], told["delay_h"]) == (0.0, None)
    daily(stream="pharmacy_sales", first=TODAY - b.DAY * 900, last=TODAY - b.DAY * 800)
    told = one("pharmacy_sales")
    assert (told["state"], told["since"]) == ("outage", (TODAY - b.DAY * 799).isoformat())


def test_days_on_which_nobody_usually_reports_are_no_outage() -> None:
    """Schools rest at weekends; 8 November 2022 is a Tuesday."""
    sunday = TODAY - b.DAY * (TODAY.weekday() + 1)
    daily(stream="school_absences", keep=lambda _, day: day.weekday() < 5, last=sunday)
    as_of = start_of_day(sunday) + b.HOUR * 40
    (row,) = read(stream="school_absences", as_of=as_of.isoformat(), scope=b.COUNTY)
    assert (row["state"], row["completeness"]) == ("ok", 1.0)
    assert row["history"][-2]["expected"] == 0
    (later,) = read(
        stream="school_absences",
        as_of=(as_of + b.DAY).isoformat(),
        scope=b.COUNTY,
    )
    assert (later["state"], later["since"]) == ("outage", (sunday + b.DAY).isoformat())


def test_reports_of_a_day_are_judged_only_when_it_is_due() -> None:
    """Nothing of today: no word before the usual hour, then late, and an outage when it is due."""
    daily(last=TODAY - b.DAY)
    assert one(hour=19.9)["state"] == "ok"
    told = one(hour=20)
    assert (told["state"], told["since"]) == ("late", TODAY.isoformat())
    assert one(hour=35.9)["state"] == "late"
    told = one(hour=36)
    assert (told["state"], told["since"]) == ("outage", TODAY.isoformat())


def test_less_than_complete_is_partial() -> None:
    yesterday = TODAY - b.DAY
    daily(keep=lambda site, day: site in "ABC" or day < yesterday)
    assert one(hour=11)["state"] == "late"
    told = one(hour=12)
    assert (told["state"], told["since"]) == ("partial", yesterday.isoformat())
    assert told["history"][-2] == {
        "date": yesterday.isoformat(), "due": True, "received": 3, "expected": 5, "count": 15,
        "doubted": False,
    }  # fmt: skip


def test_a_missed_day_is_no_outage_once_reports_come_again() -> None:
    daily(keep=lambda _, day: day != TODAY - b.DAY)
    assert one(hour=17)["state"] == "outage"
    told = one(hour=19)
    assert (told["state"], told["since"]) == ("partial", (TODAY - b.DAY).isoformat())


def test_new_sites_do_not_fill_the_gap_of_those_that_stopped() -> None:
    yesterday = TODAY - b.DAY
    daily(keep=lambda _, day: day < yesterday)
    daily(sites="VWXYZ", first=yesterday)
    told = one(hour=12)
    assert (told["state"], told["history"][-2]["received"]) == ("partial", 5)
    assert told["completeness"] == pytest.approx(13 / 14)


def test_what_came_after_it_was_due_is_late_and_counts_as_come() -> None:
    daily(last=TODAY - b.DAY * 2)
    daily(first=TODAY - b.DAY, last=TODAY - b.DAY, after=b.HOUR * 40)
    told = one(hour=17)
    assert (told["state"], told["since"]) == ("late", (TODAY - b.DAY).isoformat())
    assert told["completeness"] == 1.0
    assert told["delay_h"] == {"median": 18.0, "p90": 18.0}
    before = one(hour=15)
    assert (before["state"], before["completeness"]) == ("outage", pytest.approx(13 / 14))


def test_zeros_of_all_sites_where_a_count_is_usual_are_doubted() -> None:
    daily(count=lambda day: 5 if day < TODAY - b.DAY else 0)
    told = one(hour=12)
    assert (told["state"], told["since"]) == ("outage", (TODAY - b.DAY).isoformat())
    day = told["history"][-2]
    assert (day["received"], day["count"], day["doubted"]) == (5, 0, True)


def test_zeros_where_little_is_usual_are_believed() -> None:
    daily(count=lambda day: 1 if day < TODAY - b.DAY else 0)
    assert one(hour=12)["state"] == "ok"


def test_a_correction_is_no_later_report() -> None:
    daily()
    daily(sites="A", count=lambda _: 9, after=b.HOUR * 30, first=TODAY - b.DAY, last=TODAY - b.DAY)
    told = one(hour=21)
    assert told["history"][-2]["count"] == 29
    assert told["delay_h"]["p90"] == 18.0
    then = read(
        stream="fever_clinic",
        as_of=(start_of_day(TODAY) + b.HOUR * 5).isoformat(),
        scope=b.COUNTY,
    )
    assert then[0]["history"][-2]["count"] == 25


def test_in_its_first_week_nobody_knows_what_is_usual() -> None:
    daily(first=TODAY - b.DAY * 4)
    told = one()
    assert (told["state"], told["expected"], told["completeness"]) == ("ok", None, None)


def test_what_never_reported_says_so() -> None:
    daily(county=b.OTHER_COUNTY)
    told = one()
    assert (told["state"], told["sites"], told["last_at"]) == ("never", 0, None)
    assert {day["count"] for day in told["history"]} == {None}


def test_only_counties_within_ones_rights_are_told() -> None:
    daily()
    daily(county=b.OTHER_COUNTY)
    seen = {row["unit"]["code"] for row in read()}
    assert seen == {b.COUNTY, b.ZONE}
    assert read(scenes.signed_in((b.TOWNSHIP, "local_staff"), name="township")) == []


def test_another_scope_looks_like_one_that_is_not_there_and_a_clerk_has_no_right() -> None:
    staff = scenes.signed_in((b.CITY, "local_staff"))
    outside = scenes.get(staff, "/sources", scope=b.OTHER_CITY)
    nowhere = scenes.get(staff, "/sources", scope="999999999999")
    assert outside.status_code == nowhere.status_code == 404
    assert outside.json()["code"] == nowhere.json()["code"]
    clerk = scenes.signed_in((b.VILLAGE, "village_clerk"), name="clerk")
    told = scenes.get(clerk, "/sources")
    assert (told.status_code, told.json()["code"]) == (403, "permissions.missing")


def test_paging_gives_every_source_once_and_a_foreign_mark_is_refused() -> None:
    daily()
    client = scenes.signed_in((b.PROVINCE, "commander"))
    whole = [row["id"] for row in read(client)]
    assert len(set(whole)) == 3 * len(reading.STREAMS) == len(whole)
    assert [row["id"] for row in read(client, limit=2)] == whole
    assert scenes.get(client, "/sources", after="WzEsMl0").json()["code"] == "paging.cursor"


def test_filters_narrow_the_list() -> None:
    daily()
    as_of = (start_of_day(TODAY) + b.HOUR * 21).isoformat()
    assert [row["id"] for row in read(state="ok", as_of=as_of)] == [f"{b.COUNTY}:fever_clinic"]
    assert {row["stream"] for row in read(stream="pharmacy_sales")} == {"pharmacy_sales"}


def test_the_list_costs_the_same_queries_whatever_is_in_it() -> None:
    client = scenes.signed_in((b.PROVINCE, "commander"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert scenes.get(client, "/sources").status_code == 200
        counts.append(len(queries))
        daily()
        daily(county=b.OTHER_COUNTY, stream="pharmacy_sales")
    assert counts[0] == counts[1] <= 11


def test_every_figure_of_the_pack_is_used_and_every_one_used_is_there() -> None:
    named = {key.removeprefix("source.") for key in reader.load("source-watch").figures()}
    assert named == {field.name for field in dataclasses.fields(Terms)}


def test_every_state_has_its_word_in_both_languages() -> None:
    words = Path(__file__).parents[2] / "console/src/shared/i18n"
    for language in ("zh", "en"):
        known = json.loads((words / f"{language}.json").read_text(encoding="utf-8"))
        assert [state for state in State if f"sourceState.{state}" not in known] == []
        assert [name for name in reading.STREAMS if f"stream.{name}" not in known] == []
