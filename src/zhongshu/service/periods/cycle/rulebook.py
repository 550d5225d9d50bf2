"""From the policy pack to the rules the engines take.  No figure is made here."""

from __future__ import annotations

import datetime as dt

from zhongshu.engines.epidemic.model import RtParams
from zhongshu.engines.warning import whole
from zhongshu.engines.warning.daily import Daily
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import EarsParams
from zhongshu.rules.model import Pack
from zhongshu.service.kit.tracerules import companion_rules, trace_rules
from zhongshu.service.kit.zonerules import zone_rules

__all__ = [
    "companion_rules",
    "trace_rules",
    "zone_rules",
]


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
