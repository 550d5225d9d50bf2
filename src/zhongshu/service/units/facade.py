"""What others may use of the register of units."""

from __future__ import annotations

import datetime as dt

from zhongshu.reference import read
from zhongshu.service.kit.actor import INTAKE
from zhongshu.service.units.models import Unit
from zhongshu.service.units.selectors import (
    UnitRef,
    ancestors,
    children,
    county_of,
    get,
    on_path,
    ref,
    refs,
    refs_on_paths,
    resolve,
    search,
)
from zhongshu.service.units.services import load

__all__ = [
    "Unit",
    "UnitRef",
    "ancestors",
    "children",
    "county_of",
    "get",
    "load",
    "load_reference",
    "on_path",
    "ref",
    "refs",
    "refs_on_paths",
    "resolve",
    "search",
]


def load_reference(*, now: dt.datetime) -> int:
    """Take the divisions, census and codes that ship with the package; rows new or changed."""
    card = next(card for card in read.cards() if card.name == "census")
    return load(
        divisions=read.table("divisions"),
        identifiers=read.table("identifiers"),
        changes=read.table("changes"),
        census=read.table("census"),
        census_source=f"{card.title} {card.date}"[:120],
        zone_hosts=read.table("zone_hosts"),
        actor=INTAKE,
        now=now,
    )
