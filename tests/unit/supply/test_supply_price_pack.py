"""The limits of price points come from the pack."""

from __future__ import annotations

from zhongshu.rules import reader
from zhongshu.service.kit.dispatchrules import price_rules


def test_a_tenth_in_a_week_and_thirty_percent_in_a_month_are_the_limits() -> None:
    rules = price_rules(reader.load("dispatch-care"))
    assert (rules.week_rise, rules.month_rise) == (0.1, 0.3)
    assert (rules.week_days, rules.month_days) == (7, 30)
