"""Who lives with whom, and the ids of a question: dense ones, and own ones for people without a
scan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel.segments import Array, People


def expanded(starts: Array, counts: Array) -> tuple[Array, Array]:
    """(owner, position) of every element of ragged ranges [start, start + count)."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - np.repeat(before, counts) + np.repeat(starts, counts)


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

    def with_whom(self, persons: Array) -> tuple[Array, Array]:
        """(row of `persons`, pseudonym of somebody else in one of his households), each pair
        once."""
        row, at = _ranges(self.person, persons)
        home, found = _ranges(self.by_household, self.household[at])
        row, member = row[home], self.member[found]
        other = member != persons[row]
        pairs = np.unique(np.stack([row[other], member[other]]), axis=1)
        return pairs[0], pairs[1]


def _ranges(keys: Array, wanted: Array) -> tuple[Array, Array]:
    first = np.searchsorted(keys, wanted, "left")
    return expanded(first, np.searchsorted(keys, wanted, "right") - first)


class Names:
    """Ids of one question.  People the index knows have their dense id, others follow behind."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._late: dict[int, int] = {}

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
