"""Shapes of dispatch: plans, their tables, jobs and receipts."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from zhongshu.api.shapes import Asked, AskedList, Text, UnitRef


class PlansAsked(AskedList):
    planner: str = ""
    state: str = ""


class JobsAsked(AskedList):
    planner: str = ""
    state: str = Field(default="", description="a state of jobs, or open")
    plan: int | None = None


class PlanRowsAsked(Schema):
    after: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    text: str = Field(default="", max_length=60, description="rows that have it in any cell")


class DispatchFormAsked(Asked):
    planner: str


class FormField(Schema):
    """kind: number, choice, moment, flag, or plan (the number of a plan of `planner`)."""

    key: str
    kind: str
    default: Any = None
    least: float | None
    most: float | None
    choices: list[str]
    planner: str
    required: bool


class DispatchCount(Schema):
    key: str
    value: int


class DispatchForm(Schema):
    """counts: what there is now for such a plan."""

    planner: str
    unit: UnitRef
    fields: list[FormField]
    counts: list[DispatchCount]
    words: list[str]
    events: list[str]


class DispatchQuestion(Schema):
    planner: str
    unit: str = Field(description="division code within one's rights")
    title: str
    form: dict[str, Any] = Field(default_factory=dict)


class DispatchFigure(Schema):
    key: str
    value: float
    unit: str


class Changed(Schema):
    """Things that neither words nor events were about and that are planned otherwise now."""

    share: float
    count: float


class DispatchRefusal(Schema):
    code: str
    message: Text


class JobCount(Schema):
    total: int
    done: int


class PlanItem(Schema):
    """figures and the rest of the headline: of an answered plan."""

    id: int
    planner: str
    unit: UnitRef
    title: str
    state: str
    as_of: dt.datetime
    created_at: dt.datetime
    created_by: str
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    follows: int | None
    figures: list[DispatchFigure]
    gap: float | None
    seconds: float | None
    unserved: int | None
    changed: Changed | None
    refusal: DispatchRefusal | None
    proposal: int | None
    jobs: JobCount
    synthetic: bool


class PlanWord(Schema):
    """thing: as the tables of the plan call it; to: where it must (pin) or must not (forbid) go."""

    word: str
    thing: str
    to: str = ""


class PlanEvent(Schema):
    kind: str
    thing: str
    at: dt.datetime | None = None
    to: str = ""
    note: str = Field(default="", max_length=500)


class TableColumn(Schema):
    """kind: text, id, number, km, persons, moment, date, unit, code, flag or flags."""

    key: str
    kind: str
    unit: str


class PlanTable(Schema):
    key: str
    total: int
    columns: list[TableColumn]


class PlanBar(Schema):
    lane: str
    kind: str
    begins: dt.datetime
    ends: dt.datetime
    label: str
    id: str


class PlanAnswer(Schema):
    """gap: how far the value is from the proven bound, as a share; null without one.
    binding: amount left out by constraint.  card: what went in, to make the plan again."""

    planner: str
    value: float
    unit: str
    bound: float | None
    gap: float | None
    seconds: float
    seed: int | None
    unserved: int
    binding: dict[str, float]
    notes: list[str]
    card: dict[str, Any]


class PlanDetail(PlanItem):
    """features: GeoJSON; properties role, id, label, value.  Homes are told to a hundredth of a
    degree.  round: of testing, that its approval began.  may: what the asker may do with it now."""

    form: dict[str, Any]
    words: list[PlanWord]
    events: list[PlanEvent]
    answer: PlanAnswer | None
    tables: list[PlanTable]
    features: list[dict[str, Any]]
    bars: list[PlanBar]
    round: int | None
    may: list[str]


class PlanRow(Schema):
    """cells: by the keys of the table's columns."""

    no: int
    cells: dict[str, Any]


class AgainIn(Schema):
    words: list[PlanWord]


class EventsIn(Schema):
    events: list[PlanEvent]


class DispatchProposeIn(Schema):
    reason: str = Field(default="", max_length=500)


class DispatchProposed(Schema):
    proposal: int


class JobItem(Schema):
    """late: not over although its time is."""

    id: int
    plan: int
    planner: str
    kind: str
    code: str
    title: Text
    unit: UnitRef
    state: str
    starts_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    steps_total: int
    steps_done: int
    late: bool
    instead: int | None


class ReceiptItem(Schema):
    id: int
    step: int
    what: str
    at: dt.datetime
    told_at: dt.datetime
    by: str
    note: str


class JobStep(Schema):
    """may: what can be told of it now, the usual first; receipt: what was told last."""

    no: int
    kind: str
    at: dt.datetime
    ends: dt.datetime | None
    label: Text
    place: str
    lon: float | None
    lat: float | None
    count: int
    thing: str
    facts: dict[str, Any]
    receipt: ReceiptItem | None
    may: list[str]


class JobDetail(JobItem):
    steps: list[JobStep]
    receipts: list[ReceiptItem]


class StepReceiptIn(Schema):
    step: int
    what: str
    note: str = ""
    at: dt.datetime | None = None


class OpenEvent(Schema):
    """A receipt that asks for another plan.  kind: the event to plan again with."""

    id: int
    plan: int
    planner: str
    job: int
    job_title: Text
    unit: UnitRef
    kind: str
    thing: str
    at: dt.datetime
    note: str


class SheetAsked(Schema):
    lang: Literal["zh", "en"] = "zh"
