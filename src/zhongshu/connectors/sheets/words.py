"""What sheets say, in both languages; each pair is (zh, en)."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.connectors.sheets.model import Lang

Pair = tuple[str, str]

# A job's kind.
TITLES: Mapping[str, Pair] = {
    "vehicle": ("驾驶员任务单", "Driver's sheet"),
    "site": ("隔离点接收单", "Isolation site's sheet"),
    "point": ("采样点任务单", "Sampling point's sheet"),
    "laboratory": ("实验室接样单", "Laboratory's sheet"),
    "courier": ("样本转运单", "Courier's sheet"),
    "store": ("仓库出库单", "Store's sheet"),
    "delivery": ("配送任务单", "Delivery sheet"),
    "supplier": ("供应商订货单", "Supplier's order"),
    "hospital": ("医院接收单", "Hospital's sheet"),
    "team": ("值班表", "Duty roster"),
}
OTHER: Pair = ("任务单", "Job sheet")
SIGNATURES: Mapping[str, tuple[Pair, ...]] = {
    "vehicle": (("驾驶员", "Driver"), ("接收点", "Received by")),
    "site": (("隔离点负责人", "Site manager"),),
    "point": (("采样点负责人", "Head of the point"), ("样本转运员", "Courier")),
    "laboratory": (("接样人", "Received by"),),
    "courier": (("样本转运员", "Courier"), ("接样人", "Received by")),
    "store": (("保管员", "Storekeeper"), ("承运人", "Carrier"), ("接收人", "Received by")),
    "delivery": (("驾驶员", "Driver"), ("社区（村）接收人", "Received at the gate by")),
    "supplier": (("供应商", "Supplier"), ("接收人", "Received by")),
    "hospital": (("接诊医师", "Receiving doctor"),),
    "team": (("队长", "Team leader"),),
}
ANYBODY: tuple[Pair, ...] = (("负责人", "In charge"),)

# A step's kind: the heading of its section.
SECTIONS: Mapping[str, Pair] = {
    "stop": ("上车点", "Stops"),
    "site": ("送达", "Deliveries"),
    "room": ("房间与人员", "Rooms and persons"),
    "group": ("转入人员", "Persons to receive"),
    "order": ("订货", "Order"),
    "load": ("装车", "Loading"),
    "goods": ("物资", "Goods"),
    "point": ("采样", "Sampling"),
    "tubes": ("样本", "Samples"),
    "visit": ("上门", "Visits"),
    "duty": ("班次", "Duties"),
}
TRIP: Pair = ("第 {trip} 趟", "Trip {trip}")
# What may be told of a step.
TOLD: Mapping[str, Pair] = {
    "boarded": ("已上车", "boarded"),
    "not_home": ("不在家", "not at home"),
    "refused": ("拒绝", "refused"),
    "handed_over": ("已交接", "handed over"),
    "site_full": ("已满", "full"),
    "arrived": ("已到", "arrived"),
    "accepted": ("接收", "accepted"),
    "declined": ("不接收", "declined"),
    "short": ("数量不足", "short"),
    "done": ("完成", "done"),
    "point_closed": ("停止采样", "closed"),
    "absent": ("缺勤", "absent"),
}
NOT_PRINTED = frozenset({"breakdown"})  # told by telephone, not ticked at a stop

COLUMNS: Mapping[str, Pair] = {
    "no": ("序号", "No."),
    "at": ("时间", "Time"),
    "what": ("事项", "What"),
    "where": ("地点", "Place"),
    "count": ("数量", "Number"),
    "who": ("姓名、证件号码", "Name, identity number"),
    "phone": ("电话", "Telephone"),
    "told": ("勾选", "Tick"),
    "note": ("备注", "Note"),
}
# Keys of a step's facts; one that is not here stands as it is.
FACTS: Mapping[str, Pair] = {
    "needs": ("特殊需要", "Needs"),
    "km": ("公里", "km"),
    "room": ("房间", "Room"),
    "floor": ("楼层", "Floor"),
    "degree": ("层级", "Degree"),
    "good": ("物资", "Good"),
    "goods": ("物资", "Goods"),
    "item": ("物资", "Item"),
    "store_id": ("仓库", "Store"),
    "lot": ("批号", "Lot"),
    "lots": ("批号", "Lots"),
    "expires_on": ("有效期至", "Expires on"),
    "quantity": ("数量", "Quantity"),
    "unit": ("单位", "Unit"),
    "vehicle": ("车辆", "Vehicle"),
    "cold": ("冷链", "Cold chain"),
    "outside_min": ("离开冷链（分钟）", "Minutes out of the cold"),
    "desks": ("采样台", "Desks"),
    "opens": ("开始", "Opens"),
    "closes": ("结束", "Closes"),
    "hours": ("时段", "Hours"),
    "persons": ("人数", "Persons"),
    "people": ("人数", "People"),
    "tubes": ("采样管", "Tubes"),
    "kits": ("试剂盒", "Kits"),
    "pool": ("床位", "Bed"),
    "laboratory": ("实验室", "Laboratory"),
    "severity": ("病情", "Severity"),
    "tier": ("收治层级", "Tier"),
    "icu": ("重症床位", "ICU"),
    "staff": ("人员", "Staff"),
    "m3": ("立方米", "m³"),
    "yuan": ("金额（元）", "Yuan"),
    "skill": ("专长", "Skill"),
    "shift": ("班次", "Shift"),
}
# Values of facts that are codes.
VALUES: Mapping[str, Pair] = {
    "assisted": ("轮椅位", "wheelchair place"),
    "stretchers": ("担架位", "stretcher place"),
    "doctor": ("随车医生", "doctor on board"),
    "police": ("民警随车", "police escort"),
    "n95": ("N95 口罩", "N95 masks"),
    "gown": ("防护服", "gowns"),
    "swab_kit": ("采样套装", "swab kits"),
    "pcr_reagent": ("核酸试剂", "PCR reagent"),
    "food_pack": ("食品包", "food packs"),
    "shop": ("流动超市", "mobile supermarket"),
    "medicine": ("冷藏药品", "medicines kept cold"),
    "critical": ("危重型", "critical"),
    "severe": ("重型", "severe"),
    "moderate": ("中型", "moderate"),
    "mild": ("轻型", "mild"),
    "asymptomatic": ("无症状", "asymptomatic"),
    "suspected": ("待排查", "suspected"),
    "yellow": ("黄码", "yellow code"),
    "beds": ("普通床位", "beds"),
    "icu": ("重症床位", "ICU beds"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
}
HEAD: Mapping[str, Pair] = {
    "job": ("任务", "Job"),
    "number": ("任务编号", "Job number"),
    "code": ("编号", "Code"),
    "starts": ("开始", "Begins"),
    "due": ("完成时限", "Due"),
    "steps": ("步骤", "Steps"),
}
TELL: Pair = (
    "每一步完成后立即在手机任务页上报；不在家、拒绝、已满、数量不足或车辆故障时立即报告调度，等候重排。",
    (
        "Report each step on the phone page as soon as it is done; when somebody is not at home"
        " or refuses, a place is full, goods are short or a vehicle breaks down, tell dispatch at"
        " once and wait for the new plan."
    ),
)
PERSONAL: Pair = (
    "本单含个人信息：只交执行人使用，不得拍照外传，任务结束后交回统一销毁。",
    (
        "This sheet holds personal data: for those who carry the job out only, not to be"
        " photographed or passed on, to be handed back and destroyed when the job is over."
    ),
)


def say(pair: Pair, lang: Lang) -> str:
    return pair[0] if lang == "zh" else pair[1]
