"""The parts of a pack beside its figures: rules with logic, clocks, schedules, thresholds.

They hold no number: where one is meant, they name the figure that has it.  An expression is plain
data (see ``zhongshu.rules.expression``) and is never to be changed in place.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

Expression = Any  # JSON data: a literal, a list, or a mapping of one operator to its arguments


class Mark(enum.StrEnum):
    """How sure a rule or figure is; only `READ` counts as verified."""

    READ = "V"
    RECALLED = "R"
    DESIGN = "D"


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str


def joined(texts: Iterable[Text]) -> Text | None:
    """The texts in a row, each language with its own semicolon; None for none."""
    said = list(texts)
    if not said:
        return None
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """One of several conditions of a release, with its words."""

    id: str
    text: Text
    when: Expression


@dataclasses.dataclass(frozen=True, slots=True)
class Release:
    """mode: ``all`` or ``any`` of the conditions must hold."""

    mode: str
    conditions: tuple[Condition, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What follows where a rule or threshold holds; what is not meant is None.

    report, deadline: ids of clocks; propose: kind of proposal; until: expression that gives the
    end of it.
    """

    colour: str | None = None
    measure: str | None = None
    task: str | None = None
    report: str | None = None
    deadline: str | None = None
    propose: str | None = None
    grade: str | None = None
    level: str | None = None
    until: Expression = None
    note: Text | None = None

    def as_json(self) -> dict[str, Any]:
        """What is meant, by name; nothing that is None."""
        said = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        if self.note is not None:
            said["note"] = {"zh": self.note.zh, "en": self.note.en}
        return {name: value for name, value in said.items() if value is not None}


@dataclasses.dataclass(frozen=True, slots=True)
class Logic:
    """What a machine can apply of a rule.

    of: kind of subject whose facts it judges; when: expression over them, None where the rule has
    outcome or release only; escalate: id of an escalation; priority: higher wins.
    """

    of: str
    when: Expression
    then: Outcome
    release: Release | None
    escalate: str | None
    priority: int


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, to be shown wherever it was applied; logic None: words only.

    source: the sources in words; set_by: id of the pack or amendment that wrote it.
    """

    rule_id: str
    text: Text
    mark: Mark
    source: tuple[Text, ...] = ()
    legal_basis: Text | None = None
    logic: Logic | None = None
    set_by: str = ""

    @property
    def verified(self) -> bool:
        return self.mark is Mark.READ


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A time within which somebody must act.

    of: kind of subject; when: for which subjects (None: all); anchor, stop: facts of the subject
    that start and end it (stop None: it ends by itself when due); length: key of a figure in
    `unit`, or due: fact that says when it is due; unit: ``minute``, ``hour``,
    ``calendar_day`` (due at the end of the Beijing day that many after the anchor's),
    ``working_day`` (the same, counting working days) or ``day_number`` (end of the day that bears
    the number, the anchor's own day bearing `first_day`); top_up: days already served count;
    owner: ``unit`` or the level of the unit above that must act; escalate: id of an escalation.
    """

    id: str
    text: Text
    rule_id: str
    of: str
    when: Expression
    anchor: str
    stop: str | None
    length: str | None
    due: str | None
    unit: str
    first_day: int
    top_up: bool
    owner: str
    escalate: str | None
    set_by: str


@dataclasses.dataclass(frozen=True, slots=True)
class EscalationStep:
    """at_pct: key of the figure, per cent of the time between anchor and due."""

    step: str
    at_pct: str
    levels_up: int


@dataclasses.dataclass(frozen=True, slots=True)
class Escalation:
    id: str
    text: Text
    rule_id: str
    steps: tuple[EscalationStep, ...]
    set_by: str


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """Part of a schedule spent in one place.

    days, test_days: keys of figures (test_days None: no tests); count_from: ``schedule`` where
    the test days are numbered from the anchor, ``stage`` where the stage's first day is 1;
    pooled: samples may share a tube; double: two samples at a time, at every test of
    the stage or (``last``) at its last only; by: who does it.
    """

    place: str
    days: str
    test_days: str | None
    count_from: str
    sample: str | None
    pooled: bool
    double: bool | Literal["last"]
    by: str | None

    def doubles(self, number: float, *, of: Sequence[float]) -> bool:
        """Whether two samples are taken at the test `number` among the tests `of` the stage."""
        return bool(of) and number == max(of) if self.double == "last" else self.double


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """Days and tests of a measure, in stages.

    anchor: fact whose Beijing day bears `first_day`; top_up: days already served count; release:
    what must hold beside the days.
    """

    id: str
    text: Text
    rule_id: str
    of: str
    when: Expression
    anchor: str
    first_day: int
    top_up: bool
    stages: tuple[Stage, ...]
    release: Release | None
    set_by: str


@dataclasses.dataclass(frozen=True, slots=True)
class Criterion:
    """One way to reach a threshold; every name ending in a key is that of a figure.

    at_least: figure with the least count; at_least_pct: figure with the least share, in per cent
    of the column `of_total`; where: which of the rows count here; on_each_of_days: figure with
    the number of consecutive days that must each reach `at_least`.
    """

    at_least: str | None
    at_least_pct: str | None
    of_total: str | None
    where: Expression
    on_each_of_days: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Threshold:
    """So many of `of` in one group within sliding days.

    where: which rows count (None: all); per: grouping column; site_kinds: () for all;
    distinct_by: column whose different values are counted (None: rows, or their `count`);
    within_days: figure, window over the row's `day`; mode: ``any`` or ``all`` of the criteria.
    """

    id: str
    text: Text
    rule_id: str
    of: str
    where: Expression
    per: str
    site_kinds: tuple[str, ...]
    distinct_by: str | None
    within_days: str
    mode: str
    criteria: tuple[Criterion, ...]
    then: Outcome
    set_by: str


Part = Rule | Clock | Escalation | Schedule | Threshold
PartsById = Mapping[str, Part]
