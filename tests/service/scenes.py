"""Whole situations for the API's tests: one jurisdiction, and what lies outside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.test import Client

from tests.service import builders as b
from zhongshu.rules import judge, reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.codes import facade as codes
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as dispatching
from zhongshu.service.drills.played import facade as drills
from zhongshu.service.findings import facade as findings
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.letters import facade as letters
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.signals import facade as signals
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.zones import facade as zones
from zhongshu.service.zones.planning import facade as planning

FOREIGN = "隔壁市"  # in every name of what lies outside; in no rule and no other text


@dataclasses.dataclass(frozen=True)
class Side:
    """One record of every kind, all in one city."""

    case: cases.Case
    contact: contacts.Contact
    signal: signals.Signal
    zone_id: int
    proposal: periods.Proposal
    directive: directives.Directive
    clock_id: int = 0
    notification_id: int = 0
    finding_id: int = 0
    code_id: int = 0
    decision_id: int = 0
    letter_id: int = 0
    break_id: int = 0


def clock_at(now: dt.datetime) -> None:
    """Make the headquarters' clock say `now`."""
    offset = now - dt.datetime.now(dt.UTC)
    incidents.set_clock(
        key="synthetic-shanxi", offset_s=round(offset.total_seconds()), actor=b.INTAKE, now=now
    )


def reports(code: str, village: str, mark: str = "") -> None:
    """One report of each kind of resource in a county; `mark` goes into every name."""
    where = {"county_code": code, "lon": 112.0, "lat": 37.0, "as_of": b.NOW - b.HOUR}
    key = f"{mark}{code}"
    hospital = {"hospital_id": key, "name": f"{mark}医院", "tier": "designated",
                "beds_total": 9, "beds_free": 3, "icu_total": 1, "icu_free": 0}  # fmt: skip
    room = {"site_id": key, "site_name": f"{mark}隔离点", "room_no": "101", "floor": 1,
            "capacity": 2, "state": "free"}  # fmt: skip
    van = {"vehicle_id": key, "kind": "van", "depot_name": f"{mark}车场", "seats": 7,
           "state": "ready"}  # fmt: skip
    stock = {"store_id": key, "store_name": f"{mark}仓库", "item": "n95", "unit": "只",
             "quantity": 10.0, "used_per_day": 2.0}  # fmt: skip
    lab = {"lab_id": key, "name": f"{mark}实验室", "tubes_per_day": 500}
    point = {"point_id": key, "name": f"{mark}采样点", "desks_max": 4, "village_code": village}
    resources.take_beds(b.feed("hospital_beds", hospital | where), b.NOW)
    resources.take_rooms(b.feed("isolation_rooms", room | where), b.NOW)
    resources.take_vehicles(b.feed("vehicles", van | where), b.NOW)
    resources.take_stocks(b.feed("stocks", stock | where), b.NOW)
    resources.take_labs(b.feed("laboratories", lab | where), b.NOW)
    resources.take_points(b.feed("sampling_points", point | where), b.NOW)


def priced(point: str, *yuan: float | None, county: str = b.COUNTY) -> None:
    """Prices of pork at a point on the days up to today, the last one today's."""
    rows = [
        {"point_id": point, "point_name": f"监测点{point}", "county_code": county, "item": "pork",
         "yuan": each, "lon": 112.5, "lat": 37.8, "as_of": b.NOW - (len(yuan) - 1 - n) * b.DAY}
        for n, each in enumerate(yuan)
    ]  # fmt: skip
    resources.take(feed="prices", table=b.feed("prices", *rows), known_at=b.NOW)


