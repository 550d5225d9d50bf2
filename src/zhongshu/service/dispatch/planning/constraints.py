"""What keeps things out of a plan, in both languages, by the planners' codes."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.service.kit.text import Text, text

CONSTRAINTS: Mapping[str, Text] = {
    "no_free_room": text("没有空房", "no free room"),
    "reserve_kept": text("只剩必须预留的", "only the reserve is left"),
    "too_large": text("同住人数超过容量", "too many to stay together"),
    "too_far": text("距离太远", "too far"),
    "no_room_for_need": text("没有适合特殊需要的房间", "no room for a special need"),
    "no_coordinates": text("没有坐标", "no coordinates"),
    "no_vehicle_ready": text("没有可用车辆", "no vehicle ready"),
    "window_past": text("时间窗已过", "the time window has passed"),
    "larger_than_any_vehicle": text("人数超过任何车辆", "larger than any vehicle"),
    "no_vehicle_for_assisted": text(
        "没有可载轮椅或担架的车", "no vehicle for wheelchairs or stretchers"
    ),
    "no_escort_or_kind": text("没有所需的随车人员或车型", "no escort or kind of vehicle"),
    "out_of_reach_in_shift": text("一班之内到不了", "out of reach in the shift"),
    "fleet_hours": text("车辆工时不够", "not enough hours of vehicles"),
    "refused": text("本人拒绝", "refused"),
    "not_home": text("家中无人", "nobody at home"),
    "no_point_in_reach": text("步行范围内没有采样点", "no point within a walk"),
    "points_full": text("采样点已满", "points are full"),
    "no_laboratory_in_reach": text("时限内送不到检测机构", "no laboratory in reach"),
    "no_run_before_horizon": text("检测机构来不及上机", "no run of a laboratory in time"),
    "no_vehicle": text("没有收样车", "no courier"),
    "vehicles_busy": text("收样车排满", "couriers are busy all day"),
    "no_room_in_vehicle": text("收样箱装不下", "no room in the courier's box"),
    "laboratory_too_far": text(
        "检测机构太远，样本会超时", "the laboratory is too far for the tubes"
    ),
    "outside_hours": text("不在工作时段内", "outside the hours of work"),
    "no_laboratory": text("没有检测机构", "no laboratory"),
    "no_team": text("没有流动采样队", "no mobile team"),
    "teams_busy": text("流动采样队排满", "mobile teams are busy all day"),
    "no_hospital_of_tier": text("没有该类医院", "no hospital of that kind"),
    "no_hospital_for_need": text("没有能照顾特殊需要的医院", "no hospital for a special need"),
    "declined": text("医院拒收", "declined"),
    "no_bed": text("没有床位", "no bed"),
    "no_beds_bed": text("没有普通床位", "no bed in a ward"),
    "no_ward_bed": text("没有普通床位", "no bed in a ward"),
    "no_icu_bed": text("没有重症床位", "no bed in intensive care"),
    "no_place_for_need": text("特殊需要的名额已满", "no place left for a special need"),
    "beds_of_later_days": text("床位要留给以后几天", "beds are needed on later days"),
    "transport": text("运力不够", "no room on the way"),
    "no_delivery": text("没有配送车辆", "no delivery vehicle"),
    "no_shop": text("没有流动超市车", "no mobile supermarket"),
    "no_road": text("道路不通，又无无人机", "no road and no drone"),
    "too_heavy": text("超过载重或容积", "too heavy or too large"),
    "no_cold_vehicle": text("没有冷藏车，路上时间又太长", "no cold vehicle, and too far without"),
    "weather": text("天气不适合飞行", "no weather to fly in"),
    "out_of_range": text("超出无人机航程", "beyond the drone's range"),
    "supplier": text("供应商已售罄", "the supplier is sold out"),
    "lead_time": text("来不及运到", "it would come too late"),
    "no_stock": text("没有库存", "no stock"),
    "no_skill": text("无人有此技能", "nobody has the skill"),
    "no_pattern": text("没有合适的班次", "no shift pattern fits"),
    "too_few": text("人手不够", "too few people"),
    "not_found": text("未能排上", "no way was found"),
    "off": text("休假", "off"),
    "people_busy": text("另有任务", "busy elsewhere"),
    "forbidden": text("已排除", "forbidden"),
    "rest_rule": text("须休息", "rest is due"),
    "hours_limit": text("工时已满", "hours are used up"),
    "nights_limit": text("夜班已满", "nights are used up"),
    "days_in_row": text("连续当班已满", "days in a row are used up"),
}


def constraint(code: str) -> Text:
    """A code nobody has words for stays itself."""
    return CONSTRAINTS.get(code, text(code, code))
