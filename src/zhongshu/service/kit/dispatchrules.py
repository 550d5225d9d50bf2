"""From the policy pack to the rules of the planners of dispatch.  No figure is made here.

Here rather than in one app: the daily cycle and dispatch plan by the same rules.
"""

from __future__ import annotations

import datetime as dt

from zhongshu.engines.supply.model import SupplyRules
from zhongshu.engines.testing.model import RoundRules
from zhongshu.engines.transfer.model import RoomRules, TripRules
from zhongshu.rules.model import Pack


def room_rules(pack: Pack) -> RoomRules:
    """Who goes into which room."""
    return RoomRules(
        reserve_share=pack.number("site.reserve_share"),
        low_floor_needs=frozenset(pack.value("site.low_floor_needs")),
        low_floor_max=int(pack.number("site.low_floor_max")),
        detour_factor=pack.number("transfer.detour_factor"),
        max_km=pack.number("site.max_km"),
        rule_ids=("ISO-1", "SITE-5", "SITE-D"),
    )


def trip_rules(pack: Pack, *, start: dt.datetime) -> TripRules:
    """One shift of driving from `start`."""
    return TripRules(
        start=start,
        shift_h=pack.number("transfer.shift_h"),
        speed_kmh=pack.number("transfer.speed_kmh"),
        detour_factor=pack.number("transfer.detour_factor"),
        board_min_per_stop=pack.number("transfer.board_min_per_stop"),
        board_min_per_person=pack.number("transfer.board_min_per_person"),
        handover_min=pack.number("transfer.handover_min"),
        disinfect_min=pack.number("transfer.disinfect_min"),
        seat_share=pack.group("transfer.seat_share"),
        assisted_places=pack.group("transfer.assisted_places"),
        assist_needs=frozenset(pack.value("transfer.assist_needs")),
        rule_ids=("RPT-3", "TRANS-D"),
    )


def round_rules(pack: Pack) -> RoundRules:
    """One round of mass sampling."""
    return RoundRules(
        round_h=pack.number("test.round_hours"),
        people_per_point_max=int(pack.number("test.people_per_point")),
        per_desk_h=pack.number("test.per_desk_hour"),
        setup_h=pack.number("test.setup_h"),
        sampling_h=pack.number("test.sampling_h"),
        pool_size=int(pack.number("test.pool_size")),
        pool_max=int(pack.number("test.pool_size_max")),
        walk_max_km=pack.number("test.max_walk_km"),
        detour_factor=pack.number("transfer.detour_factor"),
        courier_every_h=pack.number("test.courier_every_h"),
        courier_kmh=pack.number("transfer.speed_kmh"),
        lab_turnaround_h=pack.number("test.lab_turnaround_h"),
        point_cost_km=pack.number("test.point_cost_km"),
        pool_options=tuple(pack.value("test.compare.pool_sizes")),
        sampling_options=tuple(pack.value("test.compare.sampling_h")),
        rule_ids=("T-1", "T-4", "T-6", "T-11", "T-19"),
    )


def supply_rules(pack: Pack) -> SupplyRules:
    return SupplyRules(
        target_days=pack.group("supply.days_of_cover"),
        default_target_days=pack.number("supply.default_days"),
        keep_days=int(pack.number("supply.keep_days")),
        horizon_days=int(pack.number("supply.horizon_days")),
        expiring_days=int(pack.number("supply.expiring_days")),
        detour_factor=pack.number("transfer.detour_factor"),
        in_county_km=pack.number("supply.in_county_km"),
        km_per_day=pack.number("supply.km_per_day"),
        least_lead_days=int(pack.number("supply.least_lead_days")),
        rule_ids=("SUP-1", "SUP-2", "SUP-3"),
    )