def reserved(code: str, mark: str = "") -> registry.Hold:
    """A hall of a county, turned to emergency use, some of it taken."""
    made = registry.enter(
        drafts=[
            registry.Draft(
                kind="site", code=f"hall{code}", name=f"{mark}体育馆", unit=code,
                capacity={"places": 5}, emergency={"places": 300},
            )
        ],
        scope=b.scope(), actor=b.actor(), now=b.NOW,
    )  # fmt: skip
    acted: Any = {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    registry.convert(unit=code, mode="emergency", of=["site"], why=f"{mark}启用", **acted)
    want = registry.Want(made[0].pk, "places", 6, b.NOW, note=f"{mark}一队")
    return registry.hold(wants=[want], holder="person", **acted)[0]


def courier(number: int) -> registry.Thing:
    """A car of the county that fetches tubes."""
    draft = registry.Draft(
        kind="courier", code=f"K{number}", name=f"收样车{number}", unit=b.COUNTY,
        capacity={"vehicle": 1}, lon=112.5, lat=37.8,
    )  # fmt: skip
    (made,) = registry.enter(drafts=[draft], scope=b.scope(), actor=b.actor(), now=b.NOW)
    return made


def round_of(code: str, mark: str = "") -> rounds.Round:
    """A round of a county whose points were reported, with one count of its first point."""
    acted: Any = {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    wish = rounds.Wish(
        code, f"{mark}第一轮", b.NOW - 2 * b.HOUR, b.NOW + 6 * b.HOUR, b.NOW + 12 * b.HOUR, 100
    )
    made = rounds.begin(wish=wish, **acted)
    point = made.points.order_by("code").first()
    assert point is not None
    told = [rounds.Count("k1", "sampled", point.code, 40, b.NOW - b.HOUR)]
    rounds.take(round_id=made.pk, told=told, **acted)
    return made


def zone_draft(unit: str, case: cases.Case, **given: Any) -> zones.ZoneDraft:
    facts: dict[str, Any] = {
        "unit": unit,
        "kind": "risk_area",
        "level": "high",
        "residents": 120,
        "households": 40,
        "person_days": 240.0,
        "evidence": {"cases": [{"id": case.pk, "case_no": case.case_no}]},
        "release": {"conditions": [], "earliest_on": "2022-11-15"},
        "rule_id": "Z9-1",
        "pack_version": "cn-covid-9",
        "since": dt.date(2022, 11, 7),
    }
    return zones.ZoneDraft(**(facts | given))


def side(serial: int, *, village: str, county: str, city: str, run: periods.Run) -> Side:
    """A case, resources, a proposal and a directive.  What a run finds as a whole (contacts,
    signals, zones) comes in `two_cities`."""
    mark = FOREIGN if city == b.OTHER_CITY else ""
    b.register(
        b.person(serial, serial, f"{mark}甲"),
        b.person(serial + 1, serial, f"{mark}乙"),
        homes=[b.household(serial, village)],
    )
    case = b.case(serial, village, case_no=f"{mark}C{serial}")
    reports(county, village, mark)
    proposal = periods.propose(
        run=run,
        draft=b.draft(f"{mark}zone", county, title={"zh": f"{mark}划区", "en": "Draw"}),
        now=run.as_of,
    )
    ordered = periods.propose(
        run=run,
        draft=b.draft(f"{mark}order", county, title={"zh": f"{mark}令", "en": "Order"}),
        now=run.as_of,
    )
    _, issued = periods.decide(
        proposal_id=ordered.pk,
        verdict=periods.Verdict("approve"),
        scope=b.scope(),
        actor=b.actor(),
        by_name="总指挥",
        now=run.as_of,
    )
    return Side(
        case=case,
        contact=contacts.Contact(),
        signal=signals.Signal(),
        zone_id=0,
        proposal=proposal,
        directive=issued[0],
    )


def two_cities() -> tuple[Side, Side]:
    """The same things in Taiyuan (inside) and in Datong (outside); one run knew them all."""
    b.headquarters()
    clock_at(b.NOW + b.HOUR)
    run = b.run()
    inside = side(1, village=b.VILLAGE, county=b.COUNTY, city=b.CITY, run=run)
    outside = side(51, village=b.OTHER_VILLAGE, county=b.OTHER_COUNTY, city=b.OTHER_CITY, run=run)
    b.trace_all({inside.case: [(2, 1)], outside.case: [(52, 1)]})
    ids = zones.upsert(
        drafts=[zone_draft(b.VILLAGE, inside.case), zone_draft(b.OTHER_VILLAGE, outside.case)],
        run_id=run.pk,
        as_of=run.as_of,
    )
    both = pa.concat_tables([b.signal_table(b.COUNTY), b.signal_table(b.OTHER_COUNTY)])
    signals.upsert(table=both, run_id=run.pk, as_of=run.as_of)
    found = [finding(b.VILLAGE, "1"), finding(b.OTHER_VILLAGE, "2", mark=FOREIGN)]
    findings.take(found=found, kinds=findings.Finding.Kind, run_id=run.pk, as_of=run.as_of)
    red(run, inside.case.person, outside.case.person)
    periods.finish_run(run=run, now=run.as_of)
    return (
        _finished(inside, ids[b.VILLAGE, "risk_area"]),
        _finished(outside, ids[b.OTHER_VILLAGE, "risk_area"]),
    )


def finding(unit: str, subject: str, *, mark: str = "", **given: Any) -> findings.Found:
    """A zone found open past its release; `mark` goes into every word."""
    pack = reader.load("cn-covid-9")
    judged = judge.judge(
        pack, "Z-END", {"releasable_on": dt.date(2022, 11, 5), "now": b.NOW, "ended_at": None}
    )
    facts: dict[str, Any] = {
        "kind": "measure_past_release",
        "subject": ("zone", subject),
        "label": {"zh": f"{mark}风险区", "en": "Area"},
        "text": {"zh": f"{mark}仍未解除", "en": "Still closed"},
        "unit": unit,
        "rule_id": judged.rule_id,
        "verified": True,
        "pack_version": pack.version,
        "since": dt.date(2022, 11, 5),
        "facts": {"residents": 120},
        "judgement": judged.stored(),
    }
    return findings.Found(**(facts | given))


def red(run: periods.Run, *persons: int) -> None:
    """Red codes by the rule of cases."""
    pack = reader.load("cn-covid-9")
    judged = judge.judge(pack, "HC-3-CASE", {"is_case": True, "now": run.as_of})
    rows = [
        {"person": person, "colour": "red", "rule_id": judged.rule_id, "verified": True,
         "until": None, "judgement": json.dumps(judged.stored())}
        for person in persons
    ]  # fmt: skip
    schema = pa.schema(
        [("person", pa.int64()), ("colour", pa.string()), ("rule_id", pa.string()),
         ("verified", pa.bool_()), ("until", pa.timestamp("s", "UTC")),
         ("judgement", pa.string())]
    )  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=schema)
    codes.take(table=table, pack_version=pack.version, run_id=run.pk, as_of=run.as_of)


def _finished(one: Side, zone_id: int) -> Side:
    contact = contacts.Contact.objects.get(case=one.case)
    signal = signals.Signal.objects.get(unit_id=one.proposal.unit_id)
    clock = clocks.Clock.objects.get(
        subject_kind="directive", subject_id=one.directive.pk, clock="directive-sign"
    )
    clocks.remind(
        clock_id=clock.pk, note=f"{one.case.case_no}", scope=b.scope(), actor=b.actor(), now=b.NOW
    )
    _asked(one)
    return dataclasses.replace(
        one,
        contact=contact,
        signal=signal,
        zone_id=zone_id,
        clock_id=clock.pk,
        notification_id=clock.notifications.get().pk,
        finding_id=findings.Finding.objects.get(unit_id=one.case.unit_id).pk,
        code_id=codes.Code.objects.get(person=one.case.person).pk,
        decision_id=periods.Decision.objects.get(proposal__unit=one.proposal.unit_id).pk,
        letter_id=_letter(one),
        break_id=_checks(one),
    )


def _checks(one: Side) -> int:
    """A break of a stream of the case's county, and a self-test there; the number of the break."""
    county = one.proposal.unit_id
    stream = {"unit": county, "stream": "fever_clinic", "day": b.NOW.date(), "reason": "新增门诊"}
    made = signals.mark_break(**stream, scope=b.scope(), actor=b.actor(), now=b.NOW)
    selftest(county)
    return made.pk


def selftest(county: str, **given: Any) -> signals.SelfTest:
    """A row of the register of self-tests, missed unless `given` says otherwise."""
    facts: dict[str, Any] = {
        "incident": incidents.current(),
        "unit_id": county,
        "unit_path": b.path(county),
        "week": dt.date(2022, 11, 7),
        "number": signals.SelfTest.objects.count() + 1,
        "at": b.NOW,
        "streams": ["fever_clinic"],
        "start": dt.date(2022, 10, 29),
        "days": 10,
        "size_sd": 5.0,
        "size": 30,
        "added": {"fever_clinic": [0, 1, 2, 6, 6, 5, 4, 3, 2, 1]},
        "found_after_days": None,
        "method": "C2",
        "seed": 1,
    }
    return signals.SelfTest.objects.create(**(facts | given))


def question(unit: str, **given: Any) -> dict[str, Any]:
    """Two options for a unit: nothing, and the unit locked."""
    lock = {"name": "lock", "areas": [{"units": [unit], "strictness": 0.9}]}
    asked = {"unit": unit, "title": "x", "days": 3, "runs": 20, "against": "nothing"}
    return asked | {"options": [{"name": "nothing"}, lock]} | given


def compared(unit: str, **given: Any) -> whatif.Comparison:
    """A question that waits for the worker."""
    return whatif.ask(
        question=whatif.Question(**question(unit, **given)),
        scope=b.scope(),
        as_of=b.NOW,
        actor=b.actor(),
        now=b.NOW,
    )


def wish(unit: str, **given: Any) -> dict[str, Any]:
    """A small drill of a unit."""
    figures = {"people": 5000, "days": 20, "r0": 4.0, "coverage": 0.85, "sensitivity": 0.9}
    return {"unit": unit, "title": "x", "imported": 8, "seed": 3} | figures | given


def choice(step: int, **given: Any) -> dict[str, Any]:
    """Nothing is done on the evening of that number."""
    nothing = {"degrees": [], "most": None, "areas": [], "round": False, "lock": False}
    return {"step": step} | nothing | given


def played(unit: str, **given: Any) -> drills.Drill:
    """A drill that the worker has still to prepare."""
    return drills.begin(
        wish=drills.Wish(**wish(unit, **given)), scope=b.scope(), actor=b.actor(), now=b.NOW
    )


EVENING: dict[str, Any] = {
    "day": 5, "date": "2022-11-19", "mark": "x", "villages": [], "contacts": [], "areas": [],
    "cases": [{"day": day, "community": 0, "isolated": 0} for day in range(6)],
    "round_due": True, "lock_due": True, "still": True,
    "so_far": {"person_days": 0, "tests": 0, "rounds": 0, "rooms": 0, "rooms_of": 10,
               "isolated": 0, "rejected": 0},
    "proposed": drills.Choice().as_json(),
}  # fmt: skip


def decided(drill: drills.Drill) -> None:
    """One evening shown and decided, without a worker and without a county."""
    drills.Drill.objects.filter(pk=drill.pk).update(state="waiting", evening=EVENING)
    drills.decide(
        drill_id=drill.pk, step=0, choice=drills.Choice(), scope=b.scope(), actor=b.actor(),
        now=b.NOW,
    )  # fmt: skip


def planned(county: str, *, now: dt.datetime = b.NOW, **wish: Any) -> int:
    """Zones at least cost, asked for by the county; the number of the record."""
    unit = units.get(county)
    pack = reader.load("cn-covid-9")
    lake = Path(settings.ZHONGSHU_LAKE)
    ground = planning.ground(unit=unit, scope=b.scope(), as_of=now, pack=pack, lake=lake)
    return planning.plan(
        ground=ground,
        wish=planning.Wish(**({"zones": 3} | wish)),
        pack=pack,
        actor=b.actor(county, "local_staff"),
        now=now,
        clock=lambda: 0.0,
    ).pk


def roomed(county: str, mark: str = "") -> dispatch.DispatchPlan:
    """An answered plan of rooms for the contacts of a county with one site and some rooms."""
    rooms = [
        {"site_id": f"{mark}{county}-2", "site_name": f"{mark}二号隔离点", "room_no": number,
         "floor": 2, "capacity": 2, "state": "free", "county_code": county, "lon": 112.5,
         "lat": 37.8, "as_of": b.NOW}
        for number in ("201", "202", "203", "204")
    ]  # fmt: skip
    resources.take_rooms(b.feed("isolation_rooms", *rooms), b.NOW)
    acted: Any = {"actor": b.actor(), "now": b.NOW}
    question = dispatching.Question("rooms", county, f"{mark}今晚")
    asked = dispatching.ask(question=question, scope=b.scope(), **acted)
    taken = dispatching.take_up(asked.pk, b.NOW)
    assert taken is not None
    made, kept = dispatching.compute(taken, b.NOW)
    dispatching.finish(taken, made, kept, b.NOW)
    return dispatch.get(taken.pk, b.scope())


def dispatched(county: str, mark: str = "") -> dispatch.Job:
    """The same, proposed, approved, and with a receipt of its first job."""
    plan = roomed(county, mark)
    acted: Any = {"scope": b.scope(), "actor": b.actor(), "now": b.NOW}
    proposed = dispatching.propose(plan_id=plan.pk, reason=f"{mark}急", **acted)
    assert proposed.proposal_id is not None
    periods.decide(
        proposal_id=proposed.proposal_id,
        verdict=periods.Verdict("approve"),
        by_name="总指挥",
        **acted,
    )
    job = dispatch.jobs(scope=b.scope(), plan=plan.pk).first()
    assert job is not None
    dispatch.tell(job_id=job.pk, told=dispatch.Told(1, "refused", f"{mark}不肯"), **acted)
    return dispatch.job(job.pk, b.scope())


def _asked(one: Side) -> None:
    """Where the case went, asked from his county."""
    unit = one.proposal.unit_id
    asking = tracing.Asking(
        actor=b.actor(unit, "data_team"),
        scope=b.scope(unit),
        purpose="investigation",
        note=one.case.case_no,
        as_of=b.NOW,
        now=b.NOW,
        pack=reader.load("cn-covid-9"),
    )
    times = {"begin": b.NOW - b.DAY, "end": b.NOW}
    tracing.timeline(asking, case_id=one.case.pk, contact_id=None, **times)


def _letter(one: Side) -> int:
    """A letter to the case's own county, signed for."""
    sent = {"scope": b.scope(), "now": b.NOW}
    (letter,) = letters.make(case_id=one.case.pk, note=one.case.case_no, actor=b.actor(), **sent)
    letters.answer(
        letter_id=letter.pk,
        action="receive",
        figures=letters.Figures(),
        note=one.case.case_no,
        actor=b.actor(letter.unit_id, "local_staff"),
        **sent,
    )
    return letter.pk


def signed_in(*posts: tuple[str, str], name: str = "somebody") -> Client:
    """A browser of a user with these posts."""
    client = Client()
    client.force_login(b.user(name, *posts), backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: Client, path: str, body: dict[str, Any], key: str = "k") -> Any:
    return client.post(
        f"/api/v1{path}", body, content_type="application/json", headers={"Idempotency-Key": key}
    )


def get(client: Client, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1{path}", query)
