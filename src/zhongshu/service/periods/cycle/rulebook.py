"""From the policy pack to the rules the engines take.  No figure is made here."""

from __future__ import annotations

import datetime as dt

from zhongshu.engines.epidemic.model import RtParams
from zhongshu.engines.supply.model import SupplyRules
from zhongshu.engines.testing.model import RoundRules
from zhongshu.engines.transfer.model import RoomRules, TripRules
from zhongshu.engines.warning import whole
from zhongshu.engines.warning.daily import Daily
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import EarsParams
from zhongshu.engines.zoning.model import ColourRule, LevelRule, PlaceRule, ZoneRules
from zhongshu.rules import zones
from zhongshu.rules.model import Pack
from zhongshu.service.kit.tracerules import companion_rules, trace_rules

__all__ = [
    "companion_rules",
    "trace_rules",
]


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


def zone_rules(pack: Pack, *, wide_spread: bool = False) -> ZoneRules:
    """Areas, release and county colours, by the levels this edition knows.

    wide_spread: the risk is unclear or spread is wide, where some editions allow larger areas.
    """
    high_place = PlaceRule(
        minutes=pack.number("zone.high.place_stay_min"),
        persons=int(pack.number("zone.high.place_min_persons")),
        cases=int(pack.number("zone.high.place_min_cases")),
    )
    medium = (
        _level_rule(pack, "medium", wide_spread=wide_spread)
        if "medium" in zones.levels(pack)
        else None
    )
    medium_place = (
        PlaceRule(
            minutes=pack.number("zone.medium.stay_min"),
            persons=int(pack.number("zone.medium.place_min_persons")),
            cases=high_place.cases,  # so many make it high already
        )
        if medium
        else None
    )
    return ZoneRules(
        high=_level_rule(pack, "high", wide_spread=wide_spread),
        medium=medium,
        place_high=high_place,
        place_medium=medium_place,
        colour=ColourRule(
            rule_id=pack.figure("zone.county.high_cases").rule_id,
            days=int(pack.number("zone.county.window_days")),
            high_cases=int(pack.number("zone.county.high_cases")),
            medium_cases=int(pack.number("zone.county.medium_cases")),
        ),
        local_case_rule_id=pack.figure("zone.county.low_min_cases").rule_id,
        lookback_days=int(pack.number("zone.case_window_days")),
        first_day=int(pack.number("zone.first_day_number")),
        quarantined_restart=bool(pack.value("zone.isolated_household_restarts_clock")),
        shape_buffer_m=pack.number("zone.shape_buffer_m"),
    )


def _level_rule(pack: Pack, level: str, *, wide_spread: bool) -> LevelRule:
    prefix = f"zone.{level}"
    steps_to = str(pack.value(f"{prefix}.release_to"))
    exception = pack.get(f"{prefix}.exception_unit") if wide_spread else None
    largest = exception or pack.figure(f"{prefix}.largest_unit")
    stepped = pack.get(f"{prefix}.release_clean_days_after_high")
    return LevelRule(
        rule_id=pack.figure(f"{prefix}.release_clean_days").rule_id,
        largest_unit=str(largest.value),
        clean_days=int(pack.number(f"{prefix}.release_clean_days")),
        steps_to=steps_to if steps_to in zones.levels(pack) and steps_to != "low" else None,
        strictness=pack.number(f"{prefix}.strictness"),
        stepped_days=int(pack.number(stepped.key)) if stepped else None,
        all_negative=bool(pack.value(f"{prefix}.release_all_negative")),
    )


def ears(pack: Pack) -> EarsParams:
    """Thresholds, grades and the alert budget."""
    grades = sorted(pack.group("warning.grade_sd").items(), key=lambda pair: pair[1])
    return EarsParams(
        grades=tuple((name, float(sd)) for name, sd in grades),
        budget_per_day=int(pack.number("warning.alerts_per_day")),
        baseline_days=int(pack.number("warning.baseline_days")),
        lag_days=int(pack.number("warning.lag_days")),
        min_observed=int(pack.number("warning.min_count")),
    )


def warning(pack: Pack, signals: Pack) -> whole.Rules:
    """How counts are judged.  signals: the pack for signals, with the budget, what is asked of a
    history, and the calendar."""
    budget = Budget(
        alerts_a_week=signals.number("signal.alerts_per_week"),
        prior=signals.number("signal.prior_per_day"),
        quiet_days=int(signals.number("signal.quiet_days")),
        least=signals.number("signal.least_probability"),
    )
    grades = sorted(signals.group("signal.grade_probability").items(), key=lambda pair: pair[1])
    around = signals.group("calendar.festival_days")
    return whole.Rules(
        ears=ears(pack),
        daily=Daily(
            budget=budget,
            history_days=int(signals.number("signal.history_days")),
            learn_days=int(signals.number("signal.learn_days")),
        ),
        grades=tuple((name, float(least)) for name, least in grades),
        off=_days(signals, "calendar.holidays"),
        made_up=_days(signals, "calendar.extra_working_days"),
        festivals=_days(signals, "calendar.spring_festivals"),
        around=(int(around["before"]), int(around["after"])),
    )


def calendar_ends(signals: Pack) -> dt.date:
    """The last day for which days off are known: notices come by whole years."""
    return dt.date(max(_days(signals, "calendar.holidays")).year, 12, 31)


def _days(pack: Pack, key: str) -> frozenset[dt.date]:
    return frozenset(map(dt.date.fromisoformat, pack.value(key)))


def rt_params(pack: Pack) -> RtParams:
    return RtParams(
        si_mean=pack.number("estimate.serial_interval_mean"),
        si_sd=pack.number("estimate.serial_interval_sd"),
        min_cases=int(pack.number("estimate.min_cases")),
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
