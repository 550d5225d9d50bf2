"""What a proposed plan says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.service.kit.text import Text

WORDS: Mapping[str, Text] = {
    "rooms": {"zh": "隔离房间分配", "en": "Isolation rooms"},
    "transfer": {"zh": "转运派车", "en": "Transfer trips"},
    "testing": {"zh": "核酸采样轮次", "en": "Testing round"},
    "recollect": {"zh": "混阳复采", "en": "Sampling again"},
    "beds": {"zh": "床位收治", "en": "Hospital beds"},
    "supplies": {"zh": "物资调拨", "en": "Supplies"},
    "procurement": {"zh": "物资采购", "en": "Procurement"},
    "parcels": {"zh": "封控区配送", "en": "Parcels"},
    "teams": {"zh": "队伍排班", "en": "Team rosters"},
    "title": {"zh": "{unit}：{planner}（{title}）", "en": "{unit}: {planner} ({title})"},
    "served": {
        "zh": "安排 {served}，未安排 {unserved} 项",
        "en": "{served} served, {unserved} left out",
    },
    "all_in": {"zh": "全部都安排上了", "en": "Nothing is left out"},
    "left_out": {"zh": "有 {unserved:,} 项未安排", "en": "{unserved:,} left out"},
    "best": {
        "zh": "目标值 {value:,.1f} {unit}，已证明最优",
        "en": "Value {value:,.1f} {unit}, proven to be the best",
    },
    "gap": {
        "zh": "目标值 {value:,.1f} {unit}，与已证明的下界相差至多 {gap:.1%}",
        "en": "Value {value:,.1f} {unit}, at most {gap:.1%} from the proven bound",
    },
    "no_bound": {
        "zh": "目标值 {value:,.1f} {unit}，没有已证明的下界",
        "en": "Value {value:,.1f} {unit}; no bound is proven",
    },
    "binding": {
        "zh": "未安排的主要原因及数量：{reasons}",
        "en": "What keeps things out, with amounts: {reasons}",
    },
    "changed": {
        "zh": "与原计划（第 {plan} 号）相比，另有 {count:,.0f} 项（{share:.1%}）改变",
        "en": "Against plan {plan}, {count:,.0f} other things ({share:.1%}) change",
    },
    "checked": {
        "zh": "已由独立校验程序逐项复核，未违反任何限制",
        "en": "Checked thing by thing by an independent program: no limit is broken",
    },
    "foretold_by": {
        "zh": "以后几天的床位按推演比较第 {comparison} 号方案“{option}”预留（{label}）",
        "en": "Beds of the days to come are kept by option “{option}” of comparison {comparison} "
        "({label})",
    },
    "calibrated": {"zh": "已按本次疫情校准", "en": "calibrated to this outbreak"},
    "illustrative": {"zh": "未校准，仅供示意", "en": "not calibrated, illustrative"},
    "said": {"zh": "提出理由：{reason}", "en": "Said by whoever proposes it: {reason}"},
    "directive": {
        "zh": "按第 {plan} 号{planner}计划执行，共 {jobs} 项任务；逐步回执，遇变及时上报",
        "en": "Carry out plan {plan} ({planner}): {jobs} jobs; tell each step, and at once what "
        "goes wrong",
    },
    "if_nothing": {
        "zh": "计划所列房间、车辆、床位、物资不被占用，随时可能另作他用",
        "en": "What the plan lists is not taken and may go to others at any time",
    },
    "if_nothing_ordered": {
        "zh": "不向企业订货，仓库按明细所列日期断供；过了最迟下单日，再订也来不及",
        "en": "Nothing is ordered, and stores run out on the days listed; past the latest day "
        "an order comes too late",
    },
    "if_nothing_recollected": {
        "zh": "同管人员原地等待，混阳复采时限将被突破，阳性人员继续留在社会面",
        "en": "Members of positive tubes go on waiting, the hours of the rule pass, and whoever is "
        "positive stays where he is",
    },
    "if_nothing_brought": {
        "zh": "封控区居民到期收不到生活物资和药品，流动超市不进点",
        "en": "Households of closed areas get neither food nor medicines when they are due, and no "
        "mobile supermarket comes",
    },
    "persons": {"zh": "人数", "en": "Persons"},
    "unserved": {"zh": "未安排", "en": "Left out"},
    "jobs": {"zh": "任务", "en": "Jobs"},
    "taken": {"zh": "占用资源", "en": "Things taken"},
}
# The planner's figures, as lines of cost.
FIGURES: Mapping[str, Text] = {
    "served": {"zh": "已安排", "en": "Served"},
    "unserved": {"zh": "未安排", "en": "Left out"},
    "rooms": {"zh": "房间", "en": "Rooms"},
    "sites": {"zh": "隔离点", "en": "Sites"},
    "person_km": {"zh": "人公里", "en": "Person-kilometres"},
    "trips": {"zh": "车次", "en": "Trips"},
    "vehicles": {"zh": "车辆", "en": "Vehicles"},
    "km": {"zh": "行驶里程", "en": "Kilometres driven"},
    "met": {"zh": "需求满足率", "en": "Share of needs met"},
    "moves": {"zh": "调拨", "en": "Moves"},
    "orders": {"zh": "订货", "en": "Orders"},
    "packs": {"zh": "物资份数", "en": "Packs"},
    "yuan": {"zh": "费用", "en": "Cost"},
    "below_cover": {"zh": "储备不足的仓库", "en": "Stores below their days of cover"},
    "issued_now": {"zh": "本次下达", "en": "Issued now"},
    "order_by_days": {"zh": "距最早的最迟下单日", "en": "Days to the first latest order day"},
    "too_late": {"zh": "已过最迟下单日的缺口", "en": "Gaps whose latest order day has passed"},
    "on_duty": {"zh": "上岗人员", "en": "On duty"},
    "hospitals": {"zh": "收治医院", "en": "Hospitals"},
    "expected": {"zh": "此后几日预计新增", "en": "Expected in the next days"},
    "expected_upper": {
        "zh": "此后几日预计新增（80%区间上端）",
        "en": "Expected in the next days, upper end of the 80 % interval",
    },
    "later_short": {"zh": "此后几日预计缺床", "en": "Expected without the bed they need, later"},
    "points": {"zh": "采样点", "en": "Sampling points"},
    "desks": {"zh": "采样台", "en": "Desks"},
    "tubes": {"zh": "采样管", "en": "Tubes"},
    "pool_size": {"zh": "混采人数", "en": "Swabs in a tube"},
    "walk_mean_km": {"zh": "平均步行", "en": "Mean walk"},
    "at_home": {"zh": "上门采样", "en": "Sampled at home"},
    "at_points": {"zh": "到点复采", "en": "Sampled again at a point"},
    "positive_tubes": {"zh": "混采阳性管", "en": "Positive tubes"},
    "late": {"zh": "超过复采时限", "en": "Later than the rule allows"},
    "mobile_teams": {"zh": "流动采样队", "en": "Mobile teams"},
    "finish_h": {"zh": "最后结果用时", "en": "Hours to the last result"},
    "finish_low_h": {"zh": "最后结果用时（80%区间下端）", "en": "The same, lower end of 80 %"},
    "finish_high_h": {"zh": "最后结果用时（80%区间上端）", "en": "The same, upper end of 80 %"},
    "in_time": {"zh": "按时出齐的把握", "en": "How sure the round is over in time"},
}

# Units of what a plan is worth.
UNITS: Mapping[str, Text] = {
    "km": {"zh": "公里", "en": "km"},
    "person-km": {"zh": "人公里", "en": "person-kilometres"},
    "yuan": {"zh": "元", "en": "yuan"},
}


def say(key: str, /, **facts: Any) -> Text:
    return {"zh": _filled(key, "zh", facts), "en": _filled(key, "en", facts)}


def _filled(key: str, lang: str, facts: Mapping[str, Any]) -> str:
    here = {
        name: value[lang] if isinstance(value, Mapping) else value for name, value in facts.items()
    }
    message: str = WORDS[key][lang]  # type: ignore[literal-required]
    return message.format(**here)
