"""Why a cell, a row or a file was not taken as sent: the message catalogue of the intake.

The order of CELLS is the numbering used inside columns of codes (0 = nothing wrong); append only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """Two languages; fields in braces are facts."""

    zh: str
    en: str

    def filled(self, facts: Mapping[str, object]) -> dict[str, str]:
        return {"zh": self.zh.format(**facts), "en": self.en.format(**facts)}


CELLS: dict[str, Message] = {
    "": Message("", ""),
    "blank": Message("必填项为空", "must not be blank"),
    "id.format": Message("身份证号应为18位", "must be an 18-character identity number"),
    "id.date": Message("身份证号中的出生日期不存在", "holds a date of birth that does not exist"),
    "id.checksum": Message("身份证号校验码不对", "check character is wrong; a digit was mistyped"),
    "division.format": Message("行政区划代码应为12位数字", "must be a 12-digit division code"),
    "time.unreadable": Message(
        "日期或时间无法识别，请写成 2022-11-08 20:00", "is not a time; write 2022-11-08 20:00"
    ),
    "number.unreadable": Message("不是数字", "is not a number"),
    "number.not_whole": Message("应为整数", "must be a whole number"),
    "number.too_small": Message("小于允许的最小值", "is below the least value allowed"),
    "number.too_large": Message("大于允许的最大值", "is above the greatest value allowed"),
    "number.lost_digits": Message(
        "Excel按数字保存并丢了后几位，请把该列设为文本后重填",
        "Excel kept it as a number and lost digits; set the column to text and type it again",
    ),
    "value.unknown": Message("不在允许的取值内", "is not one of the values allowed"),
    "text.too_long": Message("文字过长", "is too long"),
    "text.line_break": Message(
        "单元格内有换行或控制字符，可能是引号不配对",
        "holds a line break or control character; perhaps quotation marks do not pair",
    ),
    "row.columns": Message("该行列数与表头不同", "has another number of columns than the header"),
    "row.not_json": Message("该行不是JSON对象", "is not a JSON object"),
    "row.nested": Message("该行含有嵌套的值", "holds a list or object where a value belongs"),
    "number.no_service": Message(
        "不是车次、航班、车牌或船名", "is no number of a train, flight, coach or ship"
    ),
}

FLAGS: dict[str, Message] = {
    "": Message("", ""),
    "division.unknown": Message("行政区划代码不在现行表中", "code is not in the division list"),
    "id.old_form": Message("15位旧号，已换算", "15-digit old form, converted"),
    "id.birth_differs": Message("出生日期与身份证号不符", "differs from the identity number"),
    "id.sex_differs": Message("性别与身份证号不符", "differs from the identity number"),
    "time.ahead": Message("时间晚于收到时间一天以上", "lies over a day after receipt"),
    "time.out_before_in": Message(
        "离开早于进入，按未记录处理", "is before the time in; treated as not recorded"
    ),
    "number.negative": Message("负数", "is negative"),
    "key.superseded": Message(
        "同一文件中有同键的更新行", "a newer row of the same key is in the same file"
    ),
    "place.unknown": Message("场所未登记", "place is not in the register"),
    "number.unusual": Message(
        "不像该交通工具的车次或航班号，按原样保留",
        "does not look like a number of such a vehicle; kept as sent",
    ),
    "seat.unread": Message(
        "座位看不出排、格或包厢，按整节车厢（或整车）处理",
        "does not tell row, bay or compartment; taken as the whole carriage or vehicle",
    ),
    "time.no_day_left": Message(
        "退宿早于入住，按未退宿处理", "is before the day of moving in; treated as still there"
    ),
}

NOTICES: dict[str, Message] = {
    "file.no_rows": Message("只有表头，没有数据行", "a header and no rows: a zero report"),
    "file.extra_columns": Message("忽略了多余的列：{columns}", "columns left aside: {columns}"),
    "file.more_sheets": Message(
        "只读取了第一张表“{sheet}”，其余 {others} 张未读",
        "only the sheet '{sheet}' was read; {others} more were not",
    ),
    "id.region_unknown": Message(
        "{count} 个身份证号的地区码不在现行表中（可能已撤销）",
        "{count} identity numbers have a region that is not in the list (perhaps retired)",
    ),
}

FILES: dict[str, Message] = {
    "feeds.no_folder": Message("文件夹 {path} 不存在", "The folder {path} is not there."),
    "feeds.not_a_folder": Message("{path} 不是文件夹", "{path} is not a folder; name its folder."),
    "feeds.unknown_kind": Message(
        "文件名“{name}”看不出是哪种数据，文件名应以下列之一开头：{kinds}",
        "'{name}' does not say which feed it is; begin its name with one of: {kinds}.",
    ),
    "feeds.unknown_format": Message(
        "不支持格式“{suffix}”，请存为 .csv、.xlsx、.parquet 或 .ndjson",
        "The format '{suffix}' is not read; save it as .csv, .xlsx, .parquet or .ndjson.",
    ),
    "feeds.unreadable": Message(
        "文件无法读取（{what}），请检查后重发", "The file cannot be read ({what}); send it again."
    ),
    "feeds.empty": Message(
        "文件是空的；没有数据时请只发表头",
        "The file is empty; when there is nothing to report send the header alone.",
    ),
    "feeds.too_large": Message(
        "文件有 {found} {unit}，超过上限 {limit}；请按日或按县拆分",
        "The file has {found} {unit}, the limit is {limit}; split it by day or county.",
    ),
    "feeds.binary": Message(
        "内容不是{expected}，请重新导出", "Its content is not {expected}; export it again."
    ),
    "feeds.encoding": Message(
        "不是UTF-8也不是GB18030文字，请另存为“CSV UTF-8”",
        "Its text is neither UTF-8 nor GB18030; save it as 'CSV UTF-8'.",
    ),
    "feeds.quotes": Message(
        "引号不配对，请重新导出，或去掉单元格中的引号",
        "Quotation marks do not pair; export it again or remove them from the cells.",
    ),
    "feeds.columns_missing": Message(
        "按“{kind}”读取，缺少列：{missing}；第一行中认得的列：{found}，"
        "另有 {others} 列不认得{hint_zh}",
        "Read as '{kind}' it lacks the columns {missing}; of its first line we know {found}, "
        "and {others} more we do not{hint_en}.",
    ),
    "feeds.column_twice": Message("列“{column}”出现两次", "The column '{column}' appears twice."),
    "feeds.protected": Message(
        "是旧版 .xls 或有密码，请另存为无密码的 .xlsx",
        "It is an old .xls or has a password; save it as .xlsx without one.",
    ),
    "feeds.broken_xlsx": Message(
        "Excel文件已损坏，请用Excel打开并另存后重发",
        "The Excel file is broken; open it in Excel, save it anew and send it again.",
    ),
    "feeds.broken_parquet": Message(
        "Parquet文件不完整或已损坏，请重发",
        "The Parquet file is incomplete or broken; send it again.",
    ),
    "feeds.already_taken": Message(
        "内容相同的文件已经收过", "A file with the same content was taken before."
    ),
    "feeds.no_cells": Message(
        "现行版本没有时空伴随网格的大小，未收此文件",
        "The edition in force says no size of a cell; the file was not taken.",
    ),
    "feeds.declined": Message("未能登记：{what}", "It could not be entered: {what}"),
}

CODE_OF_CELL = {code: number for number, code in enumerate(CELLS)}
CODE_OF_FLAG = {code: number for number, code in enumerate(FLAGS)}
CELL_CODES = tuple(CELLS)
FLAG_CODES = tuple(FLAGS)


def refusal(code: str, /, **facts: object) -> BadInput:
    """The refusal of a file (or folder), with its sentence from the catalogue."""
    return BadInput(code, FILES[code].filled(facts)["en"], **facts)


def cell_text(column: str, code: str) -> str:
    """What the repair file says of one cell, for the person who repairs it."""
    message = CELLS[code]
    return f"{column}: {message.zh} / {message.en} [{code}]"
