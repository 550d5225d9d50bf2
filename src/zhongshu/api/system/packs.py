"""Policy packs: what holds, with its rule, source and mark; what changed; what a rule says."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import View, here, needs
from zhongshu.api.shapes import Asked, Text
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import clocks, judge, model, reader
from zhongshu.rules.packfiles import diff, plain
from zhongshu.rules.permissions import Permission

router = Router(tags=["system"])
_EXPRESSION = "pure data: a literal, or an operator with its arguments"


class ResolvedFigure(Schema):
    """A figure where a part names it, with its value under this version."""

    key: str
    value: Any
    unit: str


class PackFigure(Schema):
    """verified false: recalled or our own design; the local command centre should confirm it.

    stricter: which of higher and lower is the stricter value, where a lower unit may tighten it;
    set_by: the pack, amendment or local overlay that set the value.
    """

    key: str
    title: Text
    value: Any
    unit: str
    rule_id: str
    mark: str = Field(description="V read in a source, R recalled, D our own design")
    verified: bool
    source: Text | None
    note: Text | None
    minimum: float | None
    maximum: float | None
    stricter: str | None
    set_by: str


class PackCondition(Schema):
    id: str
    text: Text
    when: Any = Field(description=_EXPRESSION)


class PackRelease(Schema):
    """One of the two is given."""

    all: list[PackCondition] | None = None
    any: list[PackCondition] | None = None


class PackRule(Schema):
    """of, when, then, release, escalate, priority: null where the rule is words only."""

    rule_id: str
    text: Text
    mark: str
    verified: bool
    source: list[Text]
    legal_basis: Text | None
    of: str | None
    when: Any = Field(description=_EXPRESSION)
    then: dict[str, Any] | None
    release: PackRelease | None
    escalate: str | None
    priority: int | None
    set_by: str


class PackPart(Schema):
    id: str
    name: Text
    rule_id: str
    set_by: str


class PackClock(PackPart):
    of: str
    when: Any = Field(description=_EXPRESSION)
    anchor: str
    stop: str | None
    length: ResolvedFigure | None
    due: str | None
    unit: str
    first_day: int
    top_up: bool
    owner: str
    escalate: str | None


class PackStage(Schema):
    place: str
    days: ResolvedFigure
    test_days: ResolvedFigure | None
    count_from: str
    sample: str | None
    pooled: bool
    double: bool | Literal["last"]
    by: str | None


class PackSchedule(PackPart):
    of: str
    when: Any = Field(description=_EXPRESSION)
    anchor: str
    first_day: int
    top_up: bool
    stages: list[PackStage]
    release: PackRelease | None


class ThresholdTest(Schema):
    at_least: ResolvedFigure | None = None
    at_least_pct: ResolvedFigure | None = None
    of_total: str | None = None
    on_each_of_days: ResolvedFigure | None = None
    where: Any = Field(default=None, description=_EXPRESSION)


class PackThreshold(PackPart):
    """One of `any` and `all` is given."""

    of: str
    where: Any = Field(description=_EXPRESSION)
    per: str
    site_kinds: list[str]
    distinct_by: str | None
    within_days: ResolvedFigure
    any: list[ThresholdTest] | None
    all: list[ThresholdTest] | None
    then: dict[str, Any]


class PackStep(Schema):
    step: str
    at_pct: ResolvedFigure
    levels_up: int


class PackEscalation(PackPart):
    """pack_id: the pack it stands in: this one, or the chain of command that its clocks name."""

    pack_id: str
    steps: list[PackStep]


class PackAmendment(Schema):
    """retroactive: people already under the old rule go over to the new one; jurisdiction: of a
    local overlay, else null."""

    id: str
    title: Text
    effective_from: dt.date
    transition: Text | None
    retroactive: bool
    jurisdiction: str | None


class PackBrief(Schema):
    """version: in force on the day of `as_of` at the unit asked for, null where none is."""

    id: str
    disease: str
    topic: str
    edition: Text
    effective_from: dt.date
    effective_to: dt.date | None
    jurisdiction: str
    version: str | None
    figures: int
    verified_figures: int
    in_force: bool


class Pack(Schema):
    id: str
    disease: str
    topic: str
    edition: Text
    effective_from: dt.date
    effective_note: Text | None
    effective_to: dt.date | None
    supersedes: str | None
    jurisdiction: str
    may_tighten: list[str]
    sources: list[Text]
    version: str
    versions: list[str] = Field(description="every version without overlays, the oldest first")
    amendments: list[PackAmendment]
    figures: list[PackFigure]
    rules: list[PackRule]
    clocks: list[PackClock]
    schedules: list[PackSchedule]
    thresholds: list[PackThreshold]
    escalations: list[PackEscalation]


class PackChange(Schema):
    section: str
    key: str
    what: str = Field(description="added, removed or changed")
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    rule_id: str


class PackDiff(Schema):
    changes: list[PackChange]


class AskedVersions(Schema):
    """Two versions, e.g. cn-covid-9 and cn-covid-9+20; `to` is one of this pack."""

    from_: str = Field(alias="from")
    to: str


class JudgeInput(Schema):
    """facts: of one subject, as in facts.yaml; `now` is the headquarters' clock if not given."""

    rule_id: str
    facts: dict[str, Any]
    as_of: dt.datetime | None = None


