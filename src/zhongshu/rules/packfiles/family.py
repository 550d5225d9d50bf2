"""One base pack with all its amendments and local overlays, and every version they make.

A version is the base and the suffixes of what lies on it, in order: ``cn-covid-9+20+taiyuan``.
It is made from exactly the files it names, so that a file added later changes no version that was
ever in force.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import merge, removals
from zhongshu.rules.packfiles.checks import merged, written
from zhongshu.rules.packfiles.checks.placing import Fault
from zhongshu.rules.packfiles.context import Context, Sources
from zhongshu.rules.packfiles.document import Document, Problem, Where
from zhongshu.rules.packfiles.order import ordered
from zhongshu.rules.packfiles.removals import Loss
from zhongshu.rules.packfiles.shape import Broken, check


@dataclasses.dataclass(frozen=True)
class File:
    """A document after the schema has been through it.

    usable: its head is right, so that a pack can be made of it; broken: entries left out.
    """

    document: Document
    problems: tuple[Problem, ...]
    broken: Broken
    usable: bool

    @property
    def id(self) -> str:
        return str(self.document.content.get("id", self.document.file))

    @property
    def suffix(self) -> str:
        return str(self.document.content.get("suffix", ""))


def file_of(document: Document) -> File:
    content, problems, broken = check(document)
    problems += tuple(document.problem(at, what) for at, what in written.faults(document.content))
    kept = document if content is None else dataclasses.replace(document, content=content)
    return File(kept, tuple(sorted({*document.problems, *problems})), broken, content is not None)


@dataclasses.dataclass(frozen=True)
class Version:
    """pack: None where it could not be made; found: problems of the last file laid on, in order;
    losses: what no longer works because a figure was removed, by this file or one before."""

    pack: Pack | None
    found: tuple[Problem, ...]
    losses: tuple[Loss, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.found, *removals.told(self.losses))

    @property
    def sound(self) -> bool:
        return self.pack is not None and all(problem.remark for problem in self.problems)


class Family:
    """Versions are made when asked for and kept."""

    def __init__(
        self, base: File, rest: Sequence[File], sources: Sources, aside: Iterable[File] = ()
    ) -> None:
        """aside: files that are not in force, kept so that what they once made can be read."""
        self.base, self._sources = base, sources
        self.files = (base, *rest)
        contexts = [Context(one.document, sources) for one in rest if one.usable]
        self._amendments = ordered(c for c in contexts if "amends" in c.content)
        self._overlays = [c for c in contexts if "overlays" in c.content]
        self._by_suffix = {
            one.suffix: Context(one.document, sources) for one in aside if one.usable
        }
        self._by_suffix |= {str(c.content["suffix"]): c for c in contexts}
        self._disorder = tuple(problem for one in contexts for problem in one.found)
        self._made: dict[tuple[str, ...], Version] = {}

    @property
    def id(self) -> str:
        return self.base.id

    @property
    def header(self) -> Mapping[str, Any]:
        """The base as it is written: disease, topic, dates, jurisdiction."""
        return self.base.document.content

    @property
    def amendments(self) -> Sequence[Mapping[str, object]]:
        """The contents of the amendments, in the order in which they are laid on."""
        return [context.content for context in self._amendments]

    @property
    def overlays(self) -> Sequence[Mapping[str, object]]:
        return [context.content for context in self._overlays]

    def timeline(self) -> list[tuple[str, ...]]:
        """The suffixes of every version that is in force in turn, without overlays."""
        suffixes = [str(context.content["suffix"]) for context in self._amendments]
        return [tuple(suffixes[:count]) for count in range(len(suffixes) + 1)]

    def version(self, suffixes: tuple[str, ...]) -> Version | None:
        """The version of exactly these suffixes, amendments before overlays; else None."""
        if suffixes not in self._made:
            if any(suffix not in self._by_suffix for suffix in suffixes):
                return None
            kinds = [self._is_amendment(suffix) for suffix in suffixes]
            if kinds != sorted(kinds, reverse=True) or len(set(suffixes)) != len(suffixes):
                return None
            self._made[suffixes] = self._make(suffixes)
        return self._made[suffixes]

    @functools.cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the base, its amendments or any file as such: nothing of the family
        can be applied before it is mended."""
        found = [problem for one in self.files for problem in one.problems]
        found += [*self._disorder, *self._suffixes()]
        losses: list[Loss] = []
        for suffixes in self.timeline():
            version = self.version(suffixes)
            found += version.found if version else ()
            losses += version.losses if version else ()
        return tuple(sorted({*found, *removals.told(losses)}))

    @functools.cached_property
    def misfits(self) -> tuple[Problem, ...]:
        """What is wrong with overlays on the versions they meet; there they do not hold.  Of each
        entry the first version's sentence is told."""
        first: dict[tuple[str, int, str], Problem] = {}
        for problem in (p for c in self._overlays for v in self._met(c) for p in v.problems):
            first.setdefault((problem.file, problem.line, problem.key), problem)
        found = list(first.values())
        for context in self._overlays:
            if self.problems == () and not list(self._met(context)):
                what = f"{self.id} is not in force on any day of this overlay"
                found.append(context.document.problem(("effective_from",), what))
        return tuple(sorted(set(found)))

    def fits(self, overlay_id: str) -> bool:
        """Does the overlay fit any version it meets?"""
        (context,) = (one for one in self._overlays if one.id == overlay_id)
        return any(version.sound for version in self._met(context))

    def _suffixes(self) -> Iterator[Problem]:
        first: dict[str, File] = {}
        for one in self.files[1:]:
            if one.suffix in first:
                what = f"the suffix '{one.suffix}' is already that of {first[one.suffix].id}"
                yield one.document.problem(("suffix",), what)
            first.setdefault(one.suffix, one)

    def _met(self, context: Context) -> Iterator[Version]:
        """The overlay on each version of the timeline that is in force while it is."""
        starts, stops = context.day("effective_from"), context.day("effective_to")
        for suffixes in self.timeline():
            begins, ends = self.span(suffixes)
            if starts is not None and starts <= ends and begins <= (stops or merge.NEVER):
                version = self.version((*suffixes, str(context.content["suffix"])))
                if version is not None:
                    yield version

    def span(self, suffixes: tuple[str, ...]) -> tuple[dt.date, dt.date]:
        """First and last day on which the version of the timeline is in force."""
        version = self.version(suffixes)
        pack = version.pack if version else None
        if pack is None:
            return merge.NEVER, dt.date.min
        begins = pack.amendments[-1].effective_from if pack.amendments else pack.effective_from
        later = self._amendments[len(suffixes) :]
        if not later:
            return begins, pack.effective_to or merge.NEVER
        following = later[0].day("effective_from") or merge.NEVER
        return begins, following - dt.timedelta(days=1)

    def _make(self, suffixes: tuple[str, ...]) -> Version:
        if not suffixes:
            context = Context(self.base.document, self._sources)
            return self._checked(context, merge.base(context) if self.base.usable else None, None)
        before = self.version(suffixes[:-1])
        if before is None or before.pack is None:
            return Version(None, ())
        given = self._by_suffix[suffixes[-1]]
        context = Context(given.document, self._sources)
        if "amends" in context.content:
            pack = merge.amended(before.pack, context)
        else:
            plain = self.version(tuple(s for s in suffixes if self._is_amendment(s)))
            assert plain is not None
            pack = plain.pack and merge.overlaid(before.pack, context, plain=plain.pack)
        return self._checked(context, pack, before.pack)

    def _is_amendment(self, suffix: str) -> bool:
        return "amends" in self._by_suffix[suffix].content

    def _checked(self, context: Context, pack: Pack | None, before: Pack | None) -> Version:
        if pack is None:
            return Version(None, tuple(context.found))
        known = set(merged.faults(before)) if before else set()
        gone = removals.removed(pack, self._by_suffix)
        losses: list[Loss] = []
        for fault in merged.faults(pack):
            if fault in known or self._of_broken(fault):
                continue
            loss = removals.loss(gone, fault, _set_by(pack, fault))
            if loss is not None:
                losses.append(loss)
            else:
                self._blame(context, pack, fault)
        found, unfounded = removals.split(gone, context)
        return Version(pack, found, (*losses, *unfounded))

    def _of_broken(self, fault: Fault) -> bool:
        """Is it about an entry that was left out because of its own mistakes?"""
        return any(entry in one.broken for one in self.files for entry in fault.about)

    def _blame(self, context: Context, pack: Pack, fault: Fault) -> None:
        """Complains where the fault can be mended: in the part if this file wrote it, else at the
        figure or removal by which this file made another's part impossible."""
        document = context.document
        own = _written(document, fault)
        if own is not None:
            context.say(own, fault.what, remark=fault.remark)
        if own is not None or fault.remark:
            return
        setter = _set_by(pack, fault)
        what = f"{fault.section} > {fault.id} of {setter} no longer works: {fault.what}"
        context.say(_cause(document, fault), what)


def _written(document: Document, fault: Fault) -> Where | None:
    """Where the file itself wrote the part; None where it did not."""
    if fault.section == "may_tighten" and "may_tighten" in document.content:
        return ("may_tighten", *fault.path)
    for name in (fault.id, fault.id.rpartition(".")[0]):
        if (fault.section, name) in document.lines:
            return (fault.section, name, *fault.path)
    return None


def _cause(document: Document, fault: Fault) -> Where:
    """The line by which an amendment changed or took away what the fault is about."""
    for section, name in fault.about:
        for key in (name, name.rpartition(".")[0]):
            if (section, key) in document.lines:
                return (section, key)
        dropped = document.content.get("drop", {}).get(section, [])
        if name in dropped:
            return ("drop", section, str(dropped.index(name)))
    return ("amends",)


def _set_by(pack: Pack, fault: Fault) -> str:
    if fault.section == "figures":
        figure = pack.get(fault.id)
        return figure.set_by if figure else pack.id
    part = dict(pack.sections()).get(fault.section, {}).get(fault.id)
    return part.set_by if part else pack.id
