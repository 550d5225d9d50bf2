"""What a proposed option says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.service.kit.text import Text, text

WORDS: Mapping[str, Text] = {
    "title": text("{unit}：采取“{option}”", "{unit}: take “{option}”"),
    "reason": text(
        "{days}天推演（{runs}次）：“{option}”预计感染{infections:,.0f}（80%区间{low:,.0f}至{high:,.0f}），"
        "限制{person_days:,.0f}人日",
        "Over {days} days ({runs} runs) “{option}” leads to {infections:,.0f} infections (80% "
        "interval {low:,.0f} to {high:,.0f}) and {person_days:,.0f} person-days restricted",
    ),
    "fewer": text(
        "与“{against}”相比感染差{difference:+,.0f}（80%区间{low:+,.0f}至{high:+,.0f}），"
        "在{share:.0%}的推演中更少",
        "Against “{against}” {difference:+,.0f} infections (80% interval {low:+,.0f} to "
        "{high:+,.0f}); fewer in {share:.0%} of the runs",
    ),
    "illustrative": text(
        "模型未按本次疫情校准，仅作示意，宜看方案之间的差别",
        "The model is not calibrated to this outbreak: illustrative; read the differences",
    ),
    "calibrated": text("模型已按近期逐日病例校准", "The model is calibrated to recent daily cases"),
    "said": text("提出理由：{reason}", "Proposed because: {reason}"),
    "directive": text(
        "请{unit}按推演比较 {comparison} 的方案“{option}”拟定措施，报指挥部后执行",
        "{unit} prepares the measures of option “{option}” of comparison {comparison}, and puts "
        "them in force after reporting",
    ),
    "infections": text("感染", "Infections"),
    "person_days": text("限制人日", "Person-days restricted"),
    "tests": text("采样人次", "Samples"),
    "cost": text("费用", "Cost"),
    "waiting": text("待转运或待床最多", "Most waiting for a room or bed"),
}


def say(key: str, **facts: Any) -> Text:
    """The words of `key` with `facts` filled in."""
    return text(WORDS[key]["zh"].format(**facts), WORDS[key]["en"].format(**facts))