class Judgement(Schema):
    pack_id: str
    version: str
    digest: str
    rule_id: str
    subject: str
    facts: dict[str, Any]
    held: bool
    outcome: dict[str, Any]
    trace: dict[str, Any] = Field(
        description="op, value, held, unknown, fact, figure, parts: which conditions held, with "
        "which facts"
    )


@router.get("/packs", response=list[PackBrief])
@needs(Permission.PACK_READ)
def packs(request: HttpRequest, asked: Query[Asked]) -> object:
    """Every pack, with the version in force on the day of `as_of` at the unit asked for."""
    view = here(request).view(asked)
    day = beijing_day(view.as_of)
    holding = {pack.id: pack for pack in reader.all_applicable(day, _path(view))}
    shown = [holding.get(name) or reader.to_read(name, day) for name in reader.pack_ids()]
    return [_brief(pack, in_force=pack.id in holding) for pack in shown]


@router.get("/packs/{id}", response=Pack)
@needs(Permission.PACK_READ)
def pack(request: HttpRequest, id: str, asked: Query[Asked]) -> object:
    """The pack as in force on the day of `as_of` at the unit asked for, amendments and overlays
    merged; outside its dates as first issued or as it ended."""
    view = here(request).view(asked)
    day = beijing_day(view.as_of)
    one = reader.to_read(id, day, path=_path(view))
    command = reader.command(on=day, path=_path(view))
    return {
        "id": one.id,
        "disease": one.disease,
        "topic": one.topic,
        "edition": plain.words(one.edition),
        "effective_from": one.effective_from,
        "effective_note": plain.maybe(one.effective_note),
        "effective_to": one.effective_to,
        "supersedes": one.supersedes,
        "jurisdiction": one.jurisdiction,
        "may_tighten": list(one.may_tighten),
        "sources": [plain.words(source) for source in one.sources],
        "version": one.version,
        "versions": [version.version for version in reader.versions(id)],
        "amendments": [_amendment(amendment) for amendment in one.amendments],
        "figures": [_figure(figure) for figure in one.figures().values()],
        "rules": [plain.rule(rule) for rule in one.rules.values()],
        "clocks": [plain.clock(one, clock) for clock in one.clocks.values()],
        "schedules": [plain.schedule(one, part) for part in one.schedules.values()],
        "thresholds": [plain.threshold(one, part) for part in one.thresholds.values()],
        "escalations": [
            plain.escalation(source, part)
            for source, part in clocks.escalations(one, command=command)
        ],
    }


@router.get("/packs/{id}/diff", response=PackDiff)
@needs(Permission.PACK_READ)
def pack_diff(request: HttpRequest, id: str, asked: Query[AskedVersions]) -> object:
    """What differs between two versions, entry by entry; expressions and figures by key."""
    before, after = reader.load(asked.from_), reader.load(asked.to)
    if after.id != id:
        raise NotFound("packs.unknown", f"{asked.to} is no version of {id}.", pack_id=id)
    return {"changes": list(diff.changes(before, after))}


@router.post("/packs/{id}/judge", response=Judgement)
@needs(Permission.PACK_READ)
def judge_pack(request: HttpRequest, id: str, body: JudgeInput) -> object:
    """What a rule says of facts that are made up for the purpose; nothing is recorded."""
    moment = here(request).moment(Asked(as_of=body.as_of))
    one = reader.to_read(id, beijing_day(moment))
    facts = {"now": moment.isoformat(), **body.facts}
    return judge.judge(one, body.rule_id, facts).as_json()


def _path(view: View) -> str:
    (path,) = view.scope.paths
    return path


def _brief(one: model.Pack, *, in_force: bool) -> dict[str, Any]:
    figures = one.figures().values()
    return {
        "id": one.id,
        "disease": one.disease,
        "topic": one.topic,
        "edition": plain.words(one.edition),
        "effective_from": one.effective_from,
        "effective_to": one.effective_to,
        "jurisdiction": one.jurisdiction,
        "version": one.version if in_force else None,
        "figures": len(figures),
        "verified_figures": sum(figure.verified for figure in figures),
        "in_force": in_force,
    }


def _amendment(one: model.Amendment) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": plain.words(one.title),
        "effective_from": one.effective_from,
        "transition": plain.maybe(one.transition),
        "retroactive": one.retroactive,
        "jurisdiction": one.jurisdiction,
    }


def _figure(figure: model.Figure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "title": plain.words(figure.title),
        "value": figure.value,
        "unit": figure.unit,
        "rule_id": figure.rule_id,
        "mark": figure.mark.value,
        "verified": figure.verified,
        "source": plain.maybe(figure.source),
        "note": plain.maybe(figure.note),
        "minimum": figure.minimum,
        "maximum": figure.maximum,
        "stricter": figure.stricter,
        "set_by": figure.set_by,
    }
