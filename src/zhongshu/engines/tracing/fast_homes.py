"""Who lives with whom, who is the same person, and the ids of a question: dense ones, and own ones
for people without a scan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model, ragged
from zhongshu.engines.tracing.index import merged_of
from zhongshu.kernel.segments import Array, People


@dataclasses.dataclass(frozen=True)
class Homes:
    """Households both ways, by pseudonym, sorted; a person may belong to several."""

    person: Array
    household: Array
    by_household: Array  # sorted
    member: Array

    @classmethod
    def of(cls, households: pa.Table) -> Homes:
        table = model.checked(households, model.HOUSEHOLDS, "households").drop_null()
        person, household = table["person"].to_numpy(), table["household"].to_numpy()
        one, other = np.lexsort((household, person)), np.lexsort((person, household))
        return cls(person[one], household[one], household[other], person[other])

    def with_whom(self, persons: Array, mergers: Mergers) -> tuple[Array, Array]:
        """(row of `persons`, pseudonym of somebody else in one of his households), each pair
        once; all by canonical pseudonym."""
        whose, own = mergers.all_names(persons)
        row, at = ragged.ranges(self.person, own)
        home, found = ragged.ranges(self.by_household, self.household[at])
        row, member = whose[row[home]], mergers.canonical(self.member[found])
        other = member != persons[row]
        pairs = np.unique(np.stack([row[other], member[other]]), axis=1)
        return pairs[0], pairs[1]


@dataclasses.dataclass(frozen=True)
class Mergers:
    """Merged pseudonyms and what the index knows of them.

    alias, stands_for: sorted by alias; by_canonical, name: the same sorted by the canonical one.
    late: canonical pseudonyms the index has never met; they get the first ids behind its own.
    most: pseudonyms of the person who has most of them.
    """

    alias: Array
    stands_for: Array
    by_canonical: Array
    name: Array
    late: Array
    merged: Array
    most: int

    @classmethod
    def of(cls, aliases: pa.Table, people: People) -> Mergers:
        """aliases: model.ALIASES, checked."""
        alias, canonical = (aliases[name].to_numpy() for name in model.ALIASES.names)
        order, back = np.argsort(alias), np.lexsort((alias, canonical))
        heads, counts = np.unique(canonical, return_counts=True)
        head_ids = people.dense(heads)
        unknown = head_ids < 0
        head_ids[unknown] = len(people) + np.arange(int(unknown.sum()))
        alias_ids = people.dense(alias)
        scanned = alias_ids >= 0
        into = head_ids[np.searchsorted(heads, canonical)]
        return cls(
            alias[order],
            canonical[order],
            canonical[back],
            alias[back],
            heads[unknown],
            merged_of(alias_ids[scanned], into[scanned]),
            1 + int(counts.max(initial=0)),
        )

    def canonical(self, pseudonyms: Array) -> Array:
        if not len(self.alias):
            return pseudonyms
        at = np.minimum(np.searchsorted(self.alias, pseudonyms), len(self.alias) - 1)
        return np.where(self.alias[at] == pseudonyms, self.stands_for[at], pseudonyms)

    def all_names(self, persons: Array) -> tuple[Array, Array]:
        """(row of `persons`, one of his pseudonyms), for canonical persons."""
        row, at = ragged.ranges(self.by_canonical, persons)
        own = np.arange(len(persons))
        return np.concatenate([own, row]), np.concatenate([persons, self.name[at]])


class Names:
    """Ids of one question.  People the index knows have their dense id, others follow behind,
    first those `late` names."""

    def __init__(self, people: People, late: Array) -> None:
        self.people = people
        self._late = {int(name): len(people) + n for n, name in enumerate(late)}

    def __len__(self) -> int:
        return len(self.people) + len(self._late)

    def ids(self, pseudonyms: Array) -> Array:
        found = self.people.dense(pseudonyms)
        for at in np.flatnonzero(found < 0):
            name = int(pseudonyms[at])
            found[at] = self._late.setdefault(name, len(self.people) + len(self._late))
        return found

    def late(self) -> Array:
        """Pseudonyms of the ids behind the index's own."""
        return np.fromiter(self._late, np.int64, len(self._late))

    def pseudonyms(self, ids: Array) -> Array:
        known = len(self.people)
        late = ids >= known
        if not late.any():
            return self.people.pseudonyms(ids)
        out = np.empty(len(ids), np.int64)
        out[~late] = self.people.pseudonyms(ids[~late])
        out[late] = self.late()[ids[late] - known]
        return out
