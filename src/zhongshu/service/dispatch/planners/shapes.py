"""What every planner of dispatch is asked and gives, whatever it plans."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.kernel.plan import Answer
from zhongshu.service.dispatch.planners.outlooks import Outlook
from zhongshu.service.kit.ground import Ground
from zhongshu.service.kit.text import Text
from zhongshu.service.units.facade import Unit

Row = dict[str, Any]
Cell = Literal[
    "text", "id", "number", "km", "persons", "moment", "date", "unit", "code", "flag", "flags"
]


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One thing the form asks for.  least, most: of numbers.  A plan: the number of a plan of
    `planner`.  default None: must be given when `required`, else it is left to the planner."""

    key: str
    kind: Literal["number", "choice", "moment", "flag", "plan"]
    default: Any = None
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    planner: str = ""
    required: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Word:
    """A dispatcher's word: `thing` (as the tables call it) must (pin) or must not (forbid) go to
    `to`."""

    word: Literal["pin", "forbid"]
    thing: str
    to: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """What went wrong at `at`: kinds as the planner's `events`."""

    kind: str
    thing: str
    at: dt.datetime
    to: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Ask:
    """ground: as of when, under which edition, the whole of the incident's tree.  unit: whose plan.
    form: values of all fields.  before: `Made.again` of the plan this one follows.  now: of the
    headquarters' clock.  plans: `Made.again` of the plans the form names, by field.
    placed: things that other approved plans of the planner look after.  own: (kind, code, pool) to
    the amount that the plan this one would replace has taken of the registry.
    coming: by store, goods and day of arrival, what other approved plans have ordered.
    brought: by drop of parcels, the days on which approved plans have brought it or will, and how
    many, the last first.
    outlook: what a what-if or the last daily run expects; None: neither has told.
    roads: metres and seconds between points; None: straight lines.
    iterations: of a search, in place of seconds, where the answer must be the same on any machine.
    """

    ground: Ground
    unit: Unit
    form: Mapping[str, Any]
    seed: int
    now: dt.datetime
    words: tuple[Word, ...] = ()
    events: tuple[Event, ...] = ()
    before: Mapping[str, Any] | None = None
    plans: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    own: Mapping[tuple[str, str, str], int] = dataclasses.field(default_factory=dict)
    coming: Mapping[tuple[str, str, dt.date], float] = dataclasses.field(default_factory=dict)
    brought: Mapping[str, Sequence[tuple[dt.date, int]]] = dataclasses.field(default_factory=dict)
    outlook: Outlook | None = None
    roads: Finder | None = None
    iterations: int | None = None

    def inside(self, path: str) -> bool:
        return path.startswith(self.unit.path)


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    key: str
    value: float
    unit: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    key: str
    kind: Cell
    unit: str = ""


@dataclasses.dataclass(frozen=True)
class Rows:
    """A table to be read; the first column of kind ``id`` is what words and events speak of."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the timeline.  kind: drive, board, handover, disinfect, open, duty ..."""

    lane: str
    kind: str
    begins: dt.datetime
    ends: dt.datetime
    label: str = ""
    id: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step of a job.  kind says which receipts it takes (``receipts.WHAT``).  thing: what it is
    about, as the plan's tables call it; persons: pseudonyms whom only the sheet names; facts: shown
    beside it."""

    kind: str
    at: dt.datetime
    label: Text
    ends: dt.datetime | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    thing: str = ""
    count: int = 0
    persons: tuple[int, ...] = ()
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class JobDraft:
    """kind: vehicle, site, store, point, hospital, team ...; code: which; unit: whose job."""

    kind: str
    code: str
    unit: str
    title: Text
    steps: tuple[Step, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Taking:
    """What approval takes of the registry: `amount` of the pool of thing (kind, code).

    opens: it stands in reserve and the plan's own job opens it by then.
    """

    kind: str
    code: str
    pool: str
    amount: int
    begins: dt.datetime
    ends: dt.datetime | None = None
    opens: bool = False


@dataclasses.dataclass(frozen=True)
class Made:
    """A plan that its validator found sound.

    tables: the first is shown first; what is unserved is added by the service.  features: GeoJSON.
    recipients: units that get a directive; jobs of other units hang under theirs.
    changed: of a re-plan, {"share": of the other things, "count"}.  again: JSON from which it can
    be planned again.
    """

    answer: Answer
    figures: tuple[Figure, ...]
    tables: Mapping[str, Rows]
    jobs: tuple[JobDraft, ...] = ()
    takings: tuple[Taking, ...] = ()
    features: Sequence[Row] = ()
    bars: Sequence[Bar] = ()
    changed: Mapping[str, float] | None = None
    again: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Planner(Protocol):
    """A module of this folder.  `make` refuses (BadInput, WrongState) in one sentence; a plan that
    its validator finds fault with is a fault (`planners.sound`)."""

    NAME: str
    FIELDS: tuple[Field, ...]
    WORDS: frozenset[str]
    EVENTS: frozenset[str]

    def counts(self, ask: Ask) -> Mapping[str, int]:
        """What there is now, shown beside the form."""
        ...

    def make(self, ask: Ask) -> Made: ...
