"""The COVID-19 rules judge facts as their words say.

A row: pack, rule, facts, whether it holds.  What a row leaves out is unknown, not false.
"""

import datetime as dt

import pytest

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import colour, judge, reader, zones

BASE, TWENTY, TEN, B = "cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10", "cn-covid-b"
OLD, ZONES = "cn-covid-8", "cn-covid-8+zones"
GUIDE2 = "cn-covid-8+zones+guide2"


def at(day, hour=12):
    return dt.datetime(2022, 11, day, hour, tzinfo=BEIJING)


def on(day):
    return dt.date(2022, 11, day)


NEAR = {"near": True, "case_onset_date": on(8)}
JOINT = {"case_sampled_at": at(8)}
CO_RESIDENT = {"kind": "living", "via_met_case_at": at(5), "via_isolated_at": at(8)}
HOME = {
    "own_room": True,
    "own_toilet": True,
    "shared_air": False,
    "household_isolated": True,
    "door_controlled": True,
}
SOUND = {
    "temperature_checks_per_day": 2,
    "three_zones": True,
    "two_passages": True,
    "own_toilets": True,
    "waste_double_bagged": True,
}
APART = {"kinds_mixed": False, "distance_m": 20, "rooms": 200, "medical_teams": 2}


def county(people, beds):
    return {"level": "county", "population": people, "infectious_beds": beds}


def taken(*rows):
    names = ("sampled_at", "result", "ct", "laboratory")
    return [dict(zip(names, row, strict=False)) for row in rows]


