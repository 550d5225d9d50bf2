"""All pack files of the product and of this installation, as families of versions.

The shipped packs are sound (tests see to it).  A local file that is not is set aside with its
problems, and everything else stays in force.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from zhongshu.kernel.errors import BadInput
from zhongshu.rules.packfiles import crossing, ladders
from zhongshu.rules.packfiles.context import SOURCES_FILE, Sources
from zhongshu.rules.packfiles.document import Document, Problem, read_yaml
from zhongshu.rules.packfiles.family import Family, File, file_of
from zhongshu.rules.packfiles.order import chain, parent
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Text

Signature = tuple[tuple[str, int, int], ...]


@dataclasses.dataclass(frozen=True)
class Library:
    """families: by id of the base; problems: of every file, of those set aside too."""

    families: Mapping[str, Family]
    problems: tuple[Problem, ...]


def signature(folder: Path) -> Signature:
    """(name, size, time of change) of the files: two folders with one signature read alike."""
    if not folder.is_dir():
        return ()
    found = ((item.name, item.stat()) for item in folder.iterdir() if item.suffix == ".yaml")
    return tuple(sorted((name, state.st_size, state.st_mtime_ns) for name, state in found))


@functools.lru_cache(maxsize=16)
def of(folder: Path, local: Path | None, marks: tuple[Signature, Signature]) -> Library:
    """The packs of `folder`, and those of `local` that are sound.

    marks: the folders' signatures, so that a changed file is read anew.
    """
    shelf = Shelf(sources_of(folder) if local is None else sources_of(local) | sources_of(folder))
    shipped, problems = read(folder)
    if local is None:
        families, _ = shelf.families(shipped)
        return Library(families, tuple(sorted({*problems, *shelf.problems(shipped)})))
    mine, wrong = read(local, local=True)
    return _with_local(shelf, shipped, mine, (*problems, *wrong))


def read(folder: Path, *, local: bool = False) -> tuple[list[File], tuple[Problem, ...]]:
    """Every pack file of a folder, and the problems of those that cannot be read at all."""
    found: list[File] = []
    problems: list[Problem] = []
    for file in pack_files(folder):
        one, wrong = _one(file, shown=file.name, local=local)
        found += one
        problems += wrong
    return found, tuple(problems)


def _one(file: Path, *, shown: str, local: bool) -> tuple[list[File], list[Problem]]:
    try:
        return [file_of(read_yaml(file, shown=shown, local=local))], []
    except BadInput as error:
        return [], [problem_of(error)]


def problem_of(error: BadInput) -> Problem:
    """The problem a refusal was made from."""
    facts = error.facts
    file, line, key = str(facts["file"]), int(str(facts["line"])), str(facts["key"])
    start = f"{file}, line {line}" + (f", {key}: " if key else ": ")
    return Problem(file, line, key, error.message.removeprefix(start), error.code)


def pack_files(folder: Path) -> Iterator[Path]:
    """The pack files of a folder, without the list of sources."""
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda item: item.name):
            if file.suffix == ".yaml" and file.name != SOURCES_FILE:
                yield file


def sources_of(folder: Path) -> dict[str, Text | None]:
    """The sources a folder lists, None for one whose words are not in both languages; refuses
    (BadInput) a list that cannot be read."""
    file = folder / SOURCES_FILE
    listed = read_yaml(file).content.get("sources") if file.is_file() else {}
    return {str(number): _words(said) for number, said in (listed or {}).items()}


def _words(said: object) -> Text | None:
    if not isinstance(said, dict) or set(said) != {"zh", "en"} or not all(said.values()):
        return None
    return Text(str(said["zh"]), str(said["en"]))


class Shelf:
    """Makes families of files; one whose files are the same is made once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._made: dict[tuple[tuple[str, str], ...], Family] = {}

    def families(
        self, files: Iterable[File], aside: Iterable[File] = ()
    ) -> tuple[dict[str, Family], tuple[Problem, ...]]:
        """Families by the id of their base, and what is wrong with files that belong to none."""
        kept, old = _groups(files), _groups(aside)
        found = {
            name: self._family(base, kept.rest.get(name, []), old.rest.get(name, []))
            for name, base in kept.bases.items()
        }
        return found, tuple(kept.problems)

    def problems(self, files: Iterable[File]) -> set[Problem]:
        """All that is wrong with files that can be read, each by itself and between them."""
        files = list(files)
        families, strays = self.families(files)
        found = {*strays, *crossing.dates(families.values()), *ladders.faults(families.values())}
        for family in families.values():
            found |= {*family.problems, *family.misfits}
        placed = {id(one) for family in families.values() for one in family.files}
        return found | {p for one in files if id(one) not in placed for p in one.problems}

    def _family(self, base: File, rest: list[File], aside: list[File]) -> Family:
        key = (*map(_name, (base, *rest)), ("|", ""), *map(_name, aside))
        if key not in self._made:
            self._made[key] = Family(base, rest, self._sources, aside)
        return self._made[key]


