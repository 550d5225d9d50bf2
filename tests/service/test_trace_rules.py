"""What the editions say of vehicles and cells reaches tracing unchanged: one row per rule."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.feeds import CELL, PLACE_KINDS, VEHICLE_KINDS
from zhongshu.rules import reader
from zhongshu.service.kit import tracerules
from zhongshu.service.periods.cycle import rulebook

# rule, kind of vehicle, how many rows, bays or carriages apart people are still near
VEHICLES = [
    ("WHO-3", "aircraft", 3),  # the same row and three before and behind
    ("WHO-4", "train_sealed", 0),  # the whole carriage and no other
    ("WHO-4", "train_soft", 0),  # the compartment
    ("WHO-4", "train_open", 1),  # the bay and its two neighbours
    ("WHO-5", "coach_sealed", math.inf),  # everyone aboard
    ("WHO-5", "coach_open", 3),
    ("WHO-5", "ship", 0),  # the cabin
]
TRACING = [dt.date(2021, 6, 1), dt.date(2022, 3, 1), dt.date(2022, 11, 8), dt.date(2022, 12, 8)]


@pytest.fixture(params=TRACING, ids=str)
def pack(request):
    return reader.applicable(disease="covid-19", on=request.param)


@pytest.mark.parametrize(("rule", "kind", "apart"), VEHICLES)
def test_a_vehicle_goes_by_its_own_rule(pack, rule, kind, apart):
    rules = rulebook.trace_rules(pack)
    assert rules.for_kind(kind).rule_id == rule
    assert rules.near_apart.get(kind, 0) == apart


def test_the_table_above_has_every_vehicle():
    assert {kind for _, kind, _ in VEHICLES} == set(VEHICLE_KINDS)


def test_places_other_than_vehicles_and_unknown_ones_go_by_who_2(pack):
    rules = rulebook.trace_rules(pack)
    assert {rules.for_kind(kind).rule_id for kind in (*PLACE_KINDS, "unknown")} == {"WHO-2"}


def test_close_contacts_are_not_sought_in_cells(pack):
    rules = rulebook.trace_rules(pack)
    assert rules.not_read == {CELL}
    assert CELL not in rules.kinds


def test_a_companion_shared_a_cell_for_more_than_ten_minutes_within_fourteen_days(pack):
    rules = rulebook.companion_rules(pack)
    assert rules.kinds == (CELL,)
    assert round(rules.for_kind(CELL).min_overlap_min * 60) == 10 * 60 + 1
    assert (rules.window_days_before, rules.degrees, rules.households) == (14, 1, False)
    assert rules.for_kind(CELL).rule_id == "WHO-8"


def test_companions_are_sought_in_cells_and_nowhere_else(pack):
    not_read = rulebook.companion_rules(pack).not_read
    assert not_read == {*PLACE_KINDS, *VEHICLE_KINDS, "unknown"}


def test_an_edition_that_traces_nobody_has_no_companions_either():
    with pytest.raises(NotFound, match=r"no figure 'trace\.time_space\.minutes'"):
        rulebook.companion_rules(reader.applicable(disease="covid-19", on=dt.date(2023, 2, 1)))


def test_every_distance_named_here_belongs_to_a_vehicle():
    assert set(tracerules.APART) < set(VEHICLE_KINDS)
