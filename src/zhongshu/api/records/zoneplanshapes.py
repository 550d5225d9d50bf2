"""Shapes of the answers about planning zones."""

from __future__ import annotations

import datetime as dt

from ninja import Schema
from pydantic import Field

from zhongshu.api.shapes import CaseRef, Text, UnitRef


class Inside(Schema):
    """Residents and households registered; null: no register of this unit holds any."""

    people: int | None
    households: int | None
    special_needs: int | None
    shops: int | None
    clinics: int | None
    schools: int | None


class VillageInside(Inside):
    """person_days: of closing it until it is free again; risk: its share of the evidence."""

    person_days: float
    risk: float


class PlanVillage(Schema):
    """contacts: close contacts living there who are not kept apart; present: in force now."""

    code: str
    name: str
    present: bool
    contacts: int
    inside: VillageInside


class GroundVillage(PlanVillage):
    """lon, lat: mean of the homes."""

    lon: float | None
    lat: float | None


class ZoneGround(Schema):
    """evidence: homes and stays of recent cases here, what shares are of."""

    unit: UnitRef
    as_of: dt.datetime
    villages: list[GroundVillage]
    evidence: float
    unknown: list[str]
    largest_unit: str


class PlanCost(Schema):
    total: float
    person_days: float
    zones: float


class PassedMaximum(Schema):
    """zone: number of the zone, null for all of them."""

    name: str
    have: float
    limit: float
    zone: int | None


class ZoneOption(Schema):
    """A set of villages: areas, what they cover, cost and hold, and the maxima they pass."""

    key: str
    villages: list[str]
    areas: int
    share: float
    inside: Inside
    contacts: int
    cost: PlanCost
    opened: int
    freed: int
    passed: list[PassedMaximum]


class PlanWindow(Schema):
    """A stay of a case at a place of the zone."""

    place: str
    case_no: str
    from_: dt.datetime | None = Field(alias="from")
    to: dt.datetime | None


class DailyNeed(Schema):
    item: str
    amount: float


class PlanCondition(Schema):
    rule_id: str
    code: str
    text: Text
    met: bool
    due_on: dt.date | None


class PlanZone(Schema):
    """homes: cases living there.  releases_on: the next step down, if no case comes."""

    villages: list[PlanVillage]
    risk_share: float
    person_days: float
    cases: list[CaseRef]
    homes: int
    windows: list[PlanWindow]
    inside: Inside
    contacts: int
    daily: list[DailyNeed]
    conditions: list[PlanCondition]
    releases_on: dt.date


class PlanOption(ZoneOption):
    """overlap: residents closed in this and in the best / in either."""

    overlap: float
    zones: list[PlanZone]


class PricePoint(Schema):
    """per_cent_price: cost of each further per cent since the point before."""

    share: float
    covered: float
    zones: int
    people: int
    person_days: float
    cost: float
    per_cent_price: float | None


class PlanReach(Schema):
    """The share could not be covered: what was found, what no zoning exceeds, what stands in the
    way."""

    found: float
    at_most: float
    binding: list[str]


class AimsKept(Schema):
    share: float
    zones: int
    zone_cost: float
    people_per_zone: float | None
    people_total: float | None
    person_days: float | None


class ZonePlanItem(Schema):
    """Figures of the best option.  proposal_id: what of it was proposed, null: nothing."""

    id: int
    unit: UnitRef
    by: str
    at: dt.datetime
    as_of: dt.datetime
    asked: AimsKept
    areas: int
    share: float
    person_days: float
    gap: float | None
    proposal_id: int | None
    option: str
    pack_version: str


class PlanSpread(Schema):
    """Over the runs of the outbreak model; low and high bound 80 % of them."""

    mean: float
    low: float
    high: float


class PlanFree(Schema):
    """First day without any closed area: the middle run and the bounds of 80 %."""

    on: dt.date
    low: dt.date
    high: dt.date


class PlanKinds(Schema):
    """Person-days: residents of closed areas, at home, and in rooms or beds."""

    locked: PlanSpread
    home: PlanSpread
    central: PlanSpread


class PlanOutcome(Schema):
    """What the outbreak model says of one option over its whole period.

    fewer: infections less those with no zone, run by run; fewer_share: share of the runs with
    less.  no_case: chance that nobody is found in the community on `PlanSimulation.day`.
    still_closed: share of the runs with an area closed to the end, which `free` counts as freed
    there.
    """

    infections: PlanSpread
    fewer: PlanSpread | None
    fewer_share: float | None
    no_case: float | None
    person_days: PlanSpread
    kinds: PlanKinds
    free: PlanFree | None
    still_closed: float | None


class PlanZoneDays(Schema):
    """days: for which the model closes this zone; social_cost: its residents x strictness x days,
    the steps down by the edition."""

    days: PlanSpread
    social_cost: float


class PlanSimulated(PlanOutcome):
    """days: for which the model closes a resident; social_cost: residents x strictness x days,
    those at the high level from the model, summed over `zones`, which are in the order of the
    option's; empty in a simulation of an older version, which tells one figure for all.
    rank: 1 is the best by the model, reason: why.  over: with the model's days it passes the
    maximum of person-days asked for."""

    key: str
    rank: int
    days: float | None
    social_cost: float
    over: bool
    reason: Text
    zones: list[PlanZoneDays]


class PlanRefusal(Schema):
    code: str
    message: Text


class PlanSimulation(Schema):
    """The zonings and no zone in the outbreak model.

    state: queued, running, done, failed, withdrawn; none: there is no simulation.  refusal: why it
    failed or could not be asked.  unit: the county that is simulated.  label: illustrative or
    calibrated.  options: by rank, empty until it is done.  note: whether the cheapest zoning is
    still the cheapest with the model's days.
    """

    state: str
    refusal: PlanRefusal | None
    comparison_id: int | None
    unit: UnitRef | None
    runs: int | None
    days: int | None
    day: int
    asked_at: dt.datetime | None
    seconds: float | None
    label: str | None
    synthetic_population: bool | None
    cases: int | None
    without: PlanOutcome | None
    options: list[PlanSimulated]
    note: Text | None


class ZonePlanDetail(ZonePlanItem):
    """bound: no zoning within the aims costs less; null where none was computed."""

    options: list[PlanOption]
    curve: list[PricePoint]
    bound: float | None
    seconds: float
    seed: int
    reach: PlanReach | None
    unknown: list[str]
    largest_unit: str
    simulation: PlanSimulation
