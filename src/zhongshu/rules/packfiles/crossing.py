"""What can only be wrong between files: names, and packs that would hold at the same time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from zhongshu.rules.packfiles.document import Problem
from zhongshu.rules.packfiles.family import Family, File
from zhongshu.rules.packfiles.order import chain

COUNTRY = "country"


def names(files: Iterable[File]) -> Iterator[Problem]:
    """Ids and suffixes that are there twice."""
    first: dict[str, File] = {}
    for one in files:
        if one.id in first:
            what = f"the id '{one.id}' is already that of {first[one.id].document.file}"
            yield one.document.problem(("id",), what)
        first.setdefault(one.id, one)


def dates(families: Iterable[Family]) -> Iterator[Problem]:
    """Packs of one disease, topic and jurisdiction that overlap in time; supersession that is
    unknown or goes round; overlays of one unit that overlap and set the same figure."""
    families = [family for family in families if family.base.usable]
    for earlier, later in itertools.combinations(sorted(families, key=_begins), 2):
        yield from _overlap(earlier, later)
    bases = {family.id: family.base.document.content for family in families}
    above = {name: content.get("supersedes") for name, content in bases.items()}
    for family in families:
        document = family.base.document
        line, circle = chain(family.id, above)
        if circle:
            what = f"this goes round in a circle: {' -> '.join(line)}"
            yield document.problem(("supersedes",), what)
        elif above[family.id] is not None and above[family.id] not in bases:
            yield document.problem(("supersedes",), f"no pack {above[family.id]} is here")
        yield from _overlays(family)


def _begins(family: Family) -> tuple[str, str]:
    return str(family.base.document.content["effective_from"]), family.id


def _overlap(one: Family, other: Family) -> Iterator[Problem]:
    mine, theirs = one.base.document.content, other.base.document.content
    same = mine["disease"] == theirs["disease"]
    same = same and mine.get("topic", "control") == theirs.get("topic", "control")
    if not same:
        return
    ends = mine.get("effective_to") or dt.date.max.isoformat()
    if ends < theirs["effective_from"]:
        return
    until = mine.get("effective_to") or "further notice"
    if mine["jurisdiction"] == theirs["jurisdiction"]:
        what = (
            f"{one.id} holds for the same disease, topic and jurisdiction until {until}; end it "
            f"before {theirs['effective_from']} or make this an amendment of it"
        )
        yield other.base.document.problem(("effective_from",), what)
    elif COUNTRY in {mine["jurisdiction"], theirs["jurisdiction"]}:
        lower = other if mine["jurisdiction"] == COUNTRY else one
        upper = one if lower is other else other
        what = (
            f"{upper.id} of the whole country holds for the same disease and topic at the same "
            "time; a lower unit writes an overlay of it, not a pack of its own"
        )
        yield lower.base.document.problem(("jurisdiction",), what)


def _overlays(family: Family) -> Iterator[Problem]:
    files = [one for one in family.files if one.usable and "overlays" in one.document.content]
    files.sort(key=lambda one: (str(one.document.content["effective_from"]), one.id))
    for one, other in itertools.combinations(files, 2):
        mine, theirs = one.document.content, other.document.content
        ends = mine.get("effective_to") or dt.date.max.isoformat()
        both = set(mine["figures"]) & set(theirs["figures"])
        if (
            mine["jurisdiction"] == theirs["jurisdiction"]
            and both
            and theirs["effective_from"] <= ends
        ):
            key = min(both)
            what = f"{one.id} of the same unit sets {key} at the same time; end it the day before"
            yield other.document.problem(("figures", key), what)
