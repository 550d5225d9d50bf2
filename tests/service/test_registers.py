"""The registers take what departments and engines send, once, and lose nothing."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from tests.service import builders as b
from zhongshu.kernel.errors import NotFound
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

pytestmark = pytest.mark.django_db


def test_loading_the_same_units_twice_changes_nothing() -> None:
    assert b.load_units() > 0
    assert b.load_units() == 0


def test_a_development_zone_names_the_county_that_answers_for_it() -> None:
    b.load_units()
    zone = units.get(b.ZONE)
    assert (zone.zone, zone.host_id, zone.host_rule) == (True, b.COUNTY, "synthetic rule")


def test_the_same_households_and_persons_again_change_nothing() -> None:
    b.headquarters()
    homes = [b.household(1), b.household(2, b.VILLAGE_2)]
    folk = [b.person(1, 1), b.person(2, 1), b.person(3, 2)]
    assert b.register(*folk, homes=homes) == 5
    assert b.register(*folk, homes=homes) == 0
    assert people.households().num_rows == 3


def test_a_line_list_with_less_does_not_overwrite_what_the_vault_knows() -> None:
    b.headquarters()
    b.register(b.person(1, 1), homes=[b.household(1)])
    case = b.case(1)
    assert (case.sex, case.age_years, case.flags) == ("F", 32, [])
    assert people.households().num_rows == 1


def test_a_household_in_an_unknown_village_is_kept_and_filed_with_the_headquarters() -> None:
    b.headquarters()
    b.register(b.person(1, 1), homes=[b.household(1, "149999999999")])
    row = people.households().to_pylist()[0]
    assert (row["village_code"], row["unit"]) == ("149999999999", b.PROVINCE)
    assert people.villages().num_rows == 0


def test_a_case_with_an_unknown_village_is_kept_with_a_flag() -> None:
    b.headquarters()
    case = b.case(1, "149999999999")
    assert (case.village_code, case.unit_id) == ("149999999999", b.PROVINCE)
    assert case.flags == ["unit_unknown", "person_unknown"]


def test_a_line_list_sent_again_changes_nothing_and_a_correction_is_kept_as_history() -> None:
    b.headquarters()
    assert b.take_cases(b.case_row(1), b.case_row(2)) == 2
    assert b.take_cases(b.case_row(1), b.case_row(2)) == 0
    assert b.take_cases(b.case_row(1, severity="severe")) == 1
    events = cases.Case.objects.get(case_no="C1").events.order_by("pgh_id")
    assert [event.severity for event in events] == ["mild", "severe"]
    assert events.last().pgh_context.metadata["by"] == "intake"


def test_cases_are_seen_as_they_were_known_then() -> None:
    b.headquarters()
    b.take_cases(b.case_row(1), b.case_row(2, reported_at=b.NOW - 3 * b.DAY))
    assert cases.open_cases(b.NOW)["case_no"].to_pylist() == ["C1", "C2"]
    assert cases.open_cases(b.NOW - 2 * b.DAY)["case_no"].to_pylist() == ["C2"]


def test_a_trace_again_changes_nothing_and_a_decision_outlives_it() -> None:
    b.headquarters()
    case = b.case(1)
    assert b.trace(case, (2, 1), (3, 2))["changed"] == 2
    assert not any(b.trace(case, (2, 1), (3, 2)).values())
    chosen = contacts.Contact.objects.get(person=b.pseudonym(2))
    contacts.decide(
        contact_ids=[chosen.pk], action="downgrade", reason="no contact", actor=b.actor(), now=b.NOW
    )
    later = b.trace(case, (3, 1), as_of=b.NOW + b.DAY, run_id=2)
    assert later["withdrawn"] == 0  # 2 was decided about; 3 was found again, closer
    states = dict(contacts.Contact.objects.values_list("person", "state"))
    assert states == {b.pseudonym(2): "downgraded", b.pseudonym(3): "proposed"}


def test_a_contact_no_longer_found_is_withdrawn_and_still_seen_as_of_before() -> None:
    b.headquarters()
    case = b.case(1)
    b.trace(case, (2, 1), (3, 1))
    assert b.trace(case, (3, 1), as_of=b.NOW + b.DAY)["withdrawn"] == 1
    everything = b.scope()
    assert contacts.listed(scope=everything, as_of=b.NOW).count() == 2
    assert contacts.listed(scope=everything, as_of=b.NOW + b.DAY).count() == 1
    assert contacts.known(b.NOW).num_rows == 2


def test_the_latest_report_of_each_room_counts() -> None:
    b.headquarters()
    room = {
        "site_id": "S1", "site_name": "一号", "county_code": b.COUNTY, "lon": 112.0, "lat": 37.0,
        "room_no": "101", "floor": 1, "capacity": 2,
    }  # fmt: skip
    reports = b.feed(
        "isolation_rooms",
        room | {"state": "free", "as_of": b.NOW - b.DAY},
        room | {"state": "occupied", "as_of": b.NOW},
    )
    assert resources.take_rooms(reports, b.NOW) == 2
    assert resources.take_rooms(reports, b.NOW) == 0
    assert resources.rooms(b.NOW)["state"].to_pylist() == ["occupied"]
    assert resources.rooms(b.NOW - b.HOUR)["state"].to_pylist() == ["free"]
    assert resources.rooms(b.NOW)["county_code"].to_pylist() == [b.COUNTY]


def test_every_kind_of_resource_can_be_taken_and_read() -> None:
    b.headquarters()
    rows = {
        "hospital_beds": {"hospital_id": "B", "name": "医院", "tier": "designated",
                          "beds_total": 9, "beds_free": 3, "icu_total": 1, "icu_free": 0},
        "vehicles": {"vehicle_id": "V", "kind": "van", "depot_name": "车场", "seats": 7,
                     "state": "ready"},
        "stocks": {"store_id": "W", "store_name": "仓库", "item": "n95", "unit": "只",
                   "quantity": 10.0, "used_per_day": 2.0, "expires_on": dt.date(2023, 1, 1)},
        "prices": {"point_id": "M", "point_name": "超市", "item": "pork", "yuan": 26.0},
        "sampling_points": {"point_id": "P", "name": "采样点", "desks_max": 4},
        "laboratories": {"lab_id": "L", "name": "实验室", "tubes_per_day": 500},
    }  # fmt: skip
    for name, row in rows.items():
        code = "village_code" if name == "sampling_points" else "county_code"
        table = b.feed(name, row | {code: b.COUNTY, "lon": 112.0, "lat": 37.0, "as_of": b.NOW})
        assert resources.take(feed=name, table=table, known_at=b.NOW) == 1
        found = resources.latest(name, as_of=b.NOW, scope=b.scope(b.CITY)).to_pylist()
        assert [{key: found[0][key] for key in row}] == [row]
        assert resources.latest(name, as_of=b.NOW, scope=b.scope(b.OTHER_CITY)).num_rows == 0


def test_a_signal_keeps_what_people_did_about_it() -> None:
    b.headquarters()
    assert signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW) == 1
    assert signals.upsert(table=b.signal_table(), run_id=1, as_of=b.NOW) == 0
    signal = signals.Signal.objects.get()
    given = {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    signals.handle(signal_id=signal.pk, act=signals.Act("take"), **given)
    assert signals.upsert(table=b.signal_table(observed=21.0), run_id=1, as_of=b.NOW) == 1
    signal.refresh_from_db()
    assert (signal.state, signal.observed) == ("taken", 21.0)


def test_a_signal_outside_ones_scope_does_not_exist() -> None:
    b.headquarters()
    signals.upsert(table=b.signal_table(b.OTHER_COUNTY), run_id=1, as_of=b.NOW)
    signal = signals.Signal.objects.get()
    with pytest.raises(NotFound):
        signals.get(signal.pk, b.scope(b.CITY))


def test_a_household_that_moves_takes_its_people_along() -> None:
    b.headquarters()
    b.register(b.person(1, 1), homes=[b.household(1)])
    people.register(
        households=b.feed("households", b.household(1, b.OTHER_VILLAGE)),
        persons=None,
        known_at=b.NOW,
    )
    (row,) = people.traits(pa.array([b.pseudonym(1)]), fallback=b.PROVINCE).to_pylist()
    assert row["unit"] == b.OTHER_VILLAGE


def test_a_line_list_does_not_rename_a_registered_person() -> None:
    b.headquarters()
    b.register(b.person(1, 1, "真名"), homes=[b.household(1)])
    b.case(1, name="错名")
    assert people.masked([b.pseudonym(1)])[b.pseudonym(1)]["name"] == "真*"
