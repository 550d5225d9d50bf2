"""What no longer works because an amendment removed figures: told once, at the removal.

A removal can break parts of the base, of earlier amendments and of later ones; whoever wrote it is
told so in one sentence, not in one for each part of files that are sound.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import figures, tighten
from zhongshu.rules.packfiles.checks.placing import FIGURES, Fault
from zhongshu.rules.packfiles.context import Context
from zhongshu.rules.packfiles.document import Document, Problem

SHOWN = 3  # users named in a sentence


@dataclasses.dataclass(frozen=True)
class Removal:
    """place: of the pattern in the document's list `remove`."""

    document: Document
    place: int
    pattern: str


@dataclasses.dataclass(frozen=True)
class Loss:
    """user: the part that asks for the figure `key`, and whose it is."""

    removal: Removal
    user: str
    key: str


Gone = Mapping[str, Removal]  # by key of the figure that is not there


def removed(pack: Pack, contexts: Mapping[str, Context]) -> Gone:
    """The figures that amendments took away and that none brought back.

    contexts: by suffix of the amendment.
    """
    found: dict[str, Removal] = {}
    for amendment in pack.amendments:
        for key in amendment.removed if amendment.suffix in contexts else ():
            document = contexts[amendment.suffix].document
            for place, pattern in enumerate(document.content.get("remove", [])):
                if pack.get(key) is None and tighten.matches(key, pattern):
                    found.setdefault(key, Removal(document, place, pattern))
    return found


def loss(gone: Gone, fault: Fault, set_by: str) -> Loss | None:
    """The fault as one of a removal; None where it is none."""
    for section, key in fault.about:
        if section == FIGURES and key in gone and not fault.remark:
            return Loss(gone[key], f"{fault.section} > {fault.id} of {set_by}", key)
    return None


def split(gone: Gone, context: Context) -> tuple[tuple[Problem, ...], tuple[Loss, ...]]:
    """(complaints of the document itself, those it has only because another removed a figure)."""
    kept: list[Problem] = []
    losses: list[Loss] = []
    for problem in context.found:
        key = problem.key.removeprefix("figures > ")
        hits = [name for name in gone if name == key or name.startswith(f"{key}.")]
        other = hits and gone[hits[0]].document is not context.document
        if other and problem.what.startswith(figures.NO_SUCH):
            losses.append(Loss(gone[hits[0]], f"figures > {key} of {context.id}", hits[0]))
        else:
            kept.append(problem)
    return tuple(kept), tuple(losses)


def told(losses: Iterable[Loss]) -> Iterator[Problem]:
    """One sentence for each removal."""
    by_line: dict[tuple[str, int], list[Loss]] = {}
    for one in losses:
        by_line.setdefault((one.removal.document.file, one.removal.place), []).append(one)
    for some in by_line.values():
        removal = some[0].removal
        path = ("remove", str(removal.place))
        yield removal.document.problem(path, _sentence(removal, some))


def _sentence(removal: Removal, losses: list[Loss]) -> str:
    users = list(dict.fromkeys(one.user for one in losses))
    if len(users) == 1:
        return f"{users[0]} no longer works: there is no figure '{losses[0].key}'"
    more = f" and {len(users) - SHOWN} more" if len(users) > SHOWN else ""
    return f"without '{removal.pattern}' these no longer work: {', '.join(users[:SHOWN])}{more}"
