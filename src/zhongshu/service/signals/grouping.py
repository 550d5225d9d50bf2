"""One outbreak, one group: signals close in place and time belong together.

Two signals are linked when their counties are the same or border on each other and their days
are at most so many apart; a group is whatever is linked in steps.  The order in which signals
come makes no difference.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Set

Borders = Mapping[str, Set[str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Spot:
    """A signal's number, county and day, and the group it is in already."""

    id: int
    county: str
    day: dt.date
    group: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Grouped:
    """fresh: the group of each signal that had none.  merged: groups that are part of an older
    one now."""

    fresh: Mapping[int, int]
    merged: Mapping[int, int]


def group(spots: Iterable[Spot], *, borders: Borders, days: int) -> Grouped:
    """The groups of the signals that have none, beside those that do.

    A group is called by the least number of the groups in it, or else of its signals.  Groups
    that were apart become one only where a signal that had none is linked to both.
    """
    links: dict[_Node, _Node] = {}
    there: dict[str, list[tuple[dt.date, _Node]]] = {}
    ordered = sorted(spots, key=lambda one: (one.group is None, one.id))
    for one in ordered:
        mine: _Node = (one.group is None, one.id if one.group is None else one.group)
        links.setdefault(mine, mine)
        if one.group is None:
            for county in (one.county, *borders.get(one.county, ())):
                for day, other in there.get(county, ()):
                    if abs((one.day - day).days) <= days:
                        _join(links, mine, other)
        there.setdefault(one.county, []).append((one.day, mine))
    named = {node: _root(links, node)[1] for node in links}
    return Grouped(
        fresh={number: named[new, number] for new, number in links if new},
        merged={old: named[new, old] for new, old in links if not new and named[new, old] != old},
    )


# (has no group yet, its number): groups sort before signals, so the least node names them all.
_Node = tuple[bool, int]


def _root(links: dict[_Node, _Node], node: _Node) -> _Node:
    while links[node] != node:
        links[node] = links[links[node]]
        node = links[node]
    return node


def _join(links: dict[_Node, _Node], one: _Node, other: _Node) -> None:
    first, second = sorted((_root(links, one), _root(links, other)))
    links[second] = first
