"""Jobs as dispatch issues them, shown by what matters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhongshu.connectors.sheets.jobs import Opened, Person
from zhongshu.service.dispatch.facade import Job

NINE = dt.datetime(2022, 11, 8, 1, tzinfo=dt.UTC)  # 09:00 in Beijing
EIGHT_HOURS = dt.timedelta(hours=8)
WANG = Person("王秀英", "140121195001010021", "杏花岭区府东街 3 号 2 单元 401", "13800000001")
LI = Person("李明", "140121198001010018", "杏花岭区府东街 3 号 2 单元 401")


def step(no: int, kind: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    at = NINE + dt.timedelta(minutes=20 * (no - 1))
    empty: dict[str, Any] = {
        "ends": None, "place": "", "lon": None, "lat": None, "thing": str(no), "count": 0,
        "persons": [], "facts": {},
    }  # fmt: skip
    found = {"no": no, "kind": kind, "at": at.isoformat(), "label": {"zh": zh, "en": en}}
    return {**empty, **found, **more}


def job(kind: str, *steps: dict[str, Any], zh: str = "任务", en: str = "A job") -> Job:
    return Job(
        pk=41,
        planner="transfer",
        kind=kind,
        code="V-07",
        unit_id="140107000000",
        unit_path="140000000000/140100000000/140107000000",
        title={"zh": zh, "en": en},
        state="issued",
        starts_at=NINE,
        due_at=NINE + EIGHT_HOURS,
        issued_at=NINE,
        steps=list(steps),
        steps_total=len(steps),
    )


def drive() -> Opened:
    """Two trips: a couple and somebody no register knows, then a home known by its place only."""
    steps = (
        step(
            1,
            "stop",
            "第 12 户，2 人",
            "Home 12: 2 persons",
            count=2,
            persons=[1, 2],
            ends=(NINE + dt.timedelta(minutes=10)).isoformat(),
            facts={"trip": 1, "needs": ["assisted", "doctor"]},
        ),
        step(
            2,
            "stop",
            "第 13 户，1 人",
            "Home 13: 1 person",
            count=1,
            persons=[3],
            facts={"trip": 1, "needs": []},
        ),
        step(
            3,
            "site",
            "送达南站酒店，交接 3 人后消毒",
            "Hand over 3 persons at the South Station Hotel, then disinfect",
            place="南站酒店",
            count=3,
            facts={"trip": 1, "km": 12.5},
        ),
        step(
            4,
            "stop",
            "第 14 户，1 人",
            "Home 14: 1 person",
            count=1,
            lon=112.5678912,
            lat=37.8,
            facts={"trip": 2, "needs": []},
        ),
    )
    return Opened(
        job(
            "vehicle", *steps, zh="负压救护车 07：转运 4 人", en="Ambulance 07: 4 persons to bring"
        ),
        unit="杏花岭区",
        synthetic=True,
        persons={1: WANG, 2: LI},
        told={1: "boarded"},
    )
