"""The figures of the pack that a drill's policies go by.  None is made here."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.engines.tracing.model import TraceRules
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.drills.model import Scenario
from zhongshu.service.kit.tracerules import trace_rules


@dataclasses.dataclass(frozen=True)
class Figures:
    """stays: by degree of contact, (central, home) days after the last contact.

    unit: largest unit of a high-risk area, ``village`` or ``building``; clean_days: without a new
    case before an area opens; case_days: for which a case counts for an area; first, pause_days,
    after: test rounds in a row, days of pause, rounds after it; round_hours: in which one is taken;
    isolated_h: hours within which a contact named is isolated.
    """

    version: str
    trace: TraceRules
    days_before_sampling: float
    stays: dict[int, tuple[int, int]]
    unit: str
    clean_days: int
    case_days: int
    home_min_cases: int
    first: int
    pause_days: int
    after: int
    round_hours: float
    isolated_h: float
    rooms_per_10000: float


def read(scenario: Scenario) -> Figures:
    """Refuses (NotFound) an edition that lacks a figure, or is not in force on the day."""
    on = dt.date.fromisoformat(scenario.on)
    pack = reader.in_force(scenario.pack, on=on)
    return Figures(
        version=pack.version,
        trace=trace_rules(pack),
        days_before_sampling=pack.number("trace.window_days_before_sampling"),
        stays={1: _stay(pack, "close_contact"), 2: _stay(pack, "second")},
        unit=str(pack.value("zone.high.largest_unit")),
        clean_days=int(pack.number("zone.high.release_clean_days")),
        case_days=int(pack.number("zone.case_window_days")),
        home_min_cases=int(pack.number("zone.high.home_min_cases")),
        first=int(pack.number("test.rounds.first")),
        pause_days=int(pack.number("test.rounds.pause_days")),
        after=int(pack.number("test.rounds.after_pause")),
        round_hours=pack.number("test.round_hours"),
        isolated_h=pack.number("report.contact_isolated_h"),
        rooms_per_10000=pack.number("site.rooms_per_10000"),
    )


def _stay(pack: Pack, group: str) -> tuple[int, int]:
    """(0, 0) where the edition has none."""
    days = [pack.get(f"isolation.{group}.{kind}_days") for kind in ("central", "home")]
    central, home = (int(one.value) if one else 0 for one in days)  # type: ignore[arg-type]
    return central, home
