"""What a drill is: the county and its disease, what is proposed, what is decided, what came of it.

Everything is synthetic.  Times are seconds since 00:00 of the first day, days count from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol

from zhongshu.kernel.errors import BadInput

DAY_S = 86_400
ASKED = frozenset({"contacts", "areas"})
DEGREES = (1, 2)  # of contacts
FEWEST, MOST = 5_000, 200_000


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One county and one disease; everything but the luck, which the seed decides.

    people, days, county: synthetic people, days simulated, code of the real county they resemble.
    r0: people whom an imported case infects where nobody is immune, tested or held back.
    coverage: share of visits that leave a record; sensitivity: of a test at full load.
    turnout: share of the called who come to a test round, anew each round.
    strictness, compliance: of any area closed, large or small: share of the visits outside the home
        that it takes away, and share of the residents who keep to it.
    masked, mask_effect: share who wear a mask where the county protects itself, and by how much the
        hazard falls for each of two who does.
    imported: infected people who arrive on the first day.
    from_hour: at which the measures decided in the evening begin on the next day.
    pack, on: policy pack and the day (ISO) of the edition that gives all figures of the domain.

    Defaults are assumptions of the drill, the same for all policies; none is a rule.
    """

    people: int = 50_000
    days: int = 60
    county: str = "140105000000"
    r0: float = 4.0
    coverage: float = 0.85
    sensitivity: float = 0.9
    turnout: float = 0.95
    strictness: float = 0.9
    compliance: float = 0.95
    imported: int = 5
    from_hour: float = 8.0
    masked: float = 0.8
    mask_effect: float = 0.3
    pack: str = "cn-covid-9"
    on: str = "2022-11-14"

    def __post_init__(self) -> None:
        if not FEWEST <= self.people <= MOST:
            raise BadInput(
                "drill.people",
                f"A drill has {FEWEST:,} to {MOST:,} people, not {self.people:,}.",
                people=self.people,
            )
        shares = ("coverage", "sensitivity", "turnout", "strictness", "compliance")
        for name in (*shares, "masked", "mask_effect"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInput(
                    "drill.share",
                    f"{name} is a share between 0 and 1, not {getattr(self, name)}.",
                    name=name,
                )
        if self.days < 1 or self.imported < 1 or not self.r0 > 0 or not 0 <= self.from_hour <= 24:
            raise BadInput(
                "drill.scenario",
                "A drill needs at least one day, one imported case, an R0 above 0 and an hour "
                "between 0 and 24.",
            )


@dataclasses.dataclass(frozen=True)
class Case:
    """A case as the headquarters knows it: anchor_s is the onset, or the sampling without one.

    isolated: he was in isolation when sampled, so he is no community case.  known_day: on whose
    evening the report had come.
    """

    person: int
    anchor_s: int
    sampled_s: int
    confirmed_s: int
    known_day: int
    isolated: bool


@dataclasses.dataclass(frozen=True)
class Contact:
    """The nearest degree at which somebody met any case, and the last day of it."""

    person: int
    degree: int
    last_day: int
    score: float


@dataclasses.dataclass(frozen=True)
class Proposals:
    """What the engines and the pack propose on the evening of `day` for the next day.

    contacts: by person, all whose isolation has not ended; areas: villages or buildings that the
    zoning would close; county: whether a lockdown of the county would have to begin or go on;
    places: crowded ones where a case was too recently, ids; round_due: whether the pack wants a
    test round; still: whether the first one is being taken.
    """

    day: int
    contacts: Mapping[int, Contact]
    areas: tuple[str, ...]
    places: tuple[str, ...]
    county: bool
    round_due: bool
    still: bool


@dataclasses.dataclass(frozen=True)
class Decision:
    """What shall hold on the next day.  isolate: contacts to be isolated, the first in line first;
    standing: degrees of contacts who are isolated, too, as cases of the next day name them;
    areas: to be closed; lock: everybody in the county stays; round_: a test round of the county;
    protect: in the rest of the county people wear masks and do not eat out, and places: are closed.
    """

    isolate: tuple[Contact, ...] = ()
    standing: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    lock: bool = False
    round_: bool = False
    protect: bool = False
    places: tuple[str, ...] = ()


class Policy(Protocol):
    """Who decides.  A person in the console would be another one of these."""

    @property
    def name(self) -> str: ...

    @property
    def asks(self) -> frozenset[str]:
        """Which of `ASKED` it looks at; what nobody looks at is not worked out."""
        ...

    def decide(self, proposals: Proposals) -> Decision:
        """From what is proposed and nothing else; the truth is not shown."""
        ...


@dataclasses.dataclass(frozen=True)
class Score:
    """What came of one drill.  The truth is read here and only here.

    infections: in all; later: those after the first measures could hold.
    area_pd, home_pd, central_pd: person-days restricted, in closed areas, isolated at home and in
        rooms; place_pd: of those whom only closed places restrict, the share of the hours they had
        planned outside the home that they lost.  Nobody counts twice at any moment.
    tests: samples whose result came; rounds: test rounds held.
    peak_rooms: most people in rooms of isolation sites on one day.
    zero_day: days from the first measures to the day after the last community case; None while
        the last week still had one.  A community case was at large when sampled.
    missed: infected by a case who were nobody's contact before they were found themselves.
    isolation_h: median hours from infection to isolation or hospital, of those who came so far.
    never_isolated: infected who never came there.
    started_day: evening on which the first case was known; None: never.
    rejected: rows of the feeds that could not be used.
    """

    policy: str
    seed: int
    infections: int
    later: int
    area_pd: float
    home_pd: float
    central_pd: float
    place_pd: float
    tests: int
    rounds: int
    peak_rooms: int
    zero_day: int | None
    missed: int
    isolation_h: float | None
    never_isolated: int
    started_day: int | None
    rejected: int

    @property
    def person_days(self) -> float:
        return self.area_pd + self.home_pd + self.central_pd

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"person_days": self.person_days}