HOLDS = [
    # WHO-1: two days before onset count, three do not; from isolation on nothing counts
    (BASE, "WHO-1", NEAR | {"last_exposure": at(6, 0)}, True),
    (BASE, "WHO-1", NEAR | {"last_exposure": at(5, 23)}, False),
    (BASE, "WHO-1", NEAR | {"last_exposure": at(8), "protected": True}, False),
    (BASE, "WHO-1", NEAR | {"last_exposure": at(9), "case_isolated_at": at(8)}, False),
    (BASE, "WHO-1", {"near": True, "last_exposure": at(4), "case_sampled_at": at(8)}, True),
    (BASE, "WHO-1", {"last_exposure": at(8), "case_onset_date": on(8)}, False),
    # WHO-2 to WHO-5: kinds and vehicles
    (BASE, "WHO-2", {"kind": "dining_leisure"}, True),
    (BASE, "WHO-2", {"kind": "vehicle", "distance_m": 1}, True),
    (BASE, "WHO-2", {"kind": "vehicle", "distance_m": 1.5}, False),
    (BASE, "WHO-2", {"kind": "vehicle", "distance_m": 3, "companion": True}, True),
    (BASE, "WHO-3", {"vehicle": "aircraft", "rows_apart": 3}, True),
    (BASE, "WHO-3", {"vehicle": "aircraft", "rows_apart": 4}, False),
    (BASE, "WHO-3", {"vehicle": "aircraft", "rows_apart": 9, "served_area": True}, True),
    (
        BASE,
        "WHO-4",
        {"vehicle": "train_sealed", "same_carriage": True, "carriage": "hard_seat"},
        True,
    ),
    (
        BASE,
        "WHO-4",
        {"vehicle": "train_sealed", "same_carriage": True, "carriage": "soft_sleeper"},
        False,
    ),
    (BASE, "WHO-4", {"vehicle": "train_sealed", "same_compartment": True}, True),
    (BASE, "WHO-4", {"vehicle": "train_open", "bays_apart": 1}, True),
    (BASE, "WHO-4", {"vehicle": "train_open", "bays_apart": 2}, False),
    (BASE, "WHO-5", {"vehicle": "coach_sealed", "rows_apart": 9}, True),
    (BASE, "WHO-5", {"vehicle": "coach_open", "rows_apart": 4}, False),
    (BASE, "WHO-5", {"vehicle": "coach_open", "driver": True}, True),
    (BASE, "WHO-5", {"vehicle": "ship", "same_compartment": True}, True),
    # WHO-6: between the contact's first meeting with the case and its isolation
    (BASE, "WHO-6", CO_RESIDENT | {"first_exposure": at(6), "last_exposure": at(7)}, True),
    (BASE, "WHO-6", CO_RESIDENT | {"first_exposure": at(3), "last_exposure": at(4)}, False),
    (BASE, "WHO-6", CO_RESIDENT | {"first_exposure": at(9), "last_exposure": at(9)}, False),
    # WHO-7, WHO-8
    (BASE, "WHO-7", {"shared_place": True}, True),
    (BASE, "WHO-7", {"shared_place": True, "near": True}, False),
    (BASE, "WHO-8", {"same_cell_minutes": 11, "last_exposure": at(1), "now": at(8)}, True),
    (BASE, "WHO-8", {"same_cell_minutes": 10, "last_exposure": at(1), "now": at(8)}, False),
    # WHO-9: two in a week; a week has seven days
    (BASE, "WHO-9", {"kind": "cluster", "cases": 2, "span_days": 6}, True),
    (BASE, "WHO-9", {"kind": "cluster", "cases": 2, "span_days": 7}, False),
    (OLD, "WHO-9", {"kind": "cluster", "cases": 4, "span_days": 1}, False),
    # WHO-10
    (BASE, "WHO-10", {"left_zone_level": "medium", "left_zone_at": at(1), "now": at(8)}, True),
    (BASE, "WHO-10", {"left_zone_level": "medium", "left_zone_at": at(1), "now": at(9)}, False),
    (TWENTY, "WHO-10", {"left_zone_level": "high", "left_zone_at": at(1), "now": at(6)}, True),
    (TWENTY, "WHO-10", {"left_zone_level": "high", "left_zone_at": at(1), "now": at(7)}, False),
    # isolation
    (BASE, "ISO-HOME", HOME, False),
    (BASE, "ISO-HOME", HOME | {"shared_air": True}, True),
    (BASE, "ISO-HOME", {}, True),  # unknown is not fit
    (BASE, "ISO-END", {"release_on": on(8), "now": at(8, 23)}, False),
    (BASE, "ISO-END", {"release_on": on(8), "now": at(9, 1)}, True),
    (BASE, "ISO-END", {"release_on": on(8), "now": at(9), "ended_at": at(8)}, False),
    (
        OLD,
        "ISO-9",
        {
            "place": "central",
            "floor": 4,
            "site_case_floor": 5,
            "begun_at": at(1),
            "site_case_at": at(3),
        },
        True,
    ),
    (
        OLD,
        "ISO-9",
        {
            "place": "central",
            "floor": 7,
            "site_case_floor": 5,
            "begun_at": at(1),
            "site_case_at": at(3),
        },
        False,
    ),
    (
        OLD,
        "ISO-9",
        {
            "place": "central",
            "floor": 5,
            "site_case_floor": 5,
            "begun_at": at(4),
            "site_case_at": at(3),
        },
        False,
    ),
    (
        OLD,
        "ISO-9b",
        {"place": "central", "begun_at": at(1), "environment_positive_at": at(3)},
        True,
    ),
    # zones
    (BASE, "Z9-5", {"county_local_cases": 0}, True),
    (BASE, "Z9-5", {"county_local_cases": 1}, False),
    (
        BASE,
        "Z-EV",
        {"evidence_cases": 1, "evidence_places": 2, "evidence_windows_complete": True},
        False,
    ),
    (BASE, "Z-EV", {"evidence_cases": 1, "evidence_places": 2}, True),
    (BASE, "Z-END", {"releasable_on": on(8), "now": at(8, 23)}, False),
    (BASE, "Z-END", {"releasable_on": on(8), "now": at(9)}, True),
    (TEN, "Z10-2", {"temporary": True}, True),
    (TEN, "Z10-4", {"level": "low", "movement_limited": True}, True),
    (TEN, "Z10-4", {"level": "high", "movement_limited": True}, False),
    (TEN, "Z10-5", {"exits_blocked": True}, True),
    (ZONES, "Z8-4", {"level": "medium"}, True),
    (ZONES, "Z8-4", {"level": "medium", "first_round_at": at(8)}, False),
    # tests
    (BASE, "T-10", {"tests_today": 1}, False),
    (BASE, "T-10", {"tests_today": 2}, True),
    (BASE, "T-11", {"swabs": 20}, False),
    (BASE, "T-11", {"swabs": 21}, True),
    (BASE, "T-11", {"swabs": 10, "tubes_pooled": True}, True),
    (BASE, "T-12", {"dilution_pooled": True, "prevalence": 0.0005}, False),
    (BASE, "T-12", {"dilution_pooled": True, "prevalence": 0.001}, True),
    (BASE, "T-12", {"dilution_pooled": True, "prevalence": 0.0005, "group": "fever_clinic"}, True),
    (BASE, "T-13", {"swabs": 10, "result": "suspect"}, True),
    (BASE, "T-13", {"swabs": 1, "result": "positive"}, False),
    (BASE, "T-15", {"group": "close_contact", "swabs": 10}, True),
    (BASE, "T-15", {"group": "close_contact", "swabs": 1}, False),
    (BASE, "FREQ-1", {"occupation": "sampler", "last_test_at": at(7, 23), "now": at(8, 1)}, True),
    (BASE, "FREQ-1", {"occupation": "courier", "last_test_at": at(1), "now": at(8)}, False),
    (
        BASE,
        "FREQ-2",
        {"occupation": "courier", "tests_this_week": 1, "last_test_at": at(6), "now": at(8)},
        True,
    ),
    (
        BASE,
        "FREQ-2",
        {"occupation": "courier", "tests_this_week": 1, "last_test_at": at(6), "now": at(8, 11)},
        False,
    ),
    (
        BASE,
        "FREQ-2",
        {"occupation": "courier", "tests_this_week": 2, "last_test_at": at(4), "now": at(8)},
        False,
    ),
    (TWENTY, "FREQ-4", {"occupation": "teacher", "test_ordered_by_occupation": True}, True),
    (TWENTY, "FREQ-4", {"occupation": "courier", "test_ordered_by_occupation": True}, False),
    (GUIDE2, "T-3", {"cases_last_rounds": 1, "cases_last_fortnight": 1}, True),
    (GUIDE2, "T-3b", {"cases_last_rounds": 0, "cases_last_fortnight": 1}, True),
    (GUIDE2, "T-3c", {"cases_last_rounds": 0, "cases_last_fortnight": 0}, True),
    (GUIDE2, "T-5", {"population": 5_000_000, "reserve_lab_sites": 2}, False),
    (GUIDE2, "T-5", {"population": 5_000_001, "reserve_lab_sites": 4}, True),
    # code
    (BASE, "HC-2", {"colour": "red"}, True),
    (BASE, "HC-2", {"colour": "red", "colour_rule_id": "HC-3-CASE"}, False),
    (
        BASE,
        "HC-4",
        {"colour_manual": True, "colour_persons": 2, "colour_reason": "appeal_upheld"},
        False,
    ),
    (
        BASE,
        "HC-4",
        {"colour_manual": True, "colour_persons": 1, "colour_reason": "appeal_upheld"},
        True,
    ),
    (BASE, "HC-4", {"colour_manual": True, "colour_persons": 2, "colour_reason": "petition"}, True),
    (TEN, "HC-6", {"checks_codes": True, "kind": "market"}, True),
    (TEN, "HC-6", {"checks_codes": True, "kind": "care_home"}, False),
    # sites, hospitals, supplies
    (BASE, "SITE-1", {"isolation_rooms_per_10000": 19.9}, True),
    (BASE, "SITE-1", {"isolation_rooms_per_10000": 20}, False),
    (BASE, "SITE-4", SOUND, False),
    (BASE, "SITE-4", SOUND | {"temperature_checks_per_day": 1}, True),
    (BASE, "SITE-5", APART, False),
    (BASE, "SITE-5", APART | {"medical_teams": 1}, True),
    (BASE, "HOSP-1", {"level": "province", "fangcang": 1}, True),
    (BASE, "HOSP-4", county(299_999, 20), False),
    (BASE, "HOSP-4", county(300_000, 49), True),
    (BASE, "HOSP-4", county(700_000, 80), False),
    (BASE, "HOSP-4", county(1_000_000, 80), False),
    (BASE, "HOSP-4", county(1_000_001, 99), True),
    (TEN, "HOSP-2", {"tertiary_icu_pct": 3.9}, True),
    (TWENTY, "HOSP-3", {"designated_icu_pct": 10}, False),
    (BASE, "HOSP-7", {"severity": "mild", "spo2_pct": 93}, True),
    (BASE, "HOSP-7", {"severity": "mild", "spo2_pct": 94}, False),
    (BASE, "SUP-4", {"price_week_pct": 10, "price_month_pct": 30.1}, True),
    (BASE, "SUP-4", {"price_week_pct": 10, "price_month_pct": 30}, False),
    # duties
    (BASE, "DUTY-3", {"counties": 2, "cities": 1}, True),
    (BASE, "DUTY-3b", {"counties": 2, "cities": 2}, True),
    (BASE, "DUTY-3b", {"counties": 1, "cities": 1, "districts_spread": True}, True),
    (B, "HC-2", {"colour": "yellow"}, True),
    (B, "ZB-1", {"level": "high"}, True),
]


