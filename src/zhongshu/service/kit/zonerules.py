"""From the policy pack to the zoning engine's rules.  No figure is made here."""

from __future__ import annotations

from zhongshu.engines.zoning.model import ColourRule, LevelRule, PlaceRule, ZoneRules
from zhongshu.rules import zones
from zhongshu.rules.model import Pack


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
