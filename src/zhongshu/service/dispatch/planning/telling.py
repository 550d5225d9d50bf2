"""What a proposal says of the answered plan that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.divisions import Level
from zhongshu.service.dispatch import selectors
from zhongshu.service.dispatch.models import DispatchPlan
from zhongshu.service.dispatch.planning.constraints import constraint
from zhongshu.service.dispatch.planning.words import FIGURES, UNITS, WORDS, say
from zhongshu.service.kit.text import Text, text
from zhongshu.service.units import facade as units

_SHOWN = 200
_LEAST_GAP = 0.0005  # a smaller one reads 0.0 %
_REASONS = 5  # constraints named in a proposal

Row = dict[str, Any]


def asked_for(plan: DispatchPlan) -> Row:
    """What a proposal says of the answered plan it asks for, as parts of a `periods.Draft`: what it
    costs, who gets a directive, its first table, and what a decision moves."""
    told: Row = plan.detail or {}
    kept: Row = plan.kept or {}
    subject: Row = {"dispatch": plan.pk}
    if plan.planner == "rooms":  # a room for them is the decision that they are isolated
        subject["contacts"] = sorted(map(int, kept["again"]["looked_after"]))
    return {
        "cost": _costs(plan, kept),
        "recipients": _recipients(kept),
        "detail": _shown(plan, told),
        "subject": subject,
    }


def _recipients(kept: Row) -> list[str]:
    """The counties, or units above them, whose jobs these are."""
    known = units.refs({job["unit"] for job in kept["jobs"]})
    found = set()
    for one in known.values():
        codes = one["path"].strip("/").split("/")
        found.add(codes[min(len(codes), Level.COUNTY) - 1])
    return sorted(found)


def explained(plan: DispatchPlan) -> list[Row]:
    """Reasons: what is served, how far from what is provable, who checked it, what binds."""
    told: Row = plan.detail or {}
    answer, headline = told["answer"], plan.headline or {}
    said = [_placed(headline["figures"], answer["unserved"]), _proven(answer), say("checked")]
    if by := (plan.kept or {})["again"].get("foretold_by"):
        label = WORDS["calibrated" if by["calibrated"] else "illustrative"]
        said.append(say("foretold_by", **by | {"label": label}))
    if answer["binding"]:
        said.append(say("binding", reasons=_listed(answer["binding"])))
    if headline["changed"] and plan.follows_id:
        said.append(say("changed", plan=plan.follows_id, **headline["changed"]))
    return [reason(plan, words) for words in said]


def _placed(figures: list[Row], unserved: int) -> Text:
    """Some planners count what they serve, others only what they leave out."""
    for one in figures:
        if one["key"] == "served":
            return say("served", served=f"{one['value']:,.0f}", unserved=unserved)
    return say("left_out", unserved=unserved) if unserved else say("all_in")


def _proven(answer: Row) -> Text:
    unit, gap = answer["unit"], answer["gap"]
    value = {"value": answer["value"], "unit": UNITS.get(unit, text(unit, unit))}
    if gap is None:
        return say("no_bound", **value)
    return say("gap", gap=gap, **value) if gap >= _LEAST_GAP else say("best", **value)


def reason(plan: DispatchPlan, words: Text) -> Row:
    return {"text": words, "rule_id": None, "facts": {"plan": plan.pk}}


def _listed(binding: Mapping[str, float]) -> Text:
    """The largest of them with their amounts."""
    largest = sorted(binding.items(), key=lambda one: (-one[1], one[0]))  # kept without an order
    first = [(constraint(code), amount) for code, amount in largest[:_REASONS]]
    return text(
        "、".join(f"{why['zh']} {amount:,.0f}" for why, amount in first),
        ", ".join(f"{why['en']} {amount:,.0f}" for why, amount in first),
    )


def _costs(plan: DispatchPlan, kept: Row) -> list[Row]:
    figures = (plan.headline or {})["figures"]
    lines = [
        _line(one["key"], FIGURES.get(one["key"]), one["value"], one["unit"]) for one in figures
    ]
    lines.append(_line("jobs", WORDS["jobs"], len(kept["jobs"]), ""))
    lines.append(_line("taken", WORDS["taken"], len(kept["takings"]), ""))
    return lines


def _line(key: str, label: Text | None, value: float, unit: str) -> Row:
    return {"key": key, "label": label or {"zh": key, "en": key}, "value": value, "unit": unit}


def _shown(plan: DispatchPlan, told: Row) -> Row | None:
    """The first rows of the first table."""
    table = told["tables"][0]
    rows = list(selectors.rows(plan, table["key"]).order_by("no")[:_SHOWN])
    keys = [one["key"] for one in table["columns"]]
    columns = [
        {"key": one["key"], "label": COLUMNS.get(one["key"], {"zh": one["key"], "en": one["key"]})}
        | ({"unit": one["unit"]} if one["unit"] else {})
        for one in table["columns"]
    ]
    shown = [{key: _cell(row.row.get(key)) for key in keys} for row in rows]
    return {"columns": columns, "rows": shown, "total": table["total"]}


def _cell(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


# Columns of the first tables, for the page of the proposal.
COLUMNS: Mapping[str, Text] = {
    "contact": {"zh": "密接", "en": "Contact"},
    "degree": {"zh": "级别", "en": "Degree"},
    "unit": {"zh": "单位", "en": "Unit"},
    "site": {"zh": "隔离点", "en": "Site"},
    "site_id": {"zh": "编号", "en": "Code"},
    "room": {"zh": "房间", "en": "Room"},
    "floor": {"zh": "楼层", "en": "Floor"},
    "distance": {"zh": "距离", "en": "Distance"},
    "flags": {"zh": "备注", "en": "Remarks"},
    "trip": {"zh": "车次", "en": "Trip"},
    "vehicle": {"zh": "车辆", "en": "Vehicle"},
    "depot": {"zh": "车场", "en": "Depot"},
    "cohort": {"zh": "人群", "en": "Cohort"},
    "stops": {"zh": "户数", "en": "Stops"},
    "persons": {"zh": "人数", "en": "Persons"},
    "leaves": {"zh": "发车", "en": "Leaves"},
    "arrives": {"zh": "到达", "en": "Arrives"},
    "clean": {"zh": "消毒完毕", "en": "Clean at"},
    "km": {"zh": "公里", "en": "Kilometres"},
    "staff": {"zh": "人员", "en": "Person"},
    "team": {"zh": "队伍", "en": "Team"},
    "skill": {"zh": "技能", "en": "Skill"},
    "need": {"zh": "岗位", "en": "Need"},
    "place": {"zh": "地点", "en": "Place"},
    "starts": {"zh": "开始", "en": "Starts"},
    "ends": {"zh": "结束", "en": "Ends"},
    "move": {"zh": "序号", "en": "Move"},
    "item": {"zh": "物资", "en": "Item"},
    "from": {"zh": "调出", "en": "From"},
    "from_store": {"zh": "调出编号", "en": "From code"},
    "to": {"zh": "调入", "en": "To"},
    "to_store": {"zh": "调入编号", "en": "To code"},
    "quantity": {"zh": "数量", "en": "Quantity"},
    "m3": {"zh": "立方米", "en": "Cubic metres"},
    "supplier_id": {"zh": "编号", "en": "Code"},
    "supplier": {"zh": "供货企业", "en": "Supplier"},
    "ordered_now": {"zh": "本次下达", "en": "Ordered now"},
    "last_arrives": {"zh": "最后到货", "en": "Last delivery"},
    "order_by": {"zh": "最迟下单日", "en": "Order by"},
    "days_left": {"zh": "剩余天数", "en": "Days left"},
    "runs_out": {"zh": "断供日", "en": "Runs out"},
    "yuan": {"zh": "金额", "en": "Cost"},
    "others": {"zh": "备选企业", "en": "Alternatives"},
    "due_on": {"zh": "应送日", "en": "Due on"},
    "drop": {"zh": "编号", "en": "Code"},
    "parcels": {"zh": "户数", "en": "Households"},
    "visit": {"zh": "户", "en": "Home"},
    "tubes_of": {"zh": "试管", "en": "Tube"},
    "due": {"zh": "复采时限", "en": "Due"},
    "late": {"zh": "超时", "en": "Late"},
    "result_due": {"zh": "结果时限", "en": "Result due"},
    "case": {"zh": "病例", "en": "Case"},
    "case_no": {"zh": "病例编号", "en": "Case number"},
    "severity": {"zh": "病情", "en": "Severity"},
    "needs": {"zh": "特殊需要", "en": "Needs"},
    "hospital": {"zh": "医院", "en": "Hospital"},
    "hospital_id": {"zh": "编号", "en": "Code"},
    "pool": {"zh": "床位种类", "en": "Pool"},
    "choice": {"zh": "第几选择", "en": "Choice"},
    "changed": {"zh": "有变动", "en": "Changed"},
    "point": {"zh": "采样点", "en": "Point"},
    "name": {"zh": "名称", "en": "Name"},
    "people": {"zh": "人数", "en": "People"},
    "desks": {"zh": "采样台", "en": "Desks"},
    "tubes": {"zh": "采样管", "en": "Tubes"},
    "opens": {"zh": "开放", "en": "Opens"},
    "closes": {"zh": "关闭", "en": "Closes"},
    "laboratory": {"zh": "实验室", "en": "Laboratory"},
    "tubes_at": {"zh": "样本送达", "en": "Tubes at the laboratory"},
}