@pytest.mark.parametrize(("version", "rule_id", "facts", "holds"), HOLDS)
def test_the_rule_holds_for_these_facts(version, rule_id, facts, holds):
    found = judge.judge(reader.load(version), rule_id, facts)
    assert found.held is holds
    assert bool(found.outcome) is holds


NEGATIVE_TWICE = taken((at(2, 8), "negative"), (at(3, 9), "negative"))
TOO_CLOSE = taken((at(2, 8), "negative"), (at(2, 20), "negative"))
HIGH_CT = taken((at(7), "positive", 36), (at(8), "positive", 35))
DAY_6_AND_7 = taken((at(6, 9), "positive", 36), (at(7, 9), "negative", None))
DAY_5_AND_7 = taken((at(5, 9), "positive", 36), (at(7, 9), "negative", None))
TWO_LABS = taken((at(15, 9), "negative", None, "A"), (at(15, 9), "negative", None, "B"))
ONE_LAB = taken((at(15, 9), "negative", None, "A"), (at(15, 9), "negative", None, "A"))
SEALED = {
    "level": "high",
    "last_case_on": on(1),
    "last_exposure_on": on(1),
    "contacts_negative": True,
    "all_negative_on": on(15),
}
HIGH = {"level": "high", "last_case_on": on(1), "now": at(8)}
STEPPED = {"level": "medium", "after_high": True, "last_case_on": on(1), "level_since": on(8)}
ROUNDS = {
    "region": "urban_area",
    "clean_rounds": 3,
    "first_rounds_ended_on": on(3),
    "final_round_on": on(7),
    "final_clean_rounds": 1,
}
SAMPLES = {"person_negative": True, "belongings_negative": True, "environment_negative": True}
LATER = {"last_case_on": on(5), "last_open_case_on": on(1), "level": "high", "now": at(6)}

