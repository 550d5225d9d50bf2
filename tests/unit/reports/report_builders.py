"""A day's facts, as a provincial headquarters might have them."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.connectors.reports.facts import (
    Decision,
    Feed,
    Figure,
    ListRef,
    Point,
    Proposal,
    Run,
    Signal,
    SituationFacts,
    Step,
    Text,
    Trend,
    Unit,
    Zone,
)
from zhongshu.kernel.feeds import FEEDS
from zhongshu.kernel.time import BEIJING

DAY = dt.date(2022, 11, 8)
AS_OF = dt.datetime(2022, 11, 8, 20, 0, tzinfo=BEIJING)
XIAODIAN = Unit("140105000000", "小店区")
VILLAGE = Unit("140105001001", "坞城街道许坦东街社区")
LONGEST = Unit("152522000000", "内蒙古自治区锡林郭勒盟阿巴嘎旗")

_FIGURES: dict[str, tuple[float | None, float | None, ListRef]] = {
    "cases_new": (37, 9, ListRef("cases", (("reported_from", "2022-11-08"),))),
    "cases_confirmed_total": (182, 30, ListRef("cases", (("category", "confirmed"),))),
    "cases_asymptomatic_total": (64, 7, ListRef("cases", (("category", "asymptomatic"),))),
    "contacts_close": (1_246, -18, ListRef("contacts", (("degree", 1),))),
    "contacts_second": (4_873, 211, ListRef("contacts", (("degree", 2),))),
    "contacts_in_isolation_needed": (1_107, 96, ListRef("contacts", (("state", "confirmed"),))),
    "signals_open": (4, 1, ListRef("signals", (("open", True),))),
    "zones_high": (11, 2, ListRef("zones", (("level", "high"),))),
    "zones_medium": (23, 0, ListRef("zones", (("level", "medium"),))),
    "residents_restricted": (61_204, 8_930, ListRef("zones", (("state", "active"),))),
    "rooms_free": (842, -77, ListRef("sites")),
    "beds_free": (None, None, ListRef("hospitals")),
    "proposals_waiting": (6, None, ListRef("proposals", (("state", "waiting"),))),
    "directives_overdue": (3, 1, ListRef("directives", (("overdue", True),))),
}
_NO_BEDS = Text("医院床位未报送", "the hospital-bed feed has not come")


def days(values: list[float | None], *, last: dt.date = DAY) -> tuple[Point, ...]:
    first = last - dt.timedelta(days=len(values) - 1)
    return tuple(Point(first + dt.timedelta(days=i), v) for i, v in enumerate(values))


def figures() -> tuple[Figure, ...]:
    made = []
    for key, (value, change, ref) in _FIGURES.items():
        series = days([None if value is None else value * (i + 2) / 15 for i in range(14)])
        why = _NO_BEDS if value is None else None
        made.append(Figure(key, value, change, ref, series, why))
    return tuple(made)


def trends() -> tuple[Trend, ...]:
    reported = days([2, 3, 1, 4, 6, 9, 8, None, 14, 17, 15, 22, 28, 37])
    rt = tuple(
        Point(p.date, m, m - 0.28, m + 0.33)
        for p, m in zip(days([0.0] * 8), (1.9, 1.8, 1.84, 1.7, 1.62, 1.51, 1.49, 1.42), strict=True)
    )
    rooms = tuple(
        Point(p.date, 900 + 90 * i, 820 + 60 * i, 1_010 + 130 * i)
        for i, p in enumerate(days([0.0] * 7, last=DAY + dt.timedelta(days=7)))
    )
    return (
        Trend("cases_by_report_date", reported),
        Trend("rt", rt),
        Trend("rooms_projected", rooms),
        Trend("fever_clinic", days([120, 118, 131, 125, 140, 152, 149, 160, 171, None, 168, 190])),
    )


def feeds() -> tuple[Feed, ...]:
    received = AS_OF - dt.timedelta(hours=3)
    return tuple(
        Feed(
            name,
            None if name == "hospital_beds" else received,
            None if name == "hospital_beds" else DAY,
            0 if name == "hospital_beds" else 10_000 * (i + 1),
            3 * i,
            late=name == "school_absences",
        )
        for i, name in enumerate(FEEDS)
    )


def proposals() -> tuple[Proposal, ...]:
    waits = Text("每迟1小时约多2名次密接", "about 2 more secondary contacts for each hour")
    return (
        Proposal(
            41,
            "isolate",
            Text("隔离小店区今日判定的密切接触者96人", "Isolate 96 close contacts in Xiaodian"),
            XIAODIAN,
            waits,
            "cn-covid-9",
        ),
        Proposal(
            42,
            "zone",
            Text("许坦东街社区划为高风险区", "Draw Xutan East Street as a high-risk area"),
            VILLAGE,
            waits,
            "cn-covid-9",
        ),
        Proposal(
            43,
            "test_round",
            Text("小店区开展第1轮区域核酸检测", "Test round 1 in Xiaodian"),
            LONGEST,
            None,
            "cn-covid-9",
        ),
    )


def zones(count: int = 3) -> tuple[Zone, ...]:
    levels = ("high", "medium", "low")
    return tuple(
        Zone(
            100 + i,
            XIAODIAN if i % 3 == 2 else VILLAGE,
            "county" if i % 3 == 2 else "risk_area",
            levels[i % 3],
            "proposed" if i == 1 else "active",
            DAY - dt.timedelta(days=i % 5),
            3_120 + i,
            18_720.0 + i,
            1 + i % 4,
            DAY + dt.timedelta(days=3),
            overdue=i == 1,
        )
        for i in range(count)
    )


def facts(**changes: object) -> SituationFacts:
    """A full day; `changes` replace fields."""
    run = Run(
        9,
        AS_OF,
        "partial",
        (Step("detect", "done", 0.8), Step("trace", "done", 11.24), Step("test", "failed", None)),
        "cn-covid-9",
        20221019,
        "8f1c9f6f2f0b6d1d1f2c",
    )
    signals = tuple(
        Signal(70 + i, XIAODIAN, stream, DAY, 61, 38.4, 3.6, grade, "raised")
        for i, (stream, grade) in enumerate(
            (("fever_clinic", "red"), ("pharmacy_sales", "orange"), ("school_absences", "yellow"))
        )
    )
    decision = Decision(
        38,
        Text("今日密切接触者转运计划", "Today's transfer plan for close contacts"),
        "approve",
        "",
        "王指挥",
        AS_OF - dt.timedelta(hours=2),
        10,
    )
    made = SituationFacts(
        period=DAY,
        as_of=AS_OF,
        scope=Unit("140000000000", "山西省"),
        incident=Text("山西省新冠疫情(演示)", "COVID-19 in Shanxi (demonstration)"),
        mode="emergency",
        level="II",
        synthetic=True,
        figures=figures(),
        trends=trends(),
        proposals=proposals(),
        decisions=(decision,),
        zones=zones(),
        signals=signals,
        feeds=feeds(),
        run=run,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]
