"""Small-cell protection: how many persons, without telling when they were few.

A count from 1 to below the pack's figure is told as "below".  Where counts add up to a total that
is told, one hidden count would be the difference: then the next smallest is hidden too, and on
until the hidden ones are at least two and together no small cell (Hundepool et al., Statistical
Disclosure Control, Wiley 2012, ch. 4).  A true zero is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class Count(TypedDict):
    """value: the number; null: hidden, and then `below` says under what it lies, null where it is
    hidden to protect another."""

    value: int | None
    below: int | None


def count(persons: int, *, least: int) -> Count:
    """One number on its own; least: the smallest that is told."""
    if 0 < persons < least:
        return {"value": None, "below": least}
    return {"value": persons, "below": None}


def counts(persons: Sequence[int], *, least: int) -> list[Count]:
    """Numbers that may add up to one that is told."""
    hidden = {n for n, number in enumerate(persons) if 0 < number < least}
    rest = sorted((number, n) for n, number in enumerate(persons) if number >= max(least, 1))
    for _, n in rest:
        if not hidden or (len(hidden) > 1 and sum(persons[one] for one in hidden) >= least):
            break
        hidden.add(n)
    told = [count(number, least=least) for number in persons]
    return [
        {"value": None, "below": one["below"]} if n in hidden else one for n, one in enumerate(told)
    ]