# pack, rule or schedule, facts, conditions that do not hold
RELEASES = [
    (BASE, "ISO-6", {"arrived_at": at(1), "tests": NEGATIVE_TWICE}, []),
    (BASE, "ISO-6", {"arrived_at": at(1), "tests": TOO_CLOSE}, ["gap"]),
    (BASE, "ISO-6", {"arrived_at": at(2), "tests": NEGATIVE_TWICE[:1]}, ["two_tests", "gap"]),
    (BASE, "ISO-11", {"last_tests": HIGH_CT}, []),
    (
        BASE,
        "ISO-11",
        {"last_tests": taken((at(7), "positive", 34), (at(8), "negative"))},
        ["two_tests"],
    ),
    (TEN, "ISO-11", {"isolated_at": at(1), "last_tests": DAY_6_AND_7}, []),
    (TEN, "ISO-11", {"isolated_at": at(1), "last_tests": DAY_5_AND_7}, ["on_the_days"]),
    (OLD, "ISO-8", SAMPLES, []),
    (OLD, "ISO-8", SAMPLES | {"environment_negative": False}, ["room"]),
    (OLD, "ISO-8", {"person_negative": True}, ["belongings", "room"]),
    (OLD, "close-contact", {"last_exposure": at(1), "tests": TWO_LABS}, []),
    (OLD, "close-contact", {"last_exposure": at(1), "tests": ONE_LAB}, ["two_laboratories"]),
    (TEN, "close-contact", {"last_exposure": at(1), "tests": taken((at(6), "negative"))}, []),
    (
        TEN,
        "close-contact",
        {"last_exposure": at(1), "tests": taken((at(5), "negative"))},
        ["last_negative"],
    ),
    (TEN, "close-contact", {"last_exposure": at(1), "tests": []}, ["last_negative"]),
    (ZONES, "Z8-1", SEALED | {"now": at(16)}, []),
    (ZONES, "Z8-1", SEALED | {"now": at(15)}, ["last_contact"]),
    (ZONES, "Z8-1", SEALED | {"now": at(14)}, ["clean_days", "last_contact", "all_negative"]),
    (ZONES, "Z8-1", SEALED | {"now": at(18)}, ["all_negative"]),
    (ZONES, "Z8-1", SEALED | {"now": at(16), "contacts_negative": False}, ["contacts_negative"]),
    (ZONES, "Z8-3", {"open_zones_of_county": 1}, ["zones_ended"]),
    (BASE, "Z9-1", HIGH | {"all_negative_on": on(8)}, []),
    (BASE, "Z9-1", HIGH | {"all_negative_on": on(7)}, ["all_negative"]),
    (BASE, "Z9-1", HIGH, ["all_negative"]),
    (BASE, "Z9-1", HIGH | {"now": at(7), "all_negative_on": on(7)}, ["clean_days", "all_negative"]),
    (BASE, "Z9-1b", STEPPED | {"now": at(11)}, []),
    (BASE, "Z9-1b", STEPPED | {"now": at(10)}, ["days_in_level"]),
    (BASE, "Z9-1b", STEPPED | {"now": at(11), "last_case_on": on(9)}, ["clean_days"]),
    (BASE, "Z9-3", {"level": "low", "open_zones_of_county": 0}, []),
    (TWENTY, "Z20-1", LATER | {"now": at(10)}, []),
    (TWENTY, "Z20-1", LATER, ["clean_days"]),
    (TEN, "Z10-1", LATER, []),  # strictly isolated co-residents do not restart the clock
    (BASE, "T-8", ROUNDS, []),
    (BASE, "T-8", ROUNDS | {"final_round_on": on(6)}, ["pause"]),
    (BASE, "T-8", ROUNDS | {"clean_rounds": 2}, ["first_rounds"]),
    (BASE, "T-8", ROUNDS | {"final_clean_rounds": 0}, ["final_round"]),
    (BASE, "T-7b", {"region": "other_district", "clean_rounds": 3}, []),
]


