"""One contact's page and the graph of a case: every claim with its evidence, nobody by mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service import scenes
from tests.service.chains_made import START, Met
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts

pytestmark = pytest.mark.django_db


def everybody() -> Client:
    scenes.clock_at(b.NOW + b.HOUR)
    return scenes.signed_in((b.PROVINCE, "data_team"), name="everybody")


def page_of(client: Client, one: contacts.Contact, **query: Any) -> dict[str, Any]:
    answer = scenes.get(client, f"/contacts/{one.pk}", **query)
    assert answer.status_code == 200, answer.content.decode()
    told: dict[str, Any] = answer.json()
    return told


def ways(link: dict[str, Any]) -> tuple[str, str, str]:
    return link["from"]["kind"], link["to"]["kind"], link["at"][:10]


def english(told: dict[str, Any]) -> list[str]:
    return [sentence["en"] for sentence in told["clearing"]]


def test_the_chain_of_a_close_contact_is_one_link() -> None:
    case = made.neighbours()
    place = made.market()
    found = made.trace(
        case,
        Met(2, place=place, minutes=10),
        Met(2, place=place, minutes=40, at=START + b.DAY),
    )
    chains = page_of(everybody(), found[2])["chains"]
    (first,), (longest,) = chains["earliest"], chains["strongest"]
    assert (first["from"], first["to"]["id"]) == (
        {"kind": "case", "label": "C1", "id": case.pk}, found[2].pk,
    )  # fmt: skip
    assert (first["minutes"], longest["minutes"]) == (10, 40)
    assert first["place"] == {"zh": "合成市场", "en": "合成市场"}


def test_earliest_and_strongest_chain_may_go_by_different_people() -> None:
    case = made.neighbours()
    found = made.trace(
        case,
        Met(2, minutes=30),
        Met(3, minutes=60, at=START + b.HOUR),
        Met(12, via=2, minutes=5, at=START + b.DAY),
        Met(12, via=3, minutes=50, at=START + 2 * b.DAY),
    )
    chains = page_of(everybody(), found[12])["chains"]
    assert [link["to"]["id"] for link in chains["earliest"]] == [found[2].pk, found[12].pk]
    assert [link["to"]["id"] for link in chains["strongest"]] == [found[3].pk, found[12].pk]
    assert [ways(link)[:2] for link in chains["strongest"]] == [
        ("case", "contact"), ("contact", "contact"),
    ]  # fmt: skip


def test_somebody_outside_ones_rights_is_named_in_no_chain() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(12, via=2, at=START + b.DAY))
    scenes.clock_at(b.NOW + b.HOUR)
    client = scenes.signed_in((b.OTHER_COUNTY, "data_team"))
    told = page_of(client, found[12])
    (link,) = told["chains"]["strongest"]
    assert link["from"] == {"kind": "contact", "label": "", "id": None}
    assert told["case"] == {"id": case.pk, "case_no": ""}
    assert f"#{found[2].pk}" not in " ".join(english(told))


def test_people_who_live_together_have_no_minutes_and_no_place() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2, place=None))
    told = page_of(everybody(), found[2])
    (link,) = told["chains"]["strongest"]
    assert (link["minutes"], link["place"]) == (None, None)
    (sentence,) = english(told)
    assert sentence.startswith("Only because they live together: not living there from 11-04 20:00")


def test_leaving_before_the_shortest_overlap_clears_an_estimated_meeting() -> None:
    case = made.neighbours()
    place = made.market()
    found = made.trace(case, Met(2, place=place, imputed=True))
    sentences = english(page_of(everybody(), found[2]))
    assert (
        "合成市场: the time of leaving is estimated; either having left before 11-04 20:02 "
        "would clear it." in sentences
    )
    assert any("Effective protection" in sentence for sentence in sentences)


def test_a_meeting_hardly_long_enough_falls_with_a_small_error_of_the_clocks() -> None:
    case = made.neighbours()
    place = made.market()
    found = made.trace(case, Met(2, place=place, minutes=5), Met(3, place=place, minutes=60))
    client = everybody()
    assert any(
        "only 3.0 min above the shortest 2 min" in s for s in english(page_of(client, found[2]))
    )
    sure = english(page_of(client, found[3]))
    assert (
        "Meetings with recorded times: 1 (longest 60 min); only a wrong record would clear." in sure
    )
    assert not any("above the shortest" in sentence for sentence in sure)


def test_a_second_degree_contact_falls_with_the_contact_between() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(12, via=2, at=START + b.DAY))
    sentences = english(page_of(everybody(), found[12]))
    assert f"Secondary contact: excluding contact #{found[2].pk} would clear." in sentences
    assert any("isolated before 11-05 20:00" in sentence for sentence in sentences)


def test_several_meetings_have_to_fall_each() -> None:
    case = made.neighbours()
    found = made.trace(case, *(Met(2, at=START + n * b.HOUR, imputed=True) for n in range(5)))
    sentences = english(page_of(everybody(), found[2]))
    assert sentences[0] == "It rests on 5 meetings; each of them has to fall."
    assert sum("either having left" in sentence for sentence in sentences) == 3
    assert "Further meetings whose time of leaving is estimated: 2." in sentences


def test_who_is_cleared_already_needs_no_clearing() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2))
    contacts.decide(
        contact_ids=[found[2].pk], action="exclude", reason="未到场", actor=b.actor(), now=b.NOW
    )
    told = page_of(everybody(), found[2])
    assert told["clearing"] == []
    (decision,) = told["decisions"]
    assert (decision["action"], decision["reason"], decision["by"]) == (
        "exclude", "未到场", "commander",
    )  # fmt: skip


def test_all_exposures_come_by_pages_longest_first_and_the_score_in_its_parts() -> None:
    case = made.neighbours()
    meetings = [Met(2, at=START + n * b.HOUR, minutes=10 + n, imputed=n > 24) for n in range(30)]
    found = made.trace(case, *meetings)
    client = everybody()
    first = page_of(client, found[2], limit=20)
    rest = page_of(client, found[2], after=first["exposures_next"])
    minutes = [one["minutes"] for one in first["exposures"] + rest["exposures"]]
    assert minutes == [float(10 + n) for n in reversed(range(30))]
    assert rest["exposures_next"] is None
    assert first["score_parts"] == {
        "confirmed_min": sum(10.0 + n for n in range(25)),
        "imputed_min": sum(10.0 + n for n in range(25, 30)),
        "household": False,
        "link": 0.5,
        "via": None,
    }


# The graph


def graph(client: Client, case: cases.Case, **query: Any) -> dict[str, Any]:
    answer = scenes.get(client, f"/cases/{case.pk}/chains", **query)
    assert answer.status_code == 200, answer.content.decode()
    told: dict[str, Any] = answer.json()
    return told


def drawn(told: dict[str, Any]) -> set[str]:
    return {node["id"] for node in told["nodes"]}


def test_the_graph_shows_who_met_whom() -> None:
    case = made.neighbours()
    place = made.market()
    found = made.trace(
        case, Met(2, place=place), Met(2, place=place, minutes=20, at=START + b.DAY),
        Met(12, via=2, place=None, at=START + b.DAY),
    )  # fmt: skip
    told = graph(everybody(), case)
    ids = f"case:{case.pk}", f"contact:{found[2].pk}", f"contact:{found[12].pk}"
    assert drawn(told) == set(ids)
    first, second = told["edges"]
    assert (first["from"], first["to"], first["minutes"]) == (ids[0], ids[1], 50)
    assert first["place"]["zh"] == "合成市场"
    assert (second["from"], second["to"], second["minutes"]) == (ids[1], ids[2], None)
    assert told["left_out"] == 0


def test_the_closest_have_names_and_the_others_are_counted_by_county_and_degree() -> None:
    case = made.neighbours()
    found = made.trace(
        case, Met(2, minutes=90), Met(3, minutes=10), Met(12, minutes=20), Met(13, minutes=30),
        Met(14, via=2),
    )  # fmt: skip
    told = graph(everybody(), case, most=1)
    assert drawn(told) == {
        f"case:{case.pk}",
        f"contact:{found[2].pk}",
        f"more:{b.COUNTY}:1",
        f"more:{b.OTHER_COUNTY}:1",
        f"more:{b.OTHER_COUNTY}:2",
    }
    counts = {node["id"]: node["count"] for node in told["nodes"] if node["kind"] == "more"}
    assert counts == {
        f"more:{b.COUNTY}:1": 1, f"more:{b.OTHER_COUNTY}:1": 2, f"more:{b.OTHER_COUNTY}:2": 1,
    }  # fmt: skip
    assert told["left_out"] == 4


@pytest.mark.parametrize(("people", "count", "below"), [(2, None, 5), (6, 6, None)])
def test_who_lives_outside_ones_rights_is_a_number_and_a_small_one_is_not_told(
    people: int, count: int | None, below: int | None
) -> None:
    b.headquarters()
    away = [b.person(serial, 11) for serial in range(30, 30 + people)]
    b.register(b.person(1, 1), b.person(2, 1), *away, homes=[
        b.household(1, b.VILLAGE), b.household(11, b.OTHER_VILLAGE),
    ])  # fmt: skip
    case = b.case(1, b.VILLAGE)
    found = made.trace(case, Met(2), *(Met(30 + n) for n in range(people)))
    scenes.clock_at(b.NOW + b.HOUR)
    client = scenes.signed_in((b.COUNTY, "data_team"))
    told = graph(client, case)
    assert drawn(told) == {f"case:{case.pk}", f"contact:{found[2].pk}", "more:outside"}
    (outside,) = [node for node in told["nodes"] if node["kind"] == "more"]
    assert (outside["count"], outside["below"]) == (count, below)
    assert told["left_out"] == 0


def test_a_contact_found_by_way_of_somebody_outside_hangs_on_the_number() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(12), Met(2, via=12, at=START + b.DAY))
    scenes.clock_at(b.NOW + b.HOUR)
    told = graph(scenes.signed_in((b.COUNTY, "data_team")), case)
    ends = {(edge["from"], edge["to"]) for edge in told["edges"]}
    assert ("more:outside", f"contact:{found[2].pk}") in ends
    assert f"contact:{found[12].pk}" not in drawn(told)


def test_an_excluded_contact_is_drawn_only_where_others_came_by_way_of_him() -> None:
    case = made.neighbours()
    found = made.trace(case, Met(2), Met(3), Met(12, via=2, at=START + b.DAY))
    for serial in (2, 3):
        contacts.decide(
            contact_ids=[found[serial].pk], action="exclude", reason="x", actor=b.actor(),
            now=b.NOW,
        )  # fmt: skip
    told = graph(everybody(), case)
    assert drawn(told) == {
        f"case:{case.pk}", f"contact:{found[2].pk}", f"contact:{found[12].pk}",
    }  # fmt: skip
    states = {node["id"]: node["state"] for node in told["nodes"]}
    assert states[f"contact:{found[2].pk}"] == "excluded"


def test_a_crowded_place_is_a_node_with_its_number() -> None:
    case = made.neighbours()
    place = made.market("合成大商场", "shop")
    stay = {"place": place, "time_from": START, "time_to": START + b.HOUR, "persons": 73}
    made.trace(case, Met(2), notices=[stay])
    told = graph(everybody(), case)
    (node,) = [node for node in told["nodes"] if node["kind"] == "place"]
    assert (node["label"]["zh"], node["count"]) == ("合成大商场", 73)
    (edge,) = [edge for edge in told["edges"] if edge["to"] == node["id"]]
    assert (edge["minutes"], dt.datetime.fromisoformat(edge["first"])) == (60, START)


def test_every_edge_ends_at_nodes_that_are_drawn() -> None:
    case = made.neighbours()
    made.trace(case, Met(2), Met(3), Met(12), Met(13, via=2), Met(14, via=12))
    for post in ((b.PROVINCE, "data_team"), (b.COUNTY, "local_staff")):
        client = scenes.signed_in(post, name=post[0])
        scenes.clock_at(b.NOW + b.HOUR)
        for most in (1, 2, 60):
            told = graph(client, case, most=most)
            ends = {end for edge in told["edges"] for end in (edge["from"], edge["to"])}
            assert ends <= drawn(told)
            assert drawn(told) - ends <= {f"case:{case.pk}"}, "nobody hangs in the air"


def test_pages_and_graphs_cost_the_same_queries_whatever_is_in_them() -> None:
    case = made.neighbours()
    place = made.market()
    client = everybody()
    found = made.trace(case, Met(2, place=place), Met(12, via=2, place=place))
    few = []
    for path in (f"/contacts/{found[12].pk}", f"/cases/{case.pk}/chains"):
        with CaptureQueriesContext(connection) as queries:
            scenes.get(client, path)
        few.append(len(queries))
    later = b.NOW + b.HOUR / 2
    more = [Met(3, place=place), Met(12, via=3, place=place), Met(13), Met(14, via=2)]
    made.trace(case, Met(2, place=place), Met(12, via=2, place=place), *more, as_of=later)
    for path, before in zip(
        (f"/contacts/{found[12].pk}", f"/cases/{case.pk}/chains"), few, strict=True
    ):
        with CaptureQueriesContext(connection) as queries:
            scenes.get(client, path)
        assert len(queries) == before <= 29, (path, before, len(queries))


def test_a_case_lists_its_contacts_by_rank_page_by_page() -> None:
    case = made.neighbours()
    found = made.trace(
        case, Met(2, minutes=20), Met(3, minutes=90), Met(12, minutes=45), Met(13, minutes=45),
        Met(14, via=3, minutes=600, at=START + b.DAY),
    )  # fmt: skip
    client, after, told = everybody(), None, []
    while after is not None or not told:
        asked = {"limit": 2} | ({"after": after} if after else {})
        answer = scenes.get(client, f"/cases/{case.pk}/contacts", **asked).json()
        told += [one["id"] for one in answer["items"]]
        after = answer["next"]
    tied = sorted((found[serial].pk for serial in (12, 13)), reverse=True)
    assert told == [found[3].pk, *tied, found[2].pk, found[14].pk]


def test_a_decision_is_seen_in_the_counts_of_the_case() -> None:
    case = made.neighbours()
    found = made.trace(
        case, Met(2), Met(3), Met(12), Met(13, via=2, at=START + b.DAY),
        Met(14, via=2, at=START + b.DAY),
    )  # fmt: skip
    for serial, action in ((3, "exclude"), (12, "downgrade"), (13, "exclude")):
        contacts.decide(
            contact_ids=[found[serial].pk], action=action, reason="x", actor=b.actor(), now=b.NOW
        )
    told = scenes.get(everybody(), f"/cases/{case.pk}").json()
    assert (told["contacts_close"], told["contacts_second"]) == (1, 1)
