"""What departments send: one published schema per feed.

The world engine writes these feeds and the intake reads them; both look here, and
``schemas/feeds/*.json`` is generated from here (drift-checked).
"""

from __future__ import annotations

import dataclasses
import enum


class Kind(enum.StrEnum):
    """The type of a column as it must be after reading."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"  # a Beijing calendar day
    MOMENT = "moment"  # an instant; without a zone, the Beijing clock is meant
    DIVISION = "division"  # a 12-digit division code; unknown ones are kept with a flag
    ID_NO = "id_no"  # a resident identity number, GB 11643
    SERVICE = "service"  # number of a train, flight, coach or ship, see `kernel.spots`
    SPOT = "spot"  # a part of a place (floor, gate, carriage), see `kernel.spots`


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """name, kind, Chinese title (accepted as a header too), whether it may be blank, allowed
    values (empty: any), and the unit of a number."""

    name: str
    kind: Kind
    zh: str
    required: bool = True
    values: tuple[str, ...] = ()
    minimum: float | None = None
    unit: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FeedSpec:
    """One kind of feed.

    name: the feed's kind; a file belongs to it when its name starts with ``<name>``.
    key: the columns that identify a row, for duplicates and re-sent files.
    sender: department, as shown on the sources page.
    """

    name: str
    zh: str
    sender: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


T, I, N, D, M, U, P, V, S = (  # noqa: E741 - one letter each keeps the tables below readable
    Kind.TEXT,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.DATE,
    Kind.MOMENT,
    Kind.DIVISION,
    Kind.ID_NO,
    Kind.SERVICE,
    Kind.SPOT,
)
OPTIONAL = False

BASKET = ("rice", "flour", "cooking_oil", "pork", "eggs", "cabbage", "milk")  # prices watched

PLACE_KINDS = (
    "school",
    "workplace",
    "market",
    "restaurant",
    "shop",
    "bus",
    "hospital",
    "pharmacy",
    "community",
)
# Places that no place feed describes: journeys and mobile-phone records make them.
VEHICLE_KINDS = (
    "aircraft",
    "train_sealed",
    "train_soft",
    "train_open",
    "coach_sealed",
    "coach_open",
    "ship",
)
CELL = "cell"
TRACED_KINDS = (*PLACE_KINDS, *VEHICLE_KINDS, CELL)
SOURCES = ("venue_scan", "ticket", "checkpoint", "test", "cell")  # how a visit became known
CLASSES = (
    "hard_seat",
    "hard_sleeper",
    "soft_seat",
    "soft_sleeper",
    "second",
    "first",
    "business",
    "economy",
    "standing",
)

_SPECS = (
    FeedSpec(
        "households",
        "住户",
        "公安",
        ("household_id",),
        (
            Column("household_id", T, "户号"),
            Column("village_code", U, "村(社区)代码"),
            Column("building", T, "楼栋", OPTIONAL),
            Column("address", T, "地址"),
            Column("lon", N, "经度", OPTIONAL, unit="deg WGS-84"),
            Column("lat", N, "纬度", OPTIONAL, unit="deg WGS-84"),
        ),
    ),
    FeedSpec(
        "persons",
        "人口",
        "公安",
        ("id_no",),
        (
            Column("id_no", P, "身份证号"),
            Column("name", T, "姓名"),
            Column("sex", T, "性别", values=("M", "F")),
            Column("birth_date", D, "出生日期"),
            Column("household_id", T, "户号"),
            Column("occupation", T, "职业", OPTIONAL),
            Column("special_need", T, "特殊需要", OPTIONAL),
        ),
    ),
    FeedSpec(
        "dormitories",
        "宿舍",
        "公安",
        ("id_no", "dormitory_id", "moved_in"),
        (
            Column("id_no", P, "身份证号"),
            Column("dormitory_id", T, "宿舍号"),
            Column("village_code", U, "村(社区)代码"),
            Column("moved_in", D, "入住日期"),
            Column("moved_out", D, "退宿日期", OPTIONAL),
        ),
    ),
    FeedSpec(
        "places",
        "场所",
        "大数据",
        ("place_id",),
        (
            Column("place_id", T, "场所码"),
            Column("name", T, "场所名称"),
            Column("kind", T, "类型", values=PLACE_KINDS),
            Column("village_code", U, "村(社区)代码"),
            Column("lon", N, "经度", OPTIONAL, unit="deg WGS-84"),
            Column("lat", N, "纬度", OPTIONAL, unit="deg WGS-84"),
        ),
    ),
    FeedSpec(
        "visits",
        "场所码扫码",
        "大数据",
        ("id_no", "place_id", "time_in", "source"),
        (
            Column("id_no", P, "身份证号"),
            Column("place_id", T, "场所码"),
            Column("time_in", M, "进入时间"),
            Column("time_out", M, "离开时间", OPTIONAL),
            Column("source", T, "来源", values=SOURCES),
            Column("recorded_at", M, "入库时间"),
            Column("spot", S, "楼层分区", OPTIONAL),
        ),
    ),
    FeedSpec(
        "journeys",
        "购票乘车",
        "交通",
        ("id_no", "number", "board_at"),
        (
            Column("id_no", P, "身份证号"),
            Column("vehicle", T, "交通工具", values=("aircraft", "train", "coach", "ship")),
            Column("number", V, "车次航班"),
            Column("board_at", M, "上车时间"),
            Column("alight_at", M, "下车时间", OPTIONAL),
            Column("carriage", S, "车厢", OPTIONAL),
            Column("seat", S, "座位", OPTIONAL),
            Column("class", T, "席别", OPTIONAL, CLASSES),
            Column("sealed", T, "密闭空调", OPTIONAL, ("yes", "no")),
            Column("recorded_at", M, "入库时间"),
        ),
    ),
    FeedSpec(
        "cells",
        "通信网格",
        "通信",
        ("id_no", "time_in"),
        (
            Column("id_no", P, "身份证号"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("time_in", M, "进入时间"),
            Column("time_out", M, "离开时间", OPTIONAL),
            Column("recorded_at", M, "入库时间"),
        ),
    ),
    FeedSpec(
        "cases",
        "病例",
        "疾控",
        ("case_no",),
        (
            Column("case_no", T, "病例编号"),
            Column("id_no", P, "身份证号"),
            Column("name", T, "姓名"),
            Column("category", T, "分类", values=("confirmed", "asymptomatic")),
            Column("village_code", U, "现住村(社区)代码"),
            Column("onset_date", D, "发病日期", OPTIONAL),
            Column("sampled_at", M, "采样时间"),
            Column("confirmed_at", M, "确诊时间"),
            Column("reported_at", M, "报告时间"),
            Column(
                "found_by",
                T,
                "发现途径",
                OPTIONAL,
                ("fever_clinic", "contact", "screening", "voluntary", "arrival"),
            ),
            Column("severity", T, "临床分型", OPTIONAL, ("none", "mild", "moderate", "severe")),
        ),
    ),
    FeedSpec(
        "tubes",
        "混采登记",
        "卫健",
        ("tube_code", "id_no"),
        (
            Column("tube_code", T, "试管编号"),
            Column("id_no", P, "身份证号"),
            Column("village_code", U, "采样地村(社区)代码"),
            Column("sampled_at", M, "采样时间"),
            Column("recorded_at", M, "入库时间"),
        ),
    ),
    FeedSpec(
        "tube_results",
        "混采结果",
        "卫健",
        ("tube_code",),
        (
            Column("tube_code", T, "试管编号"),
            Column("village_code", U, "采样地村(社区)代码"),
            Column("swabs", I, "管内人数", minimum=1),
            Column("sampled_at", M, "首个采样时间"),
            Column("received_at", M, "接收时间", OPTIONAL),
            Column("reported_at", M, "报告时间"),
            Column("lab_id", T, "实验室"),
            Column("result", T, "结果", values=("positive", "suspect", "negative", "invalid")),
        ),
    ),
    FeedSpec(
        "lab_results",
        "核酸结果",
        "卫健",
        ("sample_no",),
        (
            Column("sample_no", T, "样本编号"),
            Column("id_no", P, "身份证号"),
            Column("sampled_at", M, "采样时间"),
            Column("received_at", M, "接收时间", OPTIONAL),
            Column("reported_at", M, "报告时间"),
            Column("lab_id", T, "实验室"),
            Column("method", T, "方式", values=("single", "pool5", "pool10", "pool20")),
            Column("result", T, "结果", values=("positive", "negative", "invalid")),
            Column("ct", N, "Ct值", OPTIONAL, minimum=0),
        ),
    ),
    FeedSpec(
        "fever_clinic",
        "发热门诊",
        "卫健",
        ("clinic_id", "date"),
        (
            Column("clinic_id", T, "门诊编号"),
            Column("county_code", U, "县(市、区)代码"),
            Column("date", D, "日期"),
            Column("visits", I, "就诊人次", minimum=0),
            Column("fever", I, "发热人次", minimum=0),
            Column("reported_at", M, "报送时间"),
        ),
    ),
    FeedSpec(
        "pharmacy_sales",
        "药店监测",
        "市场监管",
        ("pharmacy_id", "date"),
        (
            Column("pharmacy_id", T, "药店编号"),
            Column("county_code", U, "县(市、区)代码"),
            Column("date", D, "日期"),
            Column("buyers", I, "退热止咳购药人数", minimum=0),
            Column("reported_at", M, "报送时间"),
        ),
    ),
    FeedSpec(
        "school_absences",
        "学校缺课",
        "教育",
        ("school_id", "date"),
        (
            Column("school_id", T, "学校编号"),
            Column("county_code", U, "县(市、区)代码"),
            Column("date", D, "日期"),
            Column("enrolled", I, "在册人数", minimum=0),
            Column("absent_ill", I, "因病缺课人数", minimum=0),
            Column("reported_at", M, "报送时间"),
        ),
    ),
    FeedSpec(
        "arrivals",
        "入省人员",
        "交通",
        ("id_no", "arrived_at"),
        (
            Column("id_no", P, "身份证号"),
            Column("arrived_at", M, "到达时间"),
            Column("from_province", U, "来源省代码"),
            Column("mode", T, "交通方式", values=("train", "air", "road")),
            Column("number", T, "车次航班", OPTIONAL),
            Column("to_county", U, "目的县代码"),
        ),
    ),
    FeedSpec(
        "hospital_beds",
        "医院床位",
        "卫健",
        ("hospital_id", "as_of"),
        (
            Column("hospital_id", T, "医院编号"),
            Column("name", T, "医院名称"),
            Column("county_code", U, "县(市、区)代码"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("tier", T, "级别", values=("designated", "sub_designated", "fangcang")),
            Column("beds_total", I, "床位总数", minimum=0),
            Column("beds_free", I, "空床", minimum=0),
            Column("icu_total", I, "ICU总数", minimum=0),
            Column("icu_free", I, "ICU空床", minimum=0),
            Column("as_of", M, "统计时间"),
        ),
    ),
    FeedSpec(
        "isolation_rooms",
        "隔离房间",
        "隔离专班",
        ("site_id", "room_no", "as_of"),
        (
            Column("site_id", T, "隔离点编号"),
            Column("site_name", T, "隔离点名称"),
            Column("county_code", U, "县(市、区)代码"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("room_no", T, "房号"),
            Column("floor", I, "楼层"),
            Column("capacity", I, "可住人数", minimum=1),
            Column("state", T, "状态", values=("free", "occupied", "cleaning")),
            Column("as_of", M, "统计时间"),
        ),
    ),
    FeedSpec(
        "vehicles",
        "转运车辆",
        "交通",
        ("vehicle_id", "as_of"),
        (
            Column("vehicle_id", T, "车辆编号"),
            Column("kind", T, "车型", values=("ambulance", "van", "bus")),
            Column("county_code", U, "县(市、区)代码"),
            Column("depot_name", T, "车场"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("seats", I, "座位", minimum=1),
            Column("state", T, "状态", values=("ready", "out", "broken")),
            Column("as_of", M, "统计时间"),
        ),
    ),
    FeedSpec(
        "stocks",
        "物资库存",
        "商务",
        ("store_id", "item", "as_of"),
        (
            Column("store_id", T, "仓库编号"),
            Column("store_name", T, "仓库名称"),
            Column("county_code", U, "县(市、区)代码"),
            Column(
                "item",
                T,
                "品名",
                values=("swab_kit", "pcr_reagent", "n95", "gown", "food_pack", "medicine"),
            ),
            Column("unit", T, "单位"),
            Column("quantity", N, "数量"),
            Column("used_per_day", N, "日均消耗", minimum=0),
            Column("expires_on", D, "有效期至", OPTIONAL),
            Column("as_of", M, "统计时间"),
        ),
    ),
    FeedSpec(
        "prices",
        "价格监测",
        "商务",
        ("point_id", "item", "as_of"),
        (
            Column("point_id", T, "监测点编号"),
            Column("point_name", T, "监测点名称"),
            Column("county_code", U, "县(市、区)代码"),
            Column("item", T, "品名", values=BASKET),
            Column("yuan", N, "价格", OPTIONAL, minimum=0, unit="元"),  # blank: nothing to sell
            Column("lon", N, "经度"),
            Column("lat", N, "纬度"),
            Column("as_of", M, "统计时间"),
        ),
    ),
    FeedSpec(
        "sampling_points",
        "采样点",
        "卫健",
        ("point_id",),
        (
            Column("point_id", T, "采样点编号"),
            Column("name", T, "采样点名称"),
            Column("village_code", U, "村(社区)代码"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("desks_max", I, "最多采样台", minimum=1),
        ),
    ),
    FeedSpec(
        "laboratories",
        "检测机构",
        "卫健",
        ("lab_id", "as_of"),
        (
            Column("lab_id", T, "实验室编号"),
            Column("name", T, "实验室名称"),
            Column("county_code", U, "县(市、区)代码"),
            Column("lon", N, "经度", unit="deg WGS-84"),
            Column("lat", N, "纬度", unit="deg WGS-84"),
            Column("tubes_per_day", I, "日检测管数", minimum=0),
            Column("as_of", M, "统计时间"),
        ),
    ),
)

FEEDS: dict[str, FeedSpec] = {spec.name: spec for spec in _SPECS}