@pytest.mark.parametrize(("version", "part", "facts", "missing"), RELEASES)
def test_what_is_still_missing_for_release(version, part, facts, missing):
    found = judge.release(reader.load(version), part, facts)
    assert [one.id for one in found if not one.held] == missing


# pack, facts of the area, action, next level
STEPS = [
    (ZONES, {"level": "medium", "positives_since_level": 1}, "raise", "high"),
    (ZONES, {"level": "medium", "positives_since_level": 0}, "keep", "medium"),
    (ZONES, SEALED | {"now": at(16)}, "lower", "low"),
    (
        ZONES,
        SEALED | {"level": "medium", "now": at(16), "positives_since_level": 1},
        "raise",
        "high",
    ),
    (BASE, HIGH | {"all_negative_on": on(8)}, "lower", "medium"),
    (BASE, HIGH, "keep", "high"),
    (BASE, STEPPED | {"now": at(11)}, "lower", "low"),
    (BASE, {"level": "low", "open_zones_of_county": 0}, "lower", None),
    (TWENTY, HIGH | {"now": at(6)}, "lower", "low"),
    (TEN, LATER, "lower", "low"),
]


@pytest.mark.parametrize(("version", "facts", "action", "to"), STEPS)
def test_an_area_steps_up_at_once_and_down_when_all_conditions_hold(version, facts, action, to):
    found = zones.move(reader.load(version), facts)
    assert (found.action, found.to) == (action, to)


