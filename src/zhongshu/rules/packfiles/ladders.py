"""Escalations between packs: what a clock or rule names stands in its own pack or, on every day on
which it may be asked for, in a pack of topic ``command`` (see ``zhongshu.rules.clocks.ladder``)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles.document import Problem, Where
from zhongshu.rules.packfiles.family import Family, File
from zhongshu.rules.packfiles.shape import nearest

COMMAND, ANY = "command", "any"
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    """A version in force from begins to ends."""

    family: Family
    pack: Pack
    begins: dt.date
    ends: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class _Need:
    """A part escalates by `name` in a version that has no such escalation.

    file, path: who wrote so, or took the escalation away; before: words before the sentence.
    """

    version: _Held
    file: File
    path: Where
    name: str
    before: str = ""


def faults(families: Iterable[Family]) -> Iterator[Problem]:
    """Escalations that nobody has on some day: told where they are named; where a chain of
    command had them and lets them go, told once, there."""
    usable = [family for family in families if family.base.usable]
    commands = [one for one in usable if _is_command(one.header)]
    held = [one for family in commands for one in _versions(family)]
    orphans: dict[tuple[str, Where, str], tuple[File, set[str]]] = {}
    for need in (one for family in usable for one in _needs(family)):
        files = (*need.version.family.files, *(file for one in commands for file in one.files))
        if any(("escalations", need.name) in file.broken for file in files):
            continue  # left out because of its own mistakes, which are told
        day = _first_without(need, held)
        cause = _let_go(need.name, day, held) if day else None
        if cause:
            file, path = cause
            _, ids = orphans.setdefault((file.id, path, need.name), (file, set()))
            ids.add(need.version.family.id)
        elif day:
            yield need.file.document.problem(need.path, _nobody(need, day, held))
    for (_, path, name), (file, ids) in orphans.items():
        what = f"the escalation '{name}' is still named by {', '.join(sorted(ids))}"
        yield file.document.problem(path, what)


def _is_command(header: Mapping[str, object]) -> bool:
    return (header["disease"], header.get("topic")) == (ANY, COMMAND)


def _versions(family: Family) -> Iterator[_Held]:
    """The versions that are in force in turn, with their days."""
    for suffixes in family.timeline():
        version = family.version(suffixes)
        if version is not None and version.pack is not None:
            begins, ends = family.span(suffixes)
            if begins <= ends:
                yield _Held(family, version.pack, begins, ends)


def _needs(family: Family) -> Iterator[_Need]:
    """What the versions of a family name and do not have themselves."""
    files = {one.id: one for one in family.files}
    for version in _versions(family):
        pack = version.pack
        named = [("clocks", one.id, one.escalate, one.set_by) for one in pack.clocks.values()]
        named += [
            ("rules", one.rule_id, one.logic.escalate, one.set_by)
            for one in pack.rules.values()
            if one.logic
        ]
        for section, part, name, setter in named:
            if name is not None and name not in pack.escalations:
                taker = _taker(pack, name)
                if taker is None:
                    yield _Need(version, files[setter], (section, part, "escalate"), name)
                else:
                    before = f"{section} > {part} of {setter} no longer works: "
                    yield _Need(version, files[taker], ("drop", "escalations"), name, before)


def _taker(pack: Pack, name: str) -> str | None:
    """The amendment that dropped the escalation from its own pack."""
    return next((one.id for one in pack.amendments if ("escalations", name) in one.dropped), None)


def _first_without(need: _Need, held: Sequence[_Held]) -> dt.date | None:
    """The first day of the need on which no chain of command has the escalation."""
    reach = {"country", need.version.pack.jurisdiction}
    here = [one for one in held if one.pack.jurisdiction in reach]
    day, last = need.version.begins, need.version.ends
    while True:
        ends = [
            one.ends
            for one in here
            if need.name in one.pack.escalations and one.begins <= day <= one.ends
        ]
        if not ends:
            return day
        if max(ends) >= last:
            return None
        day = max(ends) + DAY


def _let_go(name: str, day: dt.date, held: Sequence[_Held]) -> tuple[File, Where] | None:
    """Where a chain of command that had the escalation the day before takes it away."""
    for before in held:
        if name not in before.pack.escalations or before.ends != day - DAY:
            continue
        after = [one for one in held if one.family is before.family and one.begins == day]
        if not after:
            return before.family.base, ("effective_to",)
        writer = after[0].pack.amendments[-1].id
        (file,) = (one for one in before.family.files if one.id == writer)
        return file, ("drop", "escalations")
    return None


def _nobody(need: _Need, day: dt.date, held: Sequence[_Held]) -> str:
    above = {name for one in held for name in one.pack.escalations}
    where = f"in {need.version.pack.id} or a pack of topic {COMMAND}"
    if need.name in above:
        return f"{need.before}on {day} there is no escalation '{need.name}' {where}"
    near = nearest(need.name, sorted(above | set(need.version.pack.escalations)))
    what = f"there is no escalation '{need.name}'{near}"
    return f"{need.before}{what} (looked for {where})"
