"""How long somebody stays isolated and when he is tested, as the pack in force says."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.rules.model import Pack

# Group of the pack that holds the figures, by degree of contact.
BY_DEGREE = {1: "close_contact", 2: "second"}


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """Beijing days, all inclusive.

    central_until: last day in central isolation, None where there is none.
    ends_on: last day of the whole measure; the person is free at its end.
    tests: days with a test, in order.
    """

    central_until: dt.date | None
    ends_on: dt.date
    tests: tuple[dt.date, ...]
    rule_id: str
    verified: bool


def schedule(pack: Pack, group: str, *, last_contact: dt.date) -> Schedule:
    """The days of `group`, e.g. ``close_contact``, ``second``, ``high_risk_area``.

    Day 1 is the day after the last contact, and days already served count (ISO-0), so a late
    start does not move the end.  Refuses (NotFound) a group this edition does not isolate.
    """
    prefix = f"isolation.{group}"
    central = int(pack.number(f"{prefix}.central_days"))
    home = int(pack.number(f"{prefix}.home_days"))
    numbers = pack.numbers(f"{prefix}.test_days")
    # Home test days count from the first day at home.
    numbers += tuple(central + number for number in pack.numbers(f"{prefix}.home_test_days"))
    longest = pack.figure(f"{prefix}.home_days" if home else f"{prefix}.central_days")
    return Schedule(
        central_until=last_contact + dt.timedelta(days=central) if central else None,
        ends_on=last_contact + dt.timedelta(days=central + home),
        tests=tuple(last_contact + dt.timedelta(days=number) for number in numbers),
        rule_id=longest.rule_id,
        verified=longest.verified,
    )