NOW = at(8, 9)
CONTACT = {"contact_degree": 1, "contact_release_at": at(12, 0)}
LEFT_HIGH = {"left_zone_level": "high", "left_zone_at": at(4, 20)}
FEVER = {"fever_c": 37.3, "fever_at": at(7)}

# pack, facts, colour, rule, until
COLOURS = [
    (BASE, {}, "green", "", None),
    (BASE, {"is_case": True}, "red", "HC-3-CASE", None),
    (BASE, {"is_case": True, "case_release_at": at(8, 8)}, "green", "", None),
    (BASE, CONTACT, "red", "HC-3-CONTACT", at(12, 0)),
    (BASE, CONTACT | {"contact_release_at": at(8, 9)}, "green", "", None),
    (BASE, CONTACT | {"contact_degree": 2}, "yellow", "HC-3-SECOND", at(12, 0)),
    (TWENTY, CONTACT | {"contact_degree": 2}, "green", "", None),  # no longer traced
    (BASE, {"isolating": True, "isolated_until": at(10)}, "red", "HC-3-ISOLATED", at(10)),
    (BASE, {"zone_level": "high"}, "red", "HC-3-HIGH", None),
    (BASE, {"zone_level": "medium"}, "yellow", "HC-3-MEDIUM", None),
    (TWENTY, {"zone_level": "medium"}, "green", "", None),
    (BASE, LEFT_HIGH, "red", "HC-3-LEFT-HIGH", at(12, 0)),
    (TWENTY, LEFT_HIGH, "red", "HC-3-LEFT-HIGH", at(10, 0)),
    (TEN, LEFT_HIGH, "green", "", None),  # travellers are no longer controlled by zone
    (BASE, LEFT_HIGH | {"left_zone_at": at(1, 8)}, "red", "HC-3-LEFT-HIGH", at(9, 0)),
    (BASE, {"general_contact_at": at(7)}, "yellow", "HC-3-GENERAL", at(15, 0)),
    (BASE, FEVER, "yellow", "HC-3-FEVER", at(11, 0)),
    (BASE, FEVER | {"fever_c": 37.2}, "green", "", None),
    (BASE, FEVER | {"last_negative_at": at(8, 7)}, "green", "", None),
    (BASE, {"tests_done": 1, "tests_due": 2}, "yellow", "HC-3-TESTS", None),
    (TEN, {"tests_done": 1, "tests_due": 2}, "green", "", None),
    (BASE, {"tube_positive_pending": True}, "yellow", "HC-3-TUBE", None),
    (BASE, FEVER | CONTACT, "red", "HC-3-CONTACT", at(12, 0)),  # the strictest reason first
    (BASE, {"time_space_at": at(7)}, "green", "", None),  # a popup is no colour
    (B, CONTACT | {"is_case": True, "zone_level": "high"}, "green", "", None),
]


@pytest.mark.parametrize(("version", "facts", "given", "rule_id", "until"), COLOURS)
def test_the_colour_with_its_reason_and_its_end(version, facts, given, rule_id, until):
    found = colour.colour(reader.load(version), facts | {"now": NOW})
    assert (found.colour, found.rule_id, found.until) == (given, rule_id, until)
