"""An option is data: which measures would be taken, where and when, and with what means.

Hours are counted from 00:00 of the first simulated day.  Nothing here has a domain figure of its
own: days, shares and sensitivities come from the pack or the form that makes the option; what is
left out changes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from zhongshu.kernel.errors import BadInput

AREA_KINDS = ("lockdown", "static", "venues_closed")
WHERE_CASES = ("hospital", "central", "home")
WHERE_CONTACTS = ("none", "home", "central")
MOST_AREAS = 32  # restricted areas and areas of rounds each fit the bits of one word per cell
DEEPEST = 2


@dataclasses.dataclass(frozen=True)
class Area:
    """A restriction of some areas from an hour to an hour.

    units: unit codes or cell ids, as the population names them; empty: everywhere.
    to_hour: None for as long as the simulation lasts.
    kind: `lockdown`: residents stay in their dwelling; `static`: residents stay in the area;
        `venues_closed`: places in the area admit nobody, whoever comes.
    strictness: share of the contacts so forbidden that do not take place with those who comply.
    compliance: share of people who comply (a person does or does not, always).
    release_clear_d: the restriction ends by itself after so many days without a case found among
        its residents; None: only at `to_hour`.
    """

    units: tuple[str, ...]
    from_hour: int = 0
    to_hour: int | None = None
    kind: Literal["lockdown", "static", "venues_closed"] = "lockdown"
    strictness: float = 1.0
    compliance: float = 1.0
    release_clear_d: int | None = None


@dataclasses.dataclass(frozen=True)
class Round:
    """Test rounds: everybody who lives in `units` is called, `count` times.

    start_hour, hours: when sampling of the first round begins and how long it lasts; it lasts
        longer where `Capacities.tests_per_day` does not suffice.
    every_d: days from the start of one round to that of the next.
    pool_size: people in a tube; the members of a positive tube are sampled again singly.
    sensitivity: of one single test where the load is full.
    dilution_loss: how much pooling weakens a test of a low load: the chance of a perfect test is
        raised to the power 1 + dilution_loss x log2(pool_size); 0: not at all.
    coverage: share of the residents who come, drawn anew for each round.
    """

    units: tuple[str, ...]
    start_hour: int = 0
    hours: int = 24
    every_d: int = 1
    count: int = 1
    pool_size: int = 1
    sensitivity: float = 1.0
    dilution_loss: float = 0.0
    coverage: float = 1.0


@dataclasses.dataclass(frozen=True)
class Tracing:
    """Who is looked for when a case is found.

    depth: 0 nobody, 1 contacts, 2 also the households and groups of contacts.
    delay_h: from the finding of the case to the isolation of the contact.
    recall: share of meetings at work and at school that are on record.
    recall_home, recall_places, recall_community: the same for the household, for those at the same
        place at once, and for meetings with strangers.
    close_min: (kind of place, minutes together) from which a meeting there makes a contact; kinds
        not named make none; empty: every meeting does, however short.  near: (kind of place, share
        of its meetings that are near enough), 1 where not named.  Not of work and school.
    since_d: days before onset (or before the sample) from which contacts are looked for.
    false_per_case: people named for each case who were no contacts.
    """

    depth: int = 0
    delay_h: int = 0
    recall: float = 1.0
    recall_home: float = 1.0
    recall_places: float = 0.0
    recall_community: float = 0.0
    close_min: tuple[tuple[str, float], ...] = ()
    near: tuple[tuple[str, float], ...] = ()
    since_d: int = 0
    false_per_case: float = 0.0


@dataclasses.dataclass(frozen=True)
class Isolation:
    """Where cases and contacts are kept.

    days: of a contact's isolation; case_days: of a case's stay in hospital or in isolation;
        0: to the end of the simulation.
    tests_d: days since the beginning of isolation on which contacts are tested, each with
        `sensitivity`.
    home_household: hazard in the household of somebody isolated at home, relative to an ordinary
        day; above 1 (at most 2) where people are confined together.
    home_outside: hazard outside the household of somebody isolated at home, likewise.
    """

    contacts: Literal["none", "home", "central"] = "none"
    cases: Literal["hospital", "central", "home"] = "hospital"
    days: int = 0
    case_days: int = 0
    tests_d: tuple[int, ...] = ()
    sensitivity: float = 1.0
    home_household: float = 1.0
    home_outside: float = 0.0


@dataclasses.dataclass(frozen=True)
class Capacities:
    """What there is; None: as much as is needed.

    rooms: (tier, rooms) for people isolated centrally, filled in this order; without a row,
        unlimited rooms of a tier `room`.  Whoever finds none stays at home and waits.
    beds: (tier, beds) for cases in hospital, likewise; without a row, unlimited beds, tier `bed`.
    tests_per_day: people who can be sampled in rounds in a day.
    lab_tubes_h: tubes that all laboratories together finish in an hour, day and night.
    lab_hours: from sampling to result when nothing waits.
    transfers_per_day: people who can be driven to a room or a bed in a day.
    """

    rooms: tuple[tuple[str, int], ...] = ()
    beds: tuple[tuple[str, int], ...] = ()
    tests_per_day: int | None = None
    lab_tubes_h: float | None = None
    lab_hours: float = 0.0
    transfers_per_day: int | None = None


@dataclasses.dataclass(frozen=True)
class Closure:
    """Places of a kind (`kernel.feeds.PLACE_KINDS`) closed everywhere; share: of its contacts
    that do not take place."""

    kind: str
    share: float = 1.0
    from_hour: int = 0
    to_hour: int | None = None


@dataclasses.dataclass(frozen=True)
class Masks:
    """share of people who wear one outside the home; effect: by how much the hazard falls for each
    of the two who wears one."""

    share: float = 0.0
    effect: float = 0.0
    from_hour: int = 0
    to_hour: int | None = None


@dataclasses.dataclass(frozen=True)
class Option:
    """One thing that could be decided.

    compliance: share of people who keep home isolation and restrictions at all (times that of
        each area).
    clear_d: days without a case found outside isolation after which everything is released.
    costs: (measure of `answers.MEASURES`, cost of one), e.g. (("tests", 3.0),).
    """

    name: str
    areas: tuple[Area, ...] = ()
    rounds: tuple[Round, ...] = ()
    tracing: Tracing = Tracing()
    isolation: Isolation = Isolation()
    capacities: Capacities = Capacities()
    closures: tuple[Closure, ...] = ()
    masks: Masks = Masks()
    compliance: float = 1.0
    clear_d: int | None = None
    costs: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        from zhongshu.engines.whatif import checks  # noqa: PLC0415 - checks speak of options

        checks.option(self)

    @property
    def room_tiers(self) -> tuple[str, ...]:
        return tuple(tier for tier, _ in self.capacities.rooms) or ("room",)

    @property
    def restricts(self) -> bool:
        """Whether there is an area that could be released."""
        return any(area.strictness > 0 for area in self.areas)

    @property
    def bed_tiers(self) -> tuple[str, ...]:
        return tuple(tier for tier, _ in self.capacities.beds) or ("bed",)


def check_units(option: Option, known: frozenset[str] | set[str]) -> None:
    """Refuses an option that names an area the population does not have."""
    named: list[tuple[str, ...]] = [area.units for area in option.areas]
    named += [series.units for series in option.rounds]
    for units in named:
        for code in units:
            if code not in known:
                raise BadInput(
                    "whatif.unknown_area",
                    f"Option {option.name!r} names the area {code!r}, which the population does"
                    " not have; use one of its unit codes or cell ids.",
                    option=option.name,
                    unit=code,
                )


def from_dict(raw: Mapping[str, Any]) -> Option:
    """An option from YAML or JSON; refuses what it does not know with one sentence."""
    from zhongshu.engines.whatif import checks  # noqa: PLC0415 - checks speak of options

    return checks.from_dict(raw)


BASELINE = Option(name="baseline")
"""Changes nothing: the ill seek care and are kept in hospital when found, nothing else."""
