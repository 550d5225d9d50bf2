"""Two pseudonyms of one person: flat whatever was merged with whom, and undone link by link."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.service import builders as b
from zhongshu.kernel.errors import BadInput, NotFound, Refused, WrongState
from zhongshu.service.people import facade as people
from zhongshu.service.people.merging import changed_since

pytestmark = pytest.mark.django_db
PEOPLE = range(1, 6)
HOW = {"reason": "synthetic", "actor": b.actor, "now": b.NOW}

step = st.tuples(
    st.sampled_from(["merge", "split"]), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)
)


class Twin:
    """Links as people named them; a root is found by walking."""

    def __init__(self) -> None:
        self.into: dict[int, int] = {}

    def root(self, person: int) -> int:
        while person in self.into:
            person = self.into[person]
        return person

    def do(self, what: str, one: int, other: int) -> bool:
        if what == "merge":
            if self.root(one) == self.root(other):
                return False
            self.into[self.root(other)] = one
            return True
        return self.into.pop(one, None) is not None


def registered() -> None:
    b.headquarters()
    b.register(*[b.person(n, n) for n in PEOPLE], homes=[b.household(n) for n in PEOPLE])


def do(what: str, one: int, other: int) -> None:
    how = HOW | {"actor": b.actor()}
    if what == "merge":
        people.merge(keep=b.pseudonym(one), other=b.pseudonym(other), **how)  # type: ignore[arg-type]
    else:
        people.split(person=b.pseudonym(one), **how)  # type: ignore[arg-type]


@settings(max_examples=40, phases=[Phase.generate])
@given(st.lists(step, max_size=12))
def test_the_table_is_flat_and_says_what_walking_the_links_says(
    steps: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        registered()
        twin, before = Twin(), 0
        for what, one, other in steps:
            was = {n: twin.root(n) for n in PEOPLE}
            if twin.do(what, one, other):
                do(what, one, other)
                moved, before = changed_since(before)
                other_root = {b.pseudonym(n) for n in PEOPLE if twin.root(n) != was[n]}
                assert other_root <= set(moved)
            else:
                with pytest.raises(WrongState), transaction.atomic():
                    do(what, one, other)
        rows = {row["person"]: row["canonical"] for row in people.aliases().to_pylist()}
        roots = {b.pseudonym(n): b.pseudonym(twin.root(n)) for n in PEOPLE}
        assert rows == {person: root for person, root in roots.items() if person != root}
        assert not set(rows) & set(rows.values())
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("one", "other", "reason", "refusal"),
    [
        (1, 1, "x", WrongState),
        (1, 77, "x", NotFound),
        (1, 2, "  ", BadInput),
    ],
)
def test_what_cannot_be_merged_is_refused(
    one: int, other: int, reason: str, refusal: type[Refused]
) -> None:
    registered()
    edition = people.edition()
    with pytest.raises(refusal):
        people.merge(
            keep=b.pseudonym(one),
            other=b.pseudonym(other),
            reason=reason,
            actor=b.actor(),
            now=b.NOW,
        )
    assert people.edition() == edition
    assert people.aliases().num_rows == 0
