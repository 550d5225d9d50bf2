"""The policies of a drill, as data: which of the proposals each of them takes."""

from __future__ import annotations

import dataclasses

from zhongshu.kernel.errors import BadInput
from zhongshu.service.drills.model import ASKED, DEGREES, Decision, Proposals


@dataclasses.dataclass(frozen=True)
class Automatic:
    """Takes what it is there to take, every evening from the first case on.

    contacts: isolates the contacts; areas: closes what the zoning proposes; lock: locks the
    county; rounds: holds the test rounds; still: has everybody stay at home when that is
    proposed: while the first round is taken, for one case is known and nobody can know where the
    others are, and after an evening with many; protect: has the rest of the county keep its rule.
    """

    name: str
    contacts: bool = False
    areas: bool = False
    lock: bool = False
    rounds: bool = False
    still: bool = False
    protect: bool = False

    @property
    def asks(self) -> frozenset[str]:
        """What of the proposals takes work and is looked at."""
        return frozenset(name for name in ASKED if getattr(self, name))

    def decide(self, proposals: Proposals) -> Decision:
        listed = sorted(
            proposals.contacts.values(), key=lambda one: (one.degree, -one.score, one.person)
        )
        return Decision(
            isolate=tuple(listed) if self.contacts else (),
            standing=DEGREES if self.contacts else (),
            areas=proposals.areas if self.areas else (),
            lock=(self.lock and proposals.county) or (self.still and proposals.still),
            round_=self.rounds and proposals.round_due,
            protect=self.protect and proposals.county,
            places=proposals.places if self.protect and proposals.county else (),
        )


OURS = Automatic("ours", contacts=True, areas=True, rounds=True, still=True, protect=True)
# Everybody stays at home, is tested in the same rounds, and cases go to hospital.
COUNTY = Automatic("county-lockdown", lock=True, rounds=True, protect=True)
# The same, and the contacts are isolated as well: the strongest that we compare ourselves with.
COUNTY_TRACED = Automatic(
    "county-lockdown-traced", contacts=True, lock=True, rounds=True, protect=True
)
TRACE = Automatic("trace-only", contacts=True, rounds=True, protect=True)
NOTHING = Automatic("nothing")
ALL = (OURS, COUNTY, COUNTY_TRACED, TRACE, NOTHING)


def named(name: str) -> Automatic:
    """Refuses (BadInput) a name that no policy has."""
    for policy in ALL:
        if policy.name == name:
            return policy
    known = ", ".join(policy.name for policy in ALL)
    raise BadInput("drill.policy", f"There is no policy {name}; there are {known}.", name=name)
