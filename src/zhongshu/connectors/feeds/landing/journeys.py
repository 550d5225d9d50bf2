"""From a ticket to a place: the vehicle, its carriage, and the row, bay or compartment in it.

The place carries no date: the number is the place, and time separates the days.  Who sits where
nobody knows (crew, a ticket without a seat) is at the whole, near everybody in it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence

from zhongshu.kernel import spots
from zhongshu.kernel.spots import SPOT

_SLEEPERS = frozenset({"hard_sleeper", "soft_sleeper"})
_OF = {"aircraft": "flight", "train": "train", "coach": "coach", "ship": "ship"}  # start of the id
_CALLED = {"aircraft": "航班", "train": "次列车", "coach": "客车", "ship": "客船"}
# Kind of vehicle -> the figure that says how many numbers make a spot, and what a spot is called.
_SIZES = {
    "train_soft": ("train_soft", "包厢"),
    "train_open": ("train_open_berth", "格"),
    "coach_open": ("coach_open", "排"),
    "coach_sealed": ("coach_open", "排"),
}
# Of two kinds for one place the one that makes more people near: a missed contact costs more.
WIDEST_LAST = (
    "train_open",
    "train_soft",
    "train_sealed",
    "coach_open",
    "coach_sealed",
    "aircraft",
    "ship",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    """What of a row decides the place; texts as the checks left them, None where blank."""

    vehicle: str
    number: str
    carriage: str | None
    seat: str | None
    class_: str | None
    sealed: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A place of the lake: the sender's id, a name, its kind, its order along the whole."""

    place_id: str
    name: str
    kind: str
    number: int | None = None


def parts(ticket: Ticket, seats_per_spot: Mapping[str, int]) -> tuple[Part, ...]:
    """The vehicle, then each part of it down to where the passenger was; at least the vehicle."""
    return tuple(_parts(ticket, seats_per_spot))


def seat_unread(ticket: Ticket, found: Sequence[Part], seats: Mapping[str, int]) -> bool:
    """Whether a seat was given, matters for who is near, and could not be turned into a spot."""
    if ticket.seat is None:
        return False
    kind = _kind(ticket)
    return kind != "train_sealed" and len(found) < len(_trail(ticket)) + 2


def _parts(ticket: Ticket, seats: Mapping[str, int]) -> Iterator[Part]:
    kind = _kind(ticket)
    place_id = f"{_OF[ticket.vehicle]}:{ticket.number}"
    name = f"{ticket.number}{_CALLED[ticket.vehicle]}"
    # A train is one whole whatever the class of one of its carriages.
    yield Part(place_id, name, "train_sealed" if ticket.vehicle == "train" else kind)
    for carriage in _trail(ticket):
        place_id, name = f"{place_id}{SPOT}{carriage}", f"{name}{carriage}车厢"
        # Carriages of an open train have no order: the next carriage is not the next bay.
        number = None if kind == "train_open" else spots.spot_number(carriage)
        yield Part(place_id, name, kind, number)
    if ticket.vehicle == "ship" and (cabin := ticket.carriage or ticket.seat):
        cabin = spots.carriage(cabin)
        yield Part(f"{place_id}{SPOT}{cabin}", f"{name}{cabin}舱", kind, spots.spot_number(cabin))
    elif (found := _spot(ticket, kind, seats)) is not None:
        number, word = found
        yield Part(f"{place_id}{SPOT}{number}", f"{name}{number}{word}", kind, number)


def _kind(ticket: Ticket) -> str:
    """The pack's kind of vehicle; sealed where nobody says otherwise."""
    if ticket.vehicle in ("aircraft", "ship"):
        return ticket.vehicle
    if ticket.vehicle == "coach":
        return "coach_open" if ticket.sealed == "no" else "coach_sealed"
    if ticket.class_ == "soft_sleeper":
        return "train_soft"
    return "train_open" if ticket.sealed == "no" else "train_sealed"


def _trail(ticket: Ticket) -> tuple[str, ...]:
    """The carriage of a train; other vehicles have none between whole and spot."""
    known = ticket.vehicle == "train" and ticket.carriage
    return (spots.carriage(ticket.carriage),) if known and ticket.carriage else ()


def _spot(ticket: Ticket, kind: str, seats: Mapping[str, int]) -> tuple[int, str] | None:
    """(number, what it is called) of the row, bay or compartment; None where nothing tells it or
    the carriage is not known."""
    number = spots.seat_number(ticket.seat or "")
    if number is None or (ticket.vehicle == "train" and not ticket.carriage):
        return None
    if kind == "aircraft" or (ticket.vehicle == "coach" and spots.names_row(ticket.seat or "")):
        return number, "排"
    if kind == "train_open" and ticket.class_ not in _SLEEPERS:
        # Seats of a bay share their tens, so that number 0 begins the first.
        return _every(number + 1, seats.get("train_open_seat"), "格")
    size, word = _SIZES.get(kind, ("", ""))
    return _every(number, seats.get(size), word)


def _every(number: int, size: int | None, word: str) -> tuple[int, str] | None:
    return (math.ceil(number / size), word) if size and number > 0 else None
