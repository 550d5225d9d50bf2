"""What a situation report says, before it is said in a language or a format.

All values are those of the registers as known at `SituationFacts.as_of`; nothing is computed
here.  Units of measure belong to the key of a figure or trend (see the message catalogues).
"""

from __future__ import annotations

import dataclasses
import datetime as dt

Scalar = str | int | bool


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """One statement in both languages."""

    zh: str
    en: str


@dataclasses.dataclass(frozen=True, slots=True)
class ListRef:
    """The list a figure counts: a route of the console and its filters."""

    route: str
    filters: tuple[tuple[str, Scalar], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """low and high: bounds of the 95 % interval, where there is one."""

    date: dt.date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """value is None exactly when `missing` says why; change is against yesterday."""

    key: str
    value: float | None
    change: float | None
    list: ListRef
    series: tuple[Point, ...] = ()
    missing: Text | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Trend:
    key: str
    points: tuple[Point, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    id: int
    kind: str
    title: Text
    unit: Unit
    waiting_cost: Text | None
    pack_version: str


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    proposal_id: int
    title: Text
    verdict: str
    reason: str
    by: str
    at: dt.datetime
    directives: int


@dataclasses.dataclass(frozen=True, slots=True)
class Zone:
    """kind: risk_area or county; state: proposed or active; person_days: restricted so far;
    cases: in its evidence."""

    id: int
    unit: Unit
    kind: str
    level: str
    state: str
    since: dt.date | None
    residents: int
    person_days: float
    cases: int
    release_on: dt.date | None
    overdue: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Signal:
    id: int
    unit: Unit
    stream: str
    date: dt.date
    observed: float
    expected: float | None
    z: float | None
    grade: str
    state: str


@dataclasses.dataclass(frozen=True, slots=True)
class Feed:
    """Completeness of one kind of feed; `late` is the register's judgement, not ours.

    rows = accepted and rejected; refused: whole files that could not be taken.
    """

    feed: str
    last_received_at: dt.datetime | None
    last_data_date: dt.date | None
    rows: int
    rejected: int
    late: bool
    refused: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: str
    seconds: float | None
    error: Text | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """The run of the cycle the proposals come from."""

    id: int
    as_of: dt.datetime
    state: str
    steps: tuple[Step, ...]
    pack_version: str
    seed: int | None
    inputs_hash: str


@dataclasses.dataclass(frozen=True, slots=True)
class SituationFacts:
    """One period of one incident, for one unit and everything below it.

    signals: those not yet settled; zones: those proposed or active; missing: what the report
    cannot say and why, beside what figures, feeds and steps say themselves.
    """

    period: dt.date
    as_of: dt.datetime
    scope: Unit
    incident: Text
    mode: str
    level: str
    synthetic: bool
    figures: tuple[Figure, ...]
    trends: tuple[Trend, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    zones: tuple[Zone, ...] = ()
    signals: tuple[Signal, ...] = ()
    feeds: tuple[Feed, ...] = ()
    run: Run | None = None
    missing: tuple[Text, ...] = ()
