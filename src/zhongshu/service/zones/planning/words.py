"""What a proposed plan says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.service.kit.text import Text

WORDS: Mapping[str, Text] = {
    "clean_days": {
        "zh": "连续 {needed} 天无新增感染者（已 {have} 天）",
        "en": "{needed} days without a new infection (so far {have})",
    },
    "all_negative": {
        "zh": "区域内全部人员核酸检测阴性",
        "en": "Everyone inside tested negative",
    },
    "title": {
        "zh": "{unit}：按最小代价划定 {areas} 个高风险区",
        "en": "{unit}: draw {areas} high-risk areas at least cost",
    },
    "reason": {
        "zh": "覆盖已知病例居住地和活动地的 {share:.0%}，"
        "涉及 {people:,} 人、{person_days:,.0f} 人日",
        "en": "Covers {share:.0%} of the homes and places of known cases, with {people:,} "
        "residents and {person_days:,.0f} person-days",
    },
    "bound": {
        "zh": "与下界相差至多 {gap:.1%}",
        "en": "At most {gap:.1%} above the least possible cost",
    },
    "no_bound": {"zh": "未算出下界", "en": "No bound was computed"},
    "directive": {
        "zh": "请 {unit} 立即落实 {areas} 个高风险区管控，涉及 {people:,} 人，安排上门服务和核酸",
        "en": "{unit} puts {areas} risk areas in force at once for {people:,} residents, with "
        "services to the door and tests",
    },
    "if_nothing": {
        "zh": "这些区域内人员继续自由流动；下一期研判将按新情况重新提出",
        "en": "People inside go on moving freely; the next run judges again by new facts",
    },
    "option": {"zh": "方案 {number}", "en": "Zoning {number}"},
    "areas": {"zh": "风险区", "en": "Areas"},
    "residents": {"zh": "居住人口", "en": "Residents"},
    "person_days": {"zh": "限制人日", "en": "Person-days restricted"},
    "share": {"zh": "覆盖风险", "en": "Risk covered"},
    "unit": {"zh": "村（社区）", "en": "Village"},
    "risk": {"zh": "风险占比", "en": "Share of risk"},
}


def say(key: str, /, **facts: Any) -> Text:
    return {
        "zh": WORDS[key]["zh"].format(**facts),
        "en": WORDS[key]["en"].format(**facts),
    }


def cost(key: str, value: float, unit: str) -> dict[str, Any]:
    return {"key": key, "label": say(key), "value": value, "unit": unit}
