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
    "no_zone": {"zh": "不划区", "en": "No zone"},
    "simulation": {"zh": "{unit}划区方案 {plan} 的推演", "en": "{unit}: zonings of plan {plan}"},
    "rank_first": {
        "zh": "按模型天数社会代价最小",
        "en": "Least social cost with the model's days",
    },
    "rank_fewer": {
        "zh": "比方案 {number} 多 {more:,.0f} 人日，预计少感染 {fewer:,.1f} 人",
        "en": "{more:,.0f} person-days more than zoning {number}, and {fewer:,.1f} infections "
        "fewer by the model",
    },
    "rank_outdone": {
        "zh": "方案 {number} 代价不更高、感染不更多",
        "en": "Zoning {number} costs no more and leads to no more infections",
    },
    "days_same": {
        "zh": "首段封控的 {days:.0f} 天改用模型的天数重新计价后，代价最小的方案不变",
        "en": "Priced again with the model's days in place of the edition's first {days:.0f}, the "
        "cheapest zoning stays the same",
    },
    "days_changed": {
        "zh": "首段封控的 {days:.0f} 天改用模型的天数重新计价后，"
        "代价最小的由方案 {was} 变为方案 {number}",
        "en": "Priced again with the model's days in place of the edition's first {days:.0f}, "
        "zoning {number} is the cheapest instead of {was}",
    },
    "model": {
        "zh": "传播模型（{runs} 次，{days} 天）：预计感染 {infections:,.0f} 人"
        "（80%区间 {low:,.0f} 至 {high:,.0f}），限制 {person_days:,.0f} 人日",
        "en": "Outbreak model ({runs} runs, {days} days): {infections:,.0f} infections expected "
        "(80% interval {low:,.0f} to {high:,.0f}), {person_days:,.0f} person-days restricted",
    },
    "model_fewer": {
        "zh": "与不划区相比感染差 {mean:+,.0f}（80%区间 {low:+,.0f} 至 {high:+,.0f}），"
        "在 {share:.0%} 的推演中更少",
        "en": "Against no zone {mean:+,.0f} infections (80% interval {low:+,.0f} to {high:+,.0f}); "
        "fewer in {share:.0%} of the runs",
    },
    "model_clear": {
        "zh": "第 {day} 天社会面无新发现病例的概率 {chance:.0%}",
        "en": "Chance that nobody is found in the community on day {day}: {chance:.0%}",
    },
    "model_free": {
        "zh": "按模型预计 {on} 全部解除（80%区间 {low} 至 {high}）",
        "en": "By the model all areas are free from {on} (80% interval {low} to {high})",
    },
    "model_closed": {
        "zh": "按模型预计 {low} 或更晚全部解除；"
        "{share:.0%} 的推演到期末仍有区域未解除，天数只会更多",
        "en": "By the model all areas are free from {low} or later; in {share:.0%} of the runs "
        "some stay closed to the end, so the days can only be more",
    },
    "model_over": {
        "zh": "按模型天数计，超出所给的人日上限",
        "en": "With the model's days it passes the maximum of person-days that was given",
    },
    "illustrative": {
        "zh": "模型未按本次疫情校准，仅作示意，宜看方案之间的差别",
        "en": "The model is not calibrated to this outbreak: illustrative; read the differences",
    },
    "calibrated": {
        "zh": "模型已按近期逐日病例校准",
        "en": "The model is calibrated to recent daily cases",
    },
    "not_simulated": {
        "zh": "提出时传播模型尚无结果，天数按规则计算",
        "en": "Proposed without an answer of the outbreak model; days are the edition's",
    },
    "if_nothing_model": {
        "zh": "不划区时模型预计感染 {infections:,.0f} 人（80%区间 {low:,.0f} 至 {high:,.0f}）；"
        "这些区域内人员继续自由流动",
        "en": "With no zone the model expects {infections:,.0f} infections (80% interval "
        "{low:,.0f} to {high:,.0f}); people inside go on moving freely",
    },
    "infections": {"zh": "感染（模型）", "en": "Infections (model)"},
    "no_case": {"zh": "第 14 天无社会面病例", "en": "No community case on day 14"},
    "social_cost": {"zh": "社会代价（模型天数）", "en": "Social cost (model's days)"},
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


def cost(
    key: str, value: float | None, unit: str, *, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """low, high: of its 80 % interval, where it has one."""
    told = {"key": key, "label": say(key), "value": value, "unit": unit}
    return told if low is None else told | {"low": low, "high": high}
