"""A drill in hand: the synthetic county of its seed, stepped by the decisions taken so far.

Nothing here is kept on disk.  A worker that was killed makes the county again and takes the same
decisions; equal scenarios, seeds and decisions give equal drills, and `mark` proves it.
"""

from __future__ import annotations

import collections
import hashlib
import json
import threading
from collections.abc import Callable, Sequence

from zhongshu.engines.world.margins import Margins
from zhongshu.kernel.errors import Refused
from zhongshu.service.drills import loop
from zhongshu.service.drills.known import Known
from zhongshu.service.drills.loop import Evening, Outcome
from zhongshu.service.drills.model import ASKED, Case, Scenario
from zhongshu.service.drills.played import choices
from zhongshu.service.drills.played.choices import Choice

PERSON = "person"
KEPT = 3  # sittings in memory; one of 50,000 people takes 60 MB after twelve days


class Sitting:
    """evening: on which the next decision is due, None at the end; then `outcome` is there."""

    def __init__(self, scenario: Scenario, margins: Margins, *, seed: int) -> None:
        self.room = loop.prepare(scenario, margins, seed=seed)
        self.step = 0
        self.outcome: Outcome | None = None
        self.evening: Evening | None = None
        self._known: Known | None = None
        self._steps = loop.evenings(self.room, name=PERSON, asks=ASKED)
        self._on(lambda: next(self._steps))

    def known(self) -> list[Case]:
        """All cases that ever became known."""
        return [] if self._known is None else list(self._known.cases.values())

    def take(self, choice: Choice, *, marked: str) -> None:
        """One decision, taken on an evening with that mark.  Refuses one that knew otherwise."""
        if self.evening is None or mark(self.evening) != marked:
            raise changed()
        decision = choices.decision(choice, self.evening.proposals)
        self.step += 1
        self._on(lambda: self._steps.send(decision))

    def _on(self, following: Callable[[], Evening]) -> None:
        try:
            self.evening = following()
            self._known = self.evening.known
        except StopIteration as ended:
            self.evening, self.outcome = None, ended.value


def changed() -> Refused:
    return Refused(
        "drill.changed",
        "The programme has changed since this drill was begun, so its days cannot be repeated; "
        "begin a new one with the same seed.",
    )


def mark(evening: Evening) -> str:
    """Digest of what is known and proposed: different days have different marks."""
    shown, known = evening.proposals, evening.known
    cases = [(one.person, one.known_day, one.anchor_s) for one in known.cases.values()]
    contacts = [(one.person, one.degree, one.last_day) for one in shown.contacts.values()]
    text = json.dumps(
        [shown.day, sorted(cases), sorted(contacts), sorted(shown.areas), shown.places]
    )
    return hashlib.sha256(text.encode()).hexdigest()


class Sittings:
    """The drills in hand of one worker, by number; the longest untouched is given up first."""

    def __init__(self) -> None:
        self._held: collections.OrderedDict[int, Sitting] = collections.OrderedDict()
        self._lock = threading.Lock()

    def at(
        self,
        number: int,
        scenario: Scenario,
        margins: Margins,
        *,
        seed: int,
        taken: Sequence[tuple[Choice, str]],
    ) -> Sitting:
        """The drill after all decisions `taken`, each with its mark; from where it stands here, or
        from the first day."""
        with self._lock:
            sitting = self._held.pop(number, None)
        if sitting is None or sitting.step > len(taken):
            sitting = Sitting(scenario, margins, seed=seed)
        for choice, marked in taken[sitting.step :]:
            sitting.take(choice, marked=marked)
        with self._lock:
            self._held[number] = sitting
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return sitting

    def leave(self, number: int) -> None:
        with self._lock:
            self._held.pop(number, None)