def _name(one: File) -> tuple[str, str]:
    return ("local" if one.document.local else "shipped", one.document.file)


@dataclasses.dataclass(frozen=True)
class _Groups:
    bases: Mapping[str, File]
    rest: Mapping[str, list[File]]  # by the id of the base, which need not be there
    problems: list[Problem]


def _groups(files: Iterable[File]) -> _Groups:
    files = list(files)
    problems = list(crossing.names(files))
    unique: dict[str, File] = {}
    for one in files:
        unique.setdefault(one.id, one)  # a second one is told by crossing.names
    parents = {name: parent(one.document.content) for name, one in unique.items()}
    bases = {name: one for name, one in unique.items() if parents[name] is None}
    rest: dict[str, list[File]] = {}
    for name, one in unique.items():
        if name in bases:
            continue
        line, circle = chain(one.id, parents)
        rest.setdefault(line[-1], []).append(one)
        if circle:
            what = f"this goes round in a circle: {' -> '.join(line)}"
            problems.append(one.document.problem(_parent_key(one.document), what))
        elif line[-1] not in bases:
            what = f"no pack {line[-1]} is here{nearest(line[-1], bases)}"
            problems.append(one.document.problem(_parent_key(one.document), what))
        elif "overlays" in one.document.content and len(line) > 2:
            what = f"{line[1]} is no base pack; an overlay lies on {line[-1]} with all amendments"
            problems.append(one.document.problem(("overlays",), what))
    return _Groups(bases, rest, problems)


def _parent_key(document: Document) -> tuple[str, ...]:
    return ("overlays",) if "overlays" in document.content else ("amends",)


def added(folder: Path, files: Iterable[Path], *, alone: bool = False) -> tuple[Problem, ...]:
    """What is wrong with `files`, or goes wrong in the packs of `folder` by them.

    alone: the files are all there is; of `folder` only the sources count.
    """
    files = list(files)
    sources = sources_of(folder)
    found: list[File] = []
    problems: list[Problem] = []
    for file in files:
        if file.name == SOURCES_FILE:
            sources |= sources_of(file.parent)
            continue
        one, wrong = _one(file, shown=str(file), local=True)
        found += one
        problems += wrong
    shelf = Shelf(sources)
    shipped = [] if alone else read(folder)[0]
    together = {*problems, *shelf.problems([*shipped, *found])}
    return tuple(sorted(together - shelf.problems(shipped)))


def _with_local(
    shelf: Shelf, shipped: list[File], mine: list[File], unreadable: Iterable[Problem]
) -> Library:
    """Local files are laid on one by one, what is named before what names it, oldest first; one
    that spoils anything is set aside.  Told is what is wrong with all of them together."""
    kept = list(shipped)
    aside: list[File] = []
    parents = {one.id: parent(one.document.content) for one in (*shipped, *mine)}
    for one in sorted(mine, key=lambda one: _place(one, parents)):
        new = shelf.problems([*kept, one]) - shelf.problems(kept)
        families, _ = shelf.families([*kept, one])
        harmless = new <= {p for family in families.values() for p in _passing(family, one)}
        (kept if harmless else aside).append(one)
    families, _ = shelf.families(kept, aside)
    told = {*unreadable, *shelf.problems([*shipped, *mine]), *shelf.problems(kept)}
    return Library(families, tuple(sorted(told)))


def _passing(family: Family, one: File) -> Iterator[Problem]:
    """Problems with which a file may stay: remarks, and an overlay that fits some versions."""
    if any(one is mine for mine in family.files):
        yield from (problem for problem in family.problems if problem.remark)
        if "overlays" in one.document.content and one.usable and family.fits(one.id):
            yield from family.misfits


def _place(one: File, parents: Mapping[str, str | None]) -> tuple[int, str, str]:
    begins = str(one.document.content.get("effective_from", ""))
    return len(chain(one.id, parents)[0]), begins, one.id
