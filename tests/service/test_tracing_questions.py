"""The reverse questions as asked at headquarters: purpose, rights, small cells, the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import Error, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from tests.service import builders as b
from tests.service import scenes
from zhongshu.cli import ask as command
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.tracing.cells import Count
from zhongshu.service.tracing.index import Span

pytestmark = pytest.mark.django_db

DAY_OF = start_of_day(beijing_day(b.NOW)) - 3 * b.DAY
WHY = {"purpose": "investigation", "note": "核实聚集性疫情"}
MARKET, ABROAD, TRAIN, CARRIAGE = "M001", "M002", "train:G1", "train:G1#05"


def at(hours: float) -> dt.datetime:
    return DAY_OF + dt.timedelta(hours=hours)


def place(place_id: str, village: str | None, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "place_id": place_id, "name": f"场所{place_id}", "kind": kind, "village_code": village,
        "lon": 112.5, "lat": 37.8, "number": None, **more,
    }  # fmt: skip


def lake_of(
    visits: list[tuple[int, str, float, float | None]], *, late: bool = False
) -> dict[str, int]:
    """A lake with the visits (serial, place, hours from, hours to) of one day; keys by place id."""
    lake = Lake(settings.ZHONGSHU_LAKE)
    described = [
        place(MARKET, b.VILLAGE, "market"),
        *(place(f"{MARKET}#{n}F", None, "market", number=n) for n in (1, 2, 3)),
        place(ABROAD, b.OTHER_VILLAGE, "market"),
        place(TRAIN, None, "train_sealed"),
        place(CARRIAGE, None, "train_sealed", number=5),
        place("cell:1:1", None, "cell"),
    ]
    columns = [schema.PLACES.field(name) for name in described[0]]
    lake.write_places(pa.Table.from_pylist(described, schema=pa.schema(columns)))
    keys = {row["place_id"]: row["place"] for row in lake.places().to_pylist()}
    rows = [
        {
            "person": b.pseudonym(serial),
            "place": keys[where],
            "time_in": at(begin),
            "time_out": None if end is None else at(end),
            "source": "venue_scan",
            "recorded_at": b.NOW + b.HOUR if late else at(begin),
        }
        for serial, where, begin, end in visits
    ]
    if rows:
        lake.write_visits(pa.Table.from_pylist(rows, schema=schema.VISITS))
    return keys


def people_of(serials: range, village: str = b.VILLAGE) -> None:
    b.register(*(b.person(n, n) for n in serials), homes=[b.household(n, village) for n in serials])


def asking(**given: Any) -> tracing.Asking:
    plain: dict[str, Any] = {
        "actor": b.actor(role="data_team"),
        "scope": b.scope(),
        "as_of": b.NOW,
        "now": b.NOW,
        "pack": reader.load("cn-covid-9"),
        **WHY,
    }
    return tracing.Asking(**(plain | given))


def crowd() -> None:
    """Twelve at the market of Taiyuan (two of them from Datong, one of these a case), some on the
    first floor; twenty pass the other market."""
    b.headquarters()
    people_of(range(1, 11))
    people_of(range(51, 53), b.OTHER_VILLAGE)
    visits = [(n, MARKET, 9.0, 10.0) for n in (*range(1, 8), 51, 52)]
    visits += [(n, f"{MARKET}#1F", 9.5, 10.5) for n in range(8, 11)]
    lake_of(visits)


def at_market(**given: Any) -> tracing.Venue:
    where: dict[str, Any] = {"place": None, "place_id": MARKET, "begin": at(8), "end": at(12)}
    return tracing.venue(asking(**given), **where)


NOBODY: Count = {"value": 0, "below": None, "about": False}
FEW: Count = {"value": None, "below": 10, "about": False}


def about(persons: int) -> Count:
    return {"value": persons, "below": None, "about": True}


def test_a_venue_is_told_as_counts_with_small_cells_hidden() -> None:
    crowd()
    b.case(1)
    found = at_market()
    # ten and two: the total is no nearer to them than that the two can be up to nine
    assert found.persons == about(15)
    assert found.cases == 1
    assert [one["persons"] for one in found.by_county] == [about(10), FEW]
    assert [one["persons"] for one in found.by_spot] == [FEW, FEW]
    assert [(one["hour"], one["persons"]) for one in found.by_hour] == [
        (at(9), about(10)), (at(10), FEW),
    ]  # fmt: skip


def test_a_floor_asked_alone_does_not_tell_the_other() -> None:
    """Forty, twelve and three on three floors: 55 in all less 40 less 12 was the third."""
    b.headquarters()
    people_of(range(1, 56))
    floors = {"1F": range(1, 41), "2F": range(41, 53), "3F": range(53, 56)}
    lake_of([(n, f"{MARKET}#{floor}", 9.0, 9.5) for floor, who in floors.items() for n in who])
    whole = at_market()
    assert whole.persons == about(55)
    assert [one["persons"] for one in whole.by_spot] == [about(40), about(10), FEW]
    alone = {
        floor: tracing.venue(
            asking(), place=None, place_id=f"{MARKET}#{floor}", begin=at(8), end=at(12)
        ).persons
        for floor in floors
    }
    assert alone == {"1F": about(40), "2F": about(10), "3F": FEW}


def test_a_floor_is_asked_with_those_of_whom_nobody_knows_the_floor() -> None:
    crowd()
    found = tracing.venue(asking(), place=None, place_id=f"{MARKET}#1F", begin=at(10), end=at(12))
    assert found.persons == FEW
    assert found.place.unit is not None
    assert found.place.unit["code"] == b.VILLAGE


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"purpose": "curiosity"}, "inquiries.purpose"),
        ({"note": "  "}, "inquiries.note"),
        ({"as_of": b.NOW + b.DAY}, "inquiries.future"),
    ],
)
def test_nothing_is_asked_without_a_reason(given: dict[str, Any], code: str) -> None:
    b.headquarters()
    with pytest.raises(BadInput) as refusal:
        asking(**given)
    assert refusal.value.code == code


def test_every_question_is_on_record_with_its_answer_and_nothing_can_be_changed() -> None:
    crowd()
    case = b.case(1)
    at_market(purpose="notice")
    tracing.timeline(asking(), case_id=case.pk, contact_id=None, begin=at(0), end=at(24))
    rows = list(tracing.inquiries(b.scope()).order_by("pk"))
    assert [(row.kind, row.purpose, row.actor) for row in rows] == [
        ("venue", "notice", "commander"), ("timeline", "investigation", "commander"),
    ]  # fmt: skip
    assert rows[0].answered == {"persons": about(15), "cases": 1}
    assert rows[1].what["case_id"] == case.pk
    assert str(b.pseudonym(1)) not in str(rows[1].what | rows[1].answered)
    acts = AuditEntry.objects.filter(action__startswith="tracing.").order_by("seq")
    assert [row.object for row in acts] == [f"inquiry:{row.pk}" for row in rows]
    with pytest.raises(Error, match="Cannot update"):
        rows[0].delete()


def test_a_refused_question_leaves_no_record_and_no_answer() -> None:
    crowd()
    with pytest.raises(BadInput) as refusal:
        tracing.venue(asking(), place=None, place_id=MARKET, begin=at(12), end=at(8))
    assert refusal.value.code == "tracing.time_backwards"
    with pytest.raises(BadInput, match="visits from"):
        tracing.venue(asking(), place=None, place_id=MARKET, begin=at(-400), end=at(8))
    with pytest.raises(BadInput, match="visits are kept for 21 days"):
        tracing.venue(asking(), place=None, place_id=MARKET, begin=at(-480), end=at(8))
    assert not tracing.inquiries(b.scope()).exists()


def test_what_was_known_earlier_is_answered_as_it_was_known() -> None:
    b.headquarters()
    people_of(range(1, 7))
    lake_of([(n, MARKET, 9.0, 10.0) for n in range(1, 7)], late=True)
    assert at_market().persons == NOBODY
    later = {"as_of": b.NOW + 2 * b.HOUR, "now": b.NOW + 2 * b.HOUR}
    assert at_market(**later).persons == FEW


def test_the_hot_index_and_the_files_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd()
    ill = [b.case(n) for n in (1, 2, 8)]
    ids = [case.pk for case in ill]
    by_files = at_market(), tracing.common(asking(), case_ids=ids)
    today = beijing_day(b.NOW)
    tracing.index().seal(Span(today - 40 * b.DAY, today), b.NOW)
    monkeypatch.setattr(Lake, "visits", None)  # the files are not asked
    assert (at_market(), tracing.common(asking(), case_ids=ids)) == by_files


def test_two_pseudonyms_of_one_person_are_counted_once() -> None:
    b.headquarters()
    people_of(range(1, 11))
    lake_of([(n, MARKET, 9.0, 10.0) for n in range(1, 11)])
    assert at_market().persons == about(10)
    why = {"reason": "同一人", "actor": b.actor(), "now": b.NOW}
    people.merge(keep=b.pseudonym(1), other=b.pseudonym(2), **why)
    assert at_market().persons == FEW


def test_a_timeline_tells_places_gaps_and_who_sent_it() -> None:
    b.headquarters()
    people_of(range(1, 2))
    lake_of([(1, MARKET, 9.0, None), (1, f"{MARKET}#1F", 9.5, 10.0), (1, CARRIAGE, 15.0, 18.0)])
    case = b.case(1)
    found = tracing.timeline(asking(), case_id=case.pk, contact_id=None, begin=at(8), end=at(20))
    told = [(one["place"].name, one["from"], one["to"], one["imputed"]) for one in found.stays]
    assert told == [
        (f"场所{MARKET}", at(9), at(9.5), True),
        (f"场所{MARKET}#1F", at(9.5), at(10), False),
        (f"场所{CARRIAGE}", at(15), at(18), False),
    ]
    assert found.stays[0]["source"] == "venue_scan"
    assert [(one["from"], one["to"]) for one in found.gaps] == [
        (at(8), at(9)), (at(10), at(15)), (at(18), at(20)),
    ]  # fmt: skip


def test_a_common_market_is_found_against_the_people_of_the_county() -> None:
    b.headquarters()
    people_of(range(1, 40))
    shared = [(n, f"{MARKET}#1F", 9.0, 10.0) for n in (1, 2, 3)]
    lake_of(shared + [(n, MARKET, 12.0, 13.0) for n in range(1, 40)])
    ill = [b.case(n) for n in (1, 2, 3)]
    found = tracing.common(asking(), case_ids=[case.pk for case in ill])
    first = found.places[0]
    assert (found.asked, first.place.name) == (3, f"场所{MARKET}#1F")
    assert [case.pk for case in first.cases] == [case.pk for case in ill]
    assert first.persons == NOBODY
    assert first.p < found.places[1].p
    assert [visit[0] for visit in first.visits] == [case.pk for case in ill]


def test_few_others_at_a_place_cannot_be_read_from_its_chance() -> None:
    """One other person or nine: the same figures; twenty or twenty-four, too."""
    told = []
    b.headquarters()
    people_of(range(1, 40))
    everybody = [(n, MARKET, 12.0, 13.0) for n in range(1, 40)]
    ill = [b.case(n) for n in (1, 2)]
    for others in (1, 9, 20, 24):
        lake_of(everybody + [(n, f"{MARKET}#1F", 9.0, 10.0) for n in range(1, 3 + others)])
        found = tracing.common(asking(), case_ids=[case.pk for case in ill])
        one = next(one for one in found.places if one.place.name.endswith("1F"))
        told.append((one.persons, one.expected, one.p))
    assert told[0] == told[1]
    assert told[2] == told[3] != told[0]


def test_companions_are_counted_by_cells_alone() -> None:
    b.headquarters()
    people_of(range(1, 12))
    lake_of(
        [(n, "cell:1:1", 9.0, 10.0) for n in range(1, 9)]
        + [(9, "cell:1:1", 9.9, 9.95), (10, MARKET, 9.0, 10.0), (1, MARKET, 9.0, 10.0)]
    )
    case = b.case(1)
    found = tracing.companions(asking(), case_id=case.pk)
    assert (found.persons, found.cells) == (FEW, 1)
    assert (found.rule_id, found.minutes, found.days) == ("WHO-8", 10, 14)


# through the door ------------------------------------------------------------------------


def door(*posts: tuple[str, str]) -> Client:
    scenes.clock_at(b.NOW)
    return scenes.signed_in(*posts)


def ask(client: Client, what: str, **body: Any) -> Any:
    times = {"from": at(8).isoformat(), "to": at(12).isoformat()}
    return scenes.post(client, f"/tracing/{what}", WHY | times | body)


def test_the_door_answers_and_lists_who_asked() -> None:
    crowd()
    case = b.case(1)
    client = door((b.PROVINCE, "data_team"))
    venue = ask(client, "venue", place_id=MARKET).json()
    assert venue["persons"] == about(15)
    assert venue["place"]["unit"]["code"] == b.VILLAGE
    stays = ask(client, "timeline", case_id=case.pk).json()["stays"]
    assert [(one["place"]["kind"], one["doubted"]) for one in stays] == [("market", False)]
    listed = scenes.get(client, "/tracing/inquiries").json()["items"]
    assert [(one["question"], one["subject"]["zh"]) for one in listed] == [
        ("timeline", f"病例 {case.case_no}"), ("venue", f"场所{MARKET}"),
    ]  # fmt: skip
    only = scenes.get(client, "/tracing/inquiries", question="venue", limit=1).json()
    assert (len(only["items"]), only["next"]) == (1, None)


def test_places_and_persons_out_of_scope_look_like_none() -> None:
    crowd()
    outside = b.case(51, b.OTHER_VILLAGE)
    client = door((b.CITY, "epidemiologist"))
    for what, body in (
        ("venue", {"place_id": ABROAD}),
        ("venue", {"place_id": "nowhere"}),
        ("venue", {"place_id": TRAIN}),  # the whole headquarters' only
        ("timeline", {"case_id": outside.pk}),
        ("timeline", {"contact_id": 1}),
        ("common", {"case_ids": [outside.pk, outside.pk + 1]}),
        ("companions", {"case_id": outside.pk}),
    ):
        assert ask(client, what, **body).status_code == 404, (what, body)
    assert ask(client, "venue", place_id=MARKET).status_code == 200
    assert len(scenes.get(client, "/tracing/inquiries").json()["items"]) == 1


def test_visitors_from_elsewhere_are_counted_though_they_are_out_of_reach() -> None:
    crowd()
    counted = ask(door((b.CITY, "epidemiologist")), "venue", place_id=MARKET).json()
    assert counted["persons"] == about(15)
    assert len(counted["by_county"]) == 2


def test_who_may_not_ask_is_told_so() -> None:
    crowd()
    client = door((b.PROVINCE, "commander"))
    refused = ask(client, "venue", place_id=MARKET)
    assert (refused.status_code, refused.json()["code"]) == (403, "permissions.missing")
    assert scenes.get(client, "/tracing/inquiries").status_code == 200


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("venue", {"place_id": MARKET, "place": 1}, "tracing.which_place"),
        ("venue", {"place_id": "cell:1:1"}, "tracing.place_not_read"),
        ("timeline", {}, "tracing.whom"),
        ("common", {"case_ids": [1, 1]}, "tracing.too_few_cases"),
        ("venue", {"place_id": MARKET, "note": " "}, "inquiries.note"),
    ],
)
def test_a_bad_question_is_refused_in_both_languages(
    what: str, body: dict[str, Any], code: str
) -> None:
    crowd()
    told = ask(door((b.PROVINCE, "data_team")), what, **body)
    assert (told.status_code, told.json()["code"]) == (400, code)
    assert told.json()["message"]["zh"] != told.json()["message"]["en"]


def test_a_question_takes_the_same_few_queries_whatever_it_finds() -> None:
    crowd()
    b.case(1)
    client = door((b.PROVINCE, "data_team"))
    ask(client, "venue", place_id=MARKET)  # what a process reads once
    taken = []
    for begin in (8, 11):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body = {"from": at(begin).isoformat(), "place_id": MARKET}
            assert ask(client, "venue", **body).status_code == 200
        taken.append(len(queries))
    assert max(taken) <= 38, taken  # none of them by visitor, place or county
    for _ in range(3):
        ask(client, "timeline", case_id=1)
    with CaptureQueriesContext(connection) as listed:
        assert scenes.get(client, "/tracing/inquiries").status_code == 200
    assert len(listed) <= 14, len(listed)


# from the command line -------------------------------------------------------------------


class Here:
    """An installation whose database is the test's."""

    def open(self) -> None:
        pass

    def wall(self) -> dt.datetime:
        return b.NOW


def say(*words: str) -> str:
    why = ["--as", "asker", "--purpose", "investigation", "--note", "核实"]
    found = CliRunner().invoke(command.app, [*words, *why], obj=Here(), env={"COLUMNS": "200"})
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.output


def test_the_command_line_asks_the_same_on_the_same_record() -> None:
    crowd()
    b.case(1)
    b.case(8)
    b.user("asker", (b.PROVINCE, "data_team"))
    times = ("--from", f"{DAY_OF:%Y-%m-%d}T08:00", "--to", f"{DAY_OF:%Y-%m-%d}T12:00")
    told = say("venue", MARKET, *times)
    assert "about 15 persons, 2 of them cases" in told
    assert "fewer than 10" in told
    assert "venue_scan" in say("timeline", "C1", *times)
    assert f"场所{MARKET}" in say("common", "C1", "C8")
    assert "0 persons in 0 cells for more than 10 min" in say("companions", "C1")
    rows = tracing.inquiries(b.scope()).order_by("pk")
    assert [(row.actor, row.kind) for row in rows] == [
        ("asker", kind) for kind in ("venue", "timeline", "common", "companions")
    ]
    with pytest.raises(NotFound):
        say("venue", "nowhere", *times)
