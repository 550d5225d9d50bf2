"""Finding places by name or id: whose, in which order, page by page, in few queries."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from tests.service import builders as b
from tests.service import scenes
from zhongshu.lake import schema
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.service.tracing import facade as tracing

pytestmark = pytest.mark.django_db

_SENT = ("place_id", "name", "kind", "village_code", "lon", "lat", "number")
HERE: list[tuple[str, str, str, str | None]] = [
    ("M001", "利清农贸市场", "market", b.VILLAGE),
    ("M001#B1", "利清农贸市场 B1", "market", None),
    ("M001#B1#2", "利清农贸市场 B1 2排", "market", None),
    ("M002", "新利清农贸市场", "market", b.VILLAGE_2),
    ("M003", "利清便利店", "shop", b.VILLAGE),
    ("X009", "Ｋ８８超市", "shop", b.VILLAGE),
    ("F001", "别处的市场", "market", b.OTHER_VILLAGE),
    ("train:G1", "G1次列车", "train_sealed", None),
    ("train:G1#05", "G1次列车05车厢", "train_sealed", None),
    ("cell:1:1", "网格 1:1", "cell", None),
    ("N001", "", "market", b.VILLAGE),
]


def lake_of(rows: list[tuple[str, str, str, str | None]]) -> None:
    told = [dict(zip(_SENT, (*row, 112.5, 37.8, None), strict=True)) for row in rows]
    columns = pa.schema([schema.PLACES.field(name) for name in _SENT])
    Lake(settings.ZHONGSHU_LAKE).write_places(pa.Table.from_pylist(told, schema=columns))


def door(unit: str = b.PROVINCE, role: str = "data_team") -> Client:
    scenes.clock_at(b.NOW)
    return scenes.signed_in((unit, role), name=f"{role} {unit}")


def ids(client: Client, q: str, **asked: Any) -> list[str]:
    answer = scenes.get(client, "/tracing/places", q=q, **asked)
    assert answer.status_code == 200, answer.content
    return [one["place_id"] for one in answer.json()["items"]]


@pytest.fixture
def here() -> None:
    b.headquarters()
    lake_of(HERE)


@pytest.mark.usefixtures("here")
def test_the_very_place_comes_first_then_what_begins_so_and_parts_last() -> None:
    client = door()
    assert ids(client, "利清农贸市场") == ["M001", "M002", "M001#B1", "M001#B1#2"]
    assert ids(client, "利清") == ["M003", "M001", "M002", "M001#B1", "M001#B1#2"]
    assert ids(client, "m001#b1") == ["M001#B1", "M001#B1#2"]
    assert ids(client, "B1 利清 排") == ["M001#B1#2"]
    assert ids(client, "k88") == ["X009"]
    assert ids(client, "G1") == ["train:G1", "train:G1#05"]
    assert ids(client, "没有这个") == ids(client, "  ") == []


@pytest.mark.usefixtures("here")
def test_a_find_says_what_it_is_and_where() -> None:
    client = door()
    items = scenes.get(client, "/tracing/places", q="利清农贸市场").json()["items"]
    first, part = items[0], items[2]
    assert (first["name"], first["kind"], first["whole"]) == ("利清农贸市场", "market", None)
    assert first["unit"]["code"] == b.VILLAGE
    assert first["county"]["level"] == "county"
    assert (part["whole"], part["county"]) == ("利清农贸市场", first["county"])
    train = scenes.get(client, "/tracing/places", q="G1").json()["items"][0]
    assert train["unit"] is train["county"] is None
    unnamed = scenes.get(client, "/tracing/places", q="n001").json()["items"][0]
    assert unnamed["name"] == "N001"


@pytest.mark.usefixtures("here")
def test_places_elsewhere_are_not_found_and_trains_are_the_whole_headquarters() -> None:
    assert ids(door(), "别处") == ["F001"]
    city = door(b.CITY, "epidemiologist")
    assert ids(city, "别处") == ids(city, "F001") == ids(city, "G1") == []
    assert "M001" in ids(city, "市场")


@pytest.mark.usefixtures("here")
def test_what_cannot_be_asked_about_is_not_offered() -> None:
    assert ids(door(), "网格") == []


@pytest.mark.usefixtures("here")
def test_every_place_found_answers_the_question() -> None:
    client = door()
    for one in scenes.get(client, "/tracing/places", q="利清").json()["items"]:
        body = {
            "purpose": "investigation",
            "note": "核实",
            "place": one["place"],
            "from": (b.NOW - b.DAY).isoformat(),
            "to": b.NOW.isoformat(),
        }
        answer = scenes.post(client, "/tracing/venue", body)
        assert answer.json()["place"]["name"] == one["name"], answer.content


@pytest.mark.usefixtures("here")
def test_searching_takes_the_same_few_queries_whatever_it_finds() -> None:
    client = door()
    ids(client, "利清")  # what a process reads once
    taken = []
    for words in ("利清", "市场", "没有这个"):
        with CaptureQueriesContext(connection) as queries:
            ids(client, words)
        taken.append(len(queries))
    assert max(taken) <= 13, taken  # none of them by place


@pytest.mark.parametrize("after", ["nonsense", "WzEsMiwzXQ", "WzEsIngiXQ"])
@pytest.mark.usefixtures("here")
def test_a_foreign_page_mark_is_refused(after: str) -> None:
    answer = scenes.get(door(), "/tracing/places", q="利清", after=after)
    assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


@pytest.mark.usefixtures("here")
def test_who_may_not_ask_may_not_search() -> None:
    answer = scenes.get(door(role="commander"), "/tracing/places", q="利清")
    assert (answer.status_code, answer.json()["code"]) == (403, "permissions.missing")


SIGNS = "ab利"
name = st.text(SIGNS, min_size=1, max_size=4)


def twin(rows: dict[str, str], words: str) -> list[str]:
    """The same order, said one place at a time."""

    def rank(place_id: str) -> tuple[int, str, str] | None:
        plain = rows[place_id].lower()
        texts = (plain, place_id.lower())
        if not all(any(word in text for text in texts) for word in words.split()):
            return None
        if words in texts:
            return 0, plain, place_id
        if "#" in place_id:
            return 3, plain, place_id
        return (1 if any(text.startswith(words) for text in texts) else 2), plain, place_id

    found = {place_id: rank(place_id) for place_id in rows}
    return sorted((one for one in found if found[one]), key=lambda one: found[one] or ())


@given_settings(max_examples=25, phases=[Phase.generate], deadline=None)
@given(
    wholes=st.lists(name, min_size=1, max_size=8),
    part=st.integers(0, 7),
    words=st.lists(st.text(SIGNS, min_size=1, max_size=2), min_size=1, max_size=2),
    limit=st.integers(1, 3),
)
def test_pages_laid_end_to_end_are_what_looking_at_each_place_finds(
    wholes: list[str], part: int, words: list[str], limit: int
) -> None:
    b.headquarters()
    rows = {f"s{n}": text for n, text in enumerate(wholes)}
    rows[f"s{part % len(wholes)}#1"] = f"{wholes[part % len(wholes)]} 1"
    # a lake of its own: places are never taken out of one
    lake_of([(place_id, text, "shop", b.VILLAGE) for place_id, text in rows.items()])
    known = Lake(settings.ZHONGSHU_LAKE).places().to_pylist()
    told = {row["place_id"]: row["name"] for row in known}
    found: list[str] = []
    after = None
    for _ in range(len(told) + 1):
        page = tracing.find(
            " ".join(words), scope=b.scope(), pack=reader.load("cn-covid-9"), after=after,
            limit=limit,
        )  # fmt: skip
        found += [one.place_id for one in page]
        if len(page) < limit:
            break
        after = page[-1].mark
    expected = twin(told, " ".join(words))
    assert [told[one] for one in found] == [told[one] for one in expected]
    assert sorted(found) == sorted(expected)
