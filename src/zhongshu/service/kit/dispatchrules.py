"""From the policy pack to the rules of the planners of dispatch.  No figure is made here.

Here rather than in one app: the daily cycle and dispatch plan by the same rules.
"""

from __future__ import annotations

import datetime as dt

from zhongshu.engines.beds.model import BedRules
from zhongshu.engines.supply.lastmile.model import MileRules
from zhongshu.engines.supply.network.model import NetworkRules
from zhongshu.engines.supply.parcels.model import ParcelRules
from zhongshu.engines.supply.prices.model import PriceRules
from zhongshu.engines.teams.model import TeamRules
from zhongshu.engines.testing.labs.model import LabRules
from zhongshu.engines.testing.model import RoundRules
from zhongshu.engines.testing.recollect.model import AgainRules
from zhongshu.engines.testing.rounds import Schedule
from zhongshu.engines.testing.tours.model import TourRules
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


def lab_rules(pack: Pack, care: Pack) -> LabRules:
    """Which tubes go into which run of which laboratory's machines."""
    return LabRules(
        due_h=pack.number("test.round_hours"),
        late_weight=care.number("testing.lab_late_weight"),
        horizon_h=care.number("testing.lab_horizon_h"),
        report_h=care.number("testing.lab_report_h"),
        carry_max_h=pack.number("test.handover_h"),
        courier_kmh=pack.number("transfer.speed_kmh"),
        detour_factor=pack.number("transfer.detour_factor"),
        rule_ids=("T-1", "T-18"),
    )


def again_rules(pack: Pack, tours: TourRules) -> AgainRules:
    """Sampling everybody of a positive tube again.  tours: of the teams."""
    return AgainRules(
        tours=tours,
        recollect_h=pack.number("test.recollect_h"),
        result_h=pack.number("test.recollect_result_h"),
        walk_max_km=pack.number("test.max_walk_km"),
        rule_ids=("T-13",),
    )


def round_series(pack: Pack) -> Schedule:
    """On how many days rounds follow one another (T-7: 3+3+1)."""
    return Schedule(
        first=int(pack.number("test.rounds.first")),
        pause_days=int(pack.number("test.rounds.pause_days")),
        after_pause=int(pack.number("test.rounds.after_pause")),
    )


def bed_rules(care: Pack, *, detour_factor: float) -> BedRules:
    """care: the pack for dispatch."""
    severities = tuple(care.group("beds.pools"))
    return BedRules(
        days=int(care.number("beds.days")),
        severities=severities,
        tiers={one: tuple(care.value(f"beds.tiers.{one}")) for one in severities},
        pools=care.group("beds.pools"),
        worth={one: float(worth) for one, worth in care.group("beds.worth").items()},
        course={one: care.group(f"beds.course.{one}") for one in severities},
        offered_needs=frozenset(care.value("beds.offered_needs")),
        concentrated=frozenset(care.value("beds.concentrated")),
        centre_km=care.number("beds.centre_km"),
        tier_km=care.number("beds.tier_km"),
        move_km=care.number("beds.move_km"),
        change_km=care.number("beds.change_km"),
        reserve_share=care.number("beds.reserve_share"),
        detour_factor=detour_factor,
        staff_per_bed={
            pool: {skill: float(each) for skill, each in care.group(f"beds.staff.{pool}").items()}
            for pool in sorted(set(care.group("beds.pools").values()))
        },
        rule_ids=("BEDS-1", "BEDS-2", "BEDS-3", "BEDS-4"),
    )


def team_rules(
    care: Pack, *, start: dt.datetime, days: int, speed_kmh: float, detour_factor: float
) -> TeamRules:
    """A roster of `days` from the midnight `start`.  care: the pack for dispatch."""
    length = care.group("teams.pattern_length_h")
    return TeamRules(
        start=start,
        days=days,
        patterns={
            name: (float(begins), float(length[name]))
            for name, begins in care.group("teams.pattern_from_h").items()
        },
        nights=frozenset(care.value("teams.nights")),
        rest_h=care.number("teams.rest_h"),
        rest_after_night_h=care.number("teams.rest_after_night_h"),
        hours_most=care.number("teams.hours_most"),
        days_in_row=int(care.number("teams.days_in_row")),
        nights_most=int(care.number("teams.nights_most")),
        speed_kmh=speed_kmh,
        detour_factor=detour_factor,
        changeover_min=care.number("teams.changeover_min"),
        travel_most_h=care.number("teams.travel_most_h"),
        worth_km=tuple(float(one) for one in care.value("teams.worth_km")),
        fair_km=care.number("teams.fair_km"),
        change_km=care.number("teams.change_km"),
        rule_ids=("TEAMS-1",),
    )


def network_rules(pack: Pack, care: Pack) -> NetworkRules:
    """pack: of the disease, with lead times; care: for dispatch, with what moving costs."""
    return NetworkRules(
        horizon_days=int(care.number("supplies.days")),
        neighbours=int(care.number("supplies.neighbours")),
        detour_factor=pack.number("transfer.detour_factor"),
        in_place_km=pack.number("supply.in_county_km"),
        km_per_day=pack.number("supply.km_per_day"),
        least_lead_days=int(pack.number("supply.least_lead_days")),
        yuan_per_m3_km=care.number("supplies.yuan_per_m3_km"),
        reserve_days=care.number("supplies.reserve_days"),
        cover_days=pack.group("supply.days_of_cover"),
        rule_ids=("SUP-1", "SUP-2", "SUP-3", "SUPPLIES-1"),
    )


def parcel_rules(care: Pack, *, fair_weather: bool, rounds: int) -> ParcelRules:
    """Parcels of some days.  Whatever comes in them comes once: they are no more than the shortest
    parcel lasts."""
    lasts = min(int(one) for one in care.group("parcels.every_days").values())
    return ParcelRules(
        mile=MileRules(
            fair_weather=fair_weather,
            stop_min=care.number("parcels.gate_min"),
            rounds=rounds,
            rule_ids=("PARCELS-1", "PARCELS-2"),
        ),
        horizon_days=min(int(care.number("parcels.days")), lasts),
        early_days=int(care.number("parcels.early_days")),
    )


def price_rules(care: Pack) -> PriceRules:
    number = care.number
    return PriceRules(
        week_days=int(number("supplies.price.week_days")),
        week_rise=number("supplies.price.week_rise"),
        month_days=int(number("supplies.price.month_days")),
        month_rise=number("supplies.price.month_rise"),
        county_above=number("supplies.price.county_above"),
        least_reports=int(number("supplies.price.least_reports")),
        missing_days=int(number("supplies.price.missing_days")),
        out_days=int(number("supplies.price.out_days")),
        rule_ids=("SUP-4", "SUPPLIES-2", "SUPPLIES-3"),
    )
