"""What a person can decide on an evening, as data, and as the loop takes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput
from zhongshu.service.drills.model import DEGREES, Contact, Decision, Proposals


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """degrees: of contacts, whose people are isolated; most: at most so many of them, the nearest
    first (None: all, and those named during the next day as well); areas: of the proposed ones;
    round_: a test round; lock: the county; protect: masks, no eating out, crowded places shut."""

    degrees: tuple[int, ...] = ()
    most: int | None = None
    areas: tuple[str, ...] = ()
    round_: bool = False
    lock: bool = False
    protect: bool = False

    def check(self, proposed: Mapping[str, Any]) -> None:
        """Refuses (BadInput) degrees there are not and areas that the evening does not show."""
        if not set(self.degrees) <= set(DEGREES) or (self.most is not None and self.most < 0):
            raise BadInput(
                "drill.contacts",
                "Contacts are isolated by degree, 1 or 2, and at most a number that is not "
                "negative; correct the choice.",
            )
        unknown = sorted(set(self.areas) - {one["code"] for one in proposed["areas"]})
        if unknown:
            raise BadInput(
                "drill.area",
                f"{unknown[0]} is not among the areas proposed this evening; choose from those.",
                area=unknown[0],
            )

    def as_json(self) -> dict[str, Any]:
        told = dataclasses.asdict(self)
        return told | {"degrees": list(self.degrees), "areas": list(self.areas)}


def read(stored: Mapping[str, Any]) -> Choice:
    return Choice(
        degrees=tuple(stored["degrees"]),
        most=stored["most"],
        areas=tuple(stored["areas"]),
        round_=stored["round_"],
        lock=stored["lock"],
        protect=stored.get("protect", False),  # drills begun before it was there
    )


def of(decision: Decision, proposals: Proposals) -> Choice:
    """The choice that comes to `decision`: what a policy would tick."""
    degrees = tuple(sorted({*decision.standing, *(one.degree for one in decision.isolate)}))
    every = sum(one.degree in degrees for one in proposals.contacts.values())
    return Choice(
        degrees=degrees,
        most=None if len(decision.isolate) == every else len(decision.isolate),
        areas=decision.areas,
        round_=decision.round_,
        lock=decision.lock,
        protect=decision.protect,
    )


def decision(choice: Choice, proposals: Proposals) -> Decision:
    """As the loop takes it; the nearest and most exposed contacts stand first in line."""
    wanted = [one for one in proposals.contacts.values() if one.degree in choice.degrees]
    wanted.sort(key=_line)
    return Decision(
        isolate=tuple(wanted[: choice.most]),
        standing=choice.degrees if choice.most is None else (),
        areas=tuple(one for one in proposals.areas if one in choice.areas),
        lock=choice.lock,
        protect=choice.protect,
        places=proposals.places if choice.protect else (),
        round_=choice.round_,
    )


def _line(one: Contact) -> tuple[int, float, int]:
    return one.degree, -one.score, one.person
