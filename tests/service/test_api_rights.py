"""Every route, every role, a foreign record: refused, and nothing told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from ninja.operation import Operation

from tests.service import builders as b
from tests.service import scenes, tubed
from zhongshu.api.assembly import operations
from zhongshu.rules.permissions import GRANTS, Permission, Role
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.drills.played import facade as played
from zhongshu.service.people import facade as people
from zhongshu.service.people.models import AliasEvent
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.zones.planning import facade as planning

pytestmark = pytest.mark.django_db


def merged_elsewhere() -> int:
    """A merge of two people of the other city, made at the first call."""
    if not AliasEvent.objects.exists():
        keep, other = b.pseudonym(51), b.pseudonym(52)
        people.merge(keep=keep, other=other, reason=scenes.FOREIGN, actor=b.actor(), now=b.NOW)
    return AliasEvent.objects.get().pk


def planned_elsewhere() -> int:
    """Zones planned in the other city, at the first call."""
    found = planning.listed(scope=b.scope(), as_of=b.NOW).first()
    return found.pk if found else scenes.planned(b.OTHER_COUNTY)


def compared_elsewhere() -> int:
    """Options compared in the other city, at the first call."""
    found = whatif.listed(scope=b.scope()).first()
    return found.pk if found else scenes.compared(b.OTHER_COUNTY, title=scenes.FOREIGN).pk


def played_elsewhere() -> int:
    """A drill played in the other city, at the first call."""
    found = played.listed(scope=b.scope()).first()
    return found.pk if found else scenes.played(b.OTHER_COUNTY, title=scenes.FOREIGN).pk


def reserved_elsewhere() -> registry.Hold:
    """A hall of the other city, turned to emergency use, at the first call."""
    found = registry.Hold.objects.select_related("thing").filter(holder="person").first()
    return found or scenes.reserved(b.OTHER_COUNTY, scenes.FOREIGN)


def turned_elsewhere() -> int:
    """The number of that turn."""
    reserved_elsewhere()
    return registry.Conversion.objects.get().pk


def round_elsewhere() -> int:
    """A round of the other city, held at the first call."""
    found = rounds.listed(scope=b.scope(), as_of=b.NOW).first()
    return found.pk if found else scenes.round_of(b.OTHER_COUNTY, scenes.FOREIGN).pk


def tube_elsewhere() -> int:
    """A positive tube of the other city, told at the first call."""
    found = rounds.Tube.objects.first()
    return (found or tubed.positive(b.OTHER_VILLAGE, scenes.FOREIGN)).pk


def job_elsewhere() -> int:
    """A job of the other city, by a plan, with a receipt, held at the first call."""
    found = dispatch.jobs(scope=b.scope()).first()
    return found.pk if found else scenes.dispatched(b.OTHER_COUNTY, scenes.FOREIGN).pk


def plan_elsewhere() -> int:
    return dispatch.job(job_elsewhere(), b.scope()).plan_id


# Routes to one record: how to name the record of the other side.
RECORD = {
    "/units/{code}": lambda side: b.OTHER_COUNTY,
    "/units/{code}/children": lambda side: b.OTHER_COUNTY,
    "/proposals/{id}": lambda side: side.proposal.pk,
    "/proposals/{id}/decision": lambda side: side.proposal.pk,
    "/directives/{id}": lambda side: side.directive.pk,
    "/directives/{id}/receive": lambda side: side.directive.pk,
    "/directives/{id}/sign": lambda side: side.directive.pk,
    "/directives/{id}/report": lambda side: side.directive.pk,
    "/directives/{id}/close": lambda side: side.directive.pk,
    "/directives/{id}/forward": lambda side: side.directive.pk,
    "/cases/{id}": lambda side: side.case.pk,
    "/cases/{id}/contacts": lambda side: side.case.pk,
    "/cases/{id}/identity": lambda side: side.case.pk,
    "/cases/{id}/trace": lambda side: side.case.pk,
    "/cases/{id}/changes": lambda side: side.case.pk,
    "/cases/{id}/chains": lambda side: side.case.pk,
    "/cases/{id}/letters": lambda side: side.case.pk,
    "/contacts/{id}": lambda side: side.contact.pk,
    "/contacts/{id}/decision": lambda side: side.contact.pk,
    "/letters/{id}": lambda side: side.letter_id,
    "/letters/{id}/file": lambda side: side.letter_id,
    "/letters/{id}/receipt": lambda side: side.letter_id,
    "/persons/merges/{id}/split": lambda side: merged_elsewhere(),
    "/signals/breaks/{id}/remove": lambda side: side.break_id,
    "/signals/{id}": lambda side: side.signal.pk,
    "/signals/{id}/history": lambda side: side.signal.pk,
    "/signals/{id}/take": lambda side: side.signal.pk,
    "/signals/{id}/verify": lambda side: side.signal.pk,
    "/signals/{id}/check": lambda side: side.signal.pk,
    "/signals/{id}/assess": lambda side: side.signal.pk,
    "/signals/{id}/declare_event": lambda side: side.signal.pk,
    "/signals/{id}/dismiss": lambda side: side.signal.pk,
    "/signals/{id}/reopen": lambda side: side.signal.pk,
    "/signals/{id}/snooze": lambda side: side.signal.pk,
    "/signals/{id}/wake": lambda side: side.signal.pk,
    "/zones/{id}": lambda side: side.zone_id,
    "/zones/plans/{id}": lambda side: planned_elsewhere(),
    "/zones/plans/{id}/proposal": lambda side: planned_elsewhere(),
    "/whatif/{id}": lambda side: compared_elsewhere(),
    "/whatif/{id}/withdraw": lambda side: compared_elsewhere(),
    "/whatif/{id}/propose": lambda side: compared_elsewhere(),
    "/dispatch/plans/{id}": lambda side: plan_elsewhere(),
    "/dispatch/plans/{id}/rows/{table}": lambda side: plan_elsewhere(),
    "/dispatch/plans/{id}/again": lambda side: plan_elsewhere(),
    "/dispatch/plans/{id}/events": lambda side: plan_elsewhere(),
    "/dispatch/plans/{id}/withdraw": lambda side: plan_elsewhere(),
    "/dispatch/plans/{id}/propose": lambda side: plan_elsewhere(),
    "/dispatch/jobs/{id}": lambda side: job_elsewhere(),
    "/dispatch/jobs/{id}/sheet": lambda side: job_elsewhere(),
    "/dispatch/jobs/{id}/receipts": lambda side: job_elsewhere(),
    "/drills/{id}": lambda side: played_elsewhere(),
    "/drills/{id}/decide": lambda side: played_elsewhere(),
    "/drills/{id}/abandon": lambda side: played_elsewhere(),
    "/resources/things/{id}": lambda side: reserved_elsewhere().thing_id,
    "/resources/things/{id}/state": lambda side: reserved_elsewhere().thing_id,
    "/resources/things/{id}/holds": lambda side: reserved_elsewhere().thing_id,
    "/resources/things/{id}/release": lambda side: reserved_elsewhere().thing_id,
    "/resources/conversions/{id}/reverse": lambda side: turned_elsewhere(),
    "/rounds/{id}": lambda side: round_elsewhere(),
    "/rounds/{id}/points": lambda side: round_elsewhere(),
    "/rounds/{id}/counts": lambda side: round_elsewhere(),
    "/rounds/{id}/file": lambda side: round_elsewhere(),
    "/rounds/{id}/close": lambda side: round_elsewhere(),
    "/rounds/{id}/publish": lambda side: round_elsewhere(),
    "/tubes/{id}": lambda side: tube_elsewhere(),
    "/tubes/{id}/members": lambda side: tube_elsewhere(),
    "/clocks/{id}": lambda side: side.clock_id,
    "/clocks/{id}/remind": lambda side: side.clock_id,
    "/clocks/{id}/waive": lambda side: side.clock_id,
    "/findings/{id}": lambda side: side.finding_id,
    "/codes/{id}": lambda side: side.code_id,
    "/decisions/{id}/explain": lambda side: side.decision_id,
    "/notifications/{id}/read": lambda side: side.notification_id,
}
# Routes that make something new in a unit named in the body.
ASKED_OF_A_UNIT = {
    "/users", "/whatif", "/drills", "/resources/conversions", "/rounds", "/dispatch/plans",
    "/resources/things",
}  # fmt: skip
# Routes to what is the same for the whole headquarters; permission alone guards these.
SHARED = {
    "/map/boundaries/{layer}": "shanxi_counties",
    "/runs/{id}": 0,
    "/feeds/{id}/repair": 0,
    "/packs/{id}": "cn-covid-9",
    "/packs/{id}/diff": "cn-covid-9",
    "/packs/{id}/judge": "cn-covid-9",
    "/reports/{period}/{lang}.{format}": "2022-11-08",
}
QUERY: dict[str, dict[str, str]] = {
    "/units": {"q": scenes.FOREIGN},
    "/tracing/places": {"q": scenes.FOREIGN},
    "/dispatch/form": {"planner": "rooms"},
    "/zones/ground": {"unit": b.OTHER_COUNTY},
    "/packs/{id}/diff": {"from": "cn-covid-9", "to": "cn-covid-9+20"},
}
ASKED: dict[str, Any] = {
    "purpose": "investigation",
    "note": "x",
    "from": "2022-11-07T08:00:00+08:00",
    "to": "2022-11-07T09:00:00+08:00",
}
BODY: dict[str, dict[str, Any]] = {
    "/packs/{id}/judge": {"rule_id": "none", "facts": {}},
    "/proposals/{id}/decision": {"verdict": "reject", "reason": "x"},
    "/directives/{id}/report": {"text": "x"},
    "/directives/{id}/forward": {"to_units": [b.OTHER_TOWNSHIP]},
    "/cases/{id}/identity": {"purpose": "investigation"},
    "/contacts/{id}/decision": {"action": "confirm"},
    "/contacts": {
        "case_id": 0,
        "id_no": b.id_no(52),
        "kind": "living",
        "from": "2022-11-07T08:00:00+08:00",
        "to": "2022-11-07T09:00:00+08:00",
    },
    "/persons/merge": {"keep": b.id_no(51), "other": b.id_no(52), "reason": "x"},
    "/persons/pair": {"keep": b.id_no(51), "other": b.id_no(52)},
    "/persons/merges/{id}/split": {"reason": "x"},
    "/persons/split": {"person": b.id_no(51), "reason": "x"},
    "/zones/price": {"unit": b.OTHER_COUNTY},
    "/zones/plans": {"unit": b.OTHER_COUNTY},
    "/whatif": scenes.question(b.OTHER_COUNTY),
    "/whatif/{id}/propose": {"option": "x"},
    "/dispatch/plans": {"planner": "rooms", "unit": b.OTHER_COUNTY, "title": "x"},
    "/dispatch/plans/{id}/again": {"words": [{"word": "pin", "thing": "1", "to": "x"}]},
    "/dispatch/plans/{id}/events": {"events": [{"kind": "site_full", "thing": "x"}]},
    "/dispatch/plans/{id}/propose": {},
    "/dispatch/jobs/{id}/receipts": {"step": 1, "what": "arrived"},
    "/drills": scenes.wish(b.OTHER_COUNTY),
    "/drills/{id}/decide": scenes.choice(0),
    "/zones/plans/{id}/proposal": {"option": "best"},
    "/letters/{id}/receipt": {"action": "received"},
    "/resources/things": {
        "kind": "site",
        "code": "x",
        "name": "x",
        "unit": b.OTHER_COUNTY,
        "capacity": {"places": 1},
    },
    "/resources/things/{id}/state": {"state": "closed", "why": "x"},
    "/resources/things/{id}/holds": {
        "pool": "places",
        "amount": 1,
        "begins": "2022-11-08T21:00:00+08:00",
    },
    "/resources/things/{id}/release": {"holds": [0]},
    "/resources/conversions": {
        "unit": b.OTHER_COUNTY,
        "mode": "ordinary",
        "kinds": ["site"],
        "why": "x",
    },
    "/resources/conversions/{id}/reverse": {"why": "x"},
    "/rounds": {
        "unit": b.OTHER_COUNTY,
        "title": "x",
        "opens_at": "2022-11-08T06:00:00+08:00",
        "closes_at": "2022-11-08T18:00:00+08:00",
        "due_at": "2022-11-09T06:00:00+08:00",
    },
    "/rounds/{id}/publish": {"published": True},
    "/rounds/{id}/counts": {"counts": []},
    "/rounds/{id}/file": {"csv": "key,what,point,laboratory,n,at\n"},
    "/signals/breaks": {"unit": b.OTHER_COUNTY, "day": "2022-11-01", "reason": "x"},
    "/signals/breaks/{id}/remove": {"reason": "x"},
    "/signals/{id}/check": {"reason": "x"},
    "/signals/{id}/assess": {"reason": "x", "risk": "low"},
    "/signals/{id}/dismiss": {"reason": "x"},
    "/signals/{id}/reopen": {"reason": "x"},
    "/signals/{id}/snooze": {"reason": "x", "until": "2022-11-10T08:00:00+08:00"},
    "/signals/triage": {"ids": [0], "action": "take"},
    "/clocks/{id}/waive": {"reason": "duplicate", "note": "x"},
    "/tracing/venue": ASKED | {"place_id": "elsewhere"},
    "/tracing/timeline": ASKED | {"case_id": 0},
    "/tracing/common": ASKED | {"case_ids": [0, 1]},
    "/tracing/companions": ASKED | {"case_id": 0},
    "/users": {
        "username": "new",
        "display_name": "新人",
        "posts": [{"unit": b.OTHER_COUNTY, "role": "local_staff"}],
    },
}


def guarded() -> Iterator[tuple[str, str, Operation]]:
    for path, operation in operations():
        if hasattr(operation.view_func, "permission"):
            for method in operation.methods:
                yield method, path, operation


def ask(client: Client, method: str, path: str, side: scenes.Side, **query: Any) -> Any:
    template = path
    if path in RECORD:
        value = RECORD[path](side)
        path = path.replace("{id}", str(value)).replace("{code}", str(value))
        path = path.replace("{table}", "rooms")
    elif path in SHARED:
        named = {"lang": "zh", "format": "html"}
        named |= dict.fromkeys(("layer", "id", "period"), SHARED[path])
        for name, value in named.items():
            path = path.replace(f"{{{name}}}", str(value))
    if method == "GET":
        return scenes.get(client, path, **QUERY.get(template, {}), **query)
    return scenes.post(client, path, BODY.get(template, {}), key=f"{method}{path}")


def test_every_route_to_a_record_is_known_to_this_test() -> None:
    named = {path for _, path, _ in guarded() if "{" in path}
    assert named == set(RECORD) | set(SHARED)


def test_every_operation_names_a_permission_or_says_whom_it_is_open_to() -> None:
    open_to = {
        path: operation.view_func.open_to
        for path, operation in operations()
        if not hasattr(operation.view_func, "permission")
    }
    assert open_to == {
        "/session": "signed_in",
        "/session/password": "signed_in",
        "/health": "anyone",
        "/public/points": "anyone",
    }


def test_nobody_gets_in_without_signing_in() -> None:
    _, outside = scenes.two_cities()
    for method, path, _ in guarded():
        answer = ask(Client(), method, path, outside)
        assert (answer.status_code, answer.json()["code"]) == (401, "session.none"), path


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_only_what_it_may_and_nothing_of_the_other_city(role: Role) -> None:
    _, outside = scenes.two_cities()
    client = scenes.signed_in((b.CITY, role.value))
    for method, path, operation in guarded():
        permission = operation.view_func.permission
        answer = ask(client, method, path, outside)
        told = answer.content.decode() if not answer.streaming else ""
        assert scenes.FOREIGN not in told, (method, path)
        assert "99000019900101051X" not in told, (method, path)
        if permission not in GRANTS[role]:
            assert answer.status_code == 403, (method, path)
            assert answer.json()["code"] == "permissions.missing"
        elif path in RECORD or (path in ASKED_OF_A_UNIT and method == "POST"):
            assert answer.status_code == 404, (method, path, told)
        else:
            assert answer.status_code in (200, 404), (method, path, told)


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.VILLAGE_CLERK, Role.LOCAL_STAFF])
def test_asking_for_another_scope_looks_like_asking_for_one_that_is_not_there(role: Role) -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, role.value))
    for path in (
        "/situation",
        "/map/layers",
        "/cases",
        "/contacts",
        "/letters",
        "/zones",
        "/zones/plans",
        "/directives",
        "/clocks/wall",
        "/clocks",
    ):
        outside = scenes.get(client, path, scope=b.OTHER_CITY)
        nowhere = scenes.get(client, path, scope="999999999999")
        assert outside.status_code == nowhere.status_code == 404, path
        assert outside.json()["code"] == nowhere.json()["code"]


def test_a_village_clerk_sees_only_his_village() -> None:
    scenes.two_cities()
    b.register(b.person(9, 9), homes=[b.household(9, b.VILLAGE_2)])
    b.case(9, b.VILLAGE_2)
    client = scenes.signed_in((b.VILLAGE, "village_clerk"))
    listed = scenes.get(client, "/cases").json()["items"]
    assert [one["unit"]["code"] for one in listed] == [b.VILLAGE]
    figures = {f["key"]: f["value"] for f in scenes.get(client, "/situation").json()["figures"]}
    assert figures["cases_confirmed_total"] == 1


def test_a_permission_counts_only_where_it_is_held() -> None:
    """An auditor of the province who is a clerk of one village sees cases of the village only."""
    scenes.two_cities()
    client = scenes.signed_in((b.PROVINCE, "auditor"), (b.VILLAGE, "village_clerk"))
    assert len(scenes.get(client, "/cases").json()["items"]) == 1
    assert scenes.get(client, "/cases", scope=b.CITY).status_code == 404


def test_permissions_are_those_of_the_table() -> None:
    scenes.two_cities()
    client = scenes.signed_in((b.CITY, "epidemiologist"))
    told = scenes.get(client, "/session").json()["permissions"]
    assert told == sorted(permission.value for permission in GRANTS[Role.EPIDEMIOLOGIST])
    assert Permission.PROPOSAL_DECIDE.value not in told
