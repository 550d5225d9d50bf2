"""What stands on the sheet of a letter: a head of label and value, and a table.

In Chinese: it goes to people, not to a program.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.kernel.time import beijing
from zhongshu.service.letters import facade as letters

Cell = str | int

TITLE = {"help": "协查函", "local": "县内密接通报"}
CHANGE = {"new": "新增", "changed": "更新", "dropped": "撤销"}
DEGREE = {1: "密切接触者", 2: "次密切接触者"}
KIND = {
    "living": "同住",
    "care": "诊疗护理陪护",
    "aerosol": "产生气溶胶操作",
    "work_study": "同工作学习",
    "dining_leisure": "聚餐娱乐",
    "visiting": "探视走访",
    "vehicle": "同乘交通工具",
    "environment": "环境接触",
    "field_judgement": "现场判定",
}
COLUMNS = (
    "序号", "变动", "姓名", "证件号码", "联系电话", "住址", "村（社区）", "接触层级", "接触方式",
    "首次接触", "末次接触", "接触场所", "判定规则", "管控措施", "措施截止", "撤销原因",
    "是否找到", "是否管控", "核查时间", "备注",
)  # fmt: skip
TO_FILL = 4  # the last columns are the receiver's


@dataclasses.dataclass(frozen=True)
class Sheet:
    """head: (label, value); rows: one cell per column of `COLUMNS`, (n, len(COLUMNS))."""

    title: str
    head: tuple[tuple[str, Cell], ...]
    rows: tuple[tuple[Cell, ...], ...]


def of(opened: letters.Opened) -> Sheet:
    letter = opened.letter
    first = letter.supplement_to
    title = TITLE[letter.kind] + ("（补充）" if first else "")
    head: list[tuple[str, Cell]] = [
        ("编号", letter.number),
        ("发函单位", _unit(opened, letter.from_unit_id)),
        ("收函单位", _unit(opened, letter.unit_id)),
        ("病例编号", letter.case_no),
        ("发函时间", _moment(letter.made_at)),
        ("回复时限", _moment(letter.due_at) if letter.due_at else ""),
        ("协查人数", letter.persons),
        ("说明", letter.note),
    ]
    if first:
        head.insert(1, ("补充", first.number))
    return Sheet(title, tuple(head), tuple(_row(opened, row) for row in opened.rows))


def _row(opened: letters.Opened, row: letters.LetterRow) -> tuple[Cell, ...]:
    who = opened.identities.get(row.person)
    return (
        row.ord,
        CHANGE[row.change],
        who.name if who else "（未登记）",
        who.id_no if who else "",
        "",  # the registers hold no telephone number
        who.address if who else "",
        _unit(opened, row.home_id),
        DEGREE[row.degree],
        KIND.get(row.kind, row.kind),
        _moment(row.first_exposure),
        _moment(row.last_exposure),
        "；".join(row.places),
        row.rule_id,
        row.measure["zh"] if row.measure else "",
        row.release_on.isoformat() if row.release_on else "",
        letters.DROPPED[row.dropped_reason]["zh"] if row.dropped_reason else "",
        *[""] * TO_FILL,
    )


def _unit(opened: letters.Opened, code: str) -> str:
    unit = opened.units.get(code)
    return unit["name"] if unit else code


def _moment(at: dt.datetime) -> str:
    return f"{beijing(at):%Y-%m-%d %H:%M}"
