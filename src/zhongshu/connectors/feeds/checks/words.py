"""Text as people type it: full-width characters, stray blanks, ways of leaving a cell empty."""

from __future__ import annotations

import polars as pl

_LETTERS = [chr(code) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()]
_WIDE = [chr(code) for code in range(0xFF01, 0xFF5F)]
_HALF_LETTERS = str.maketrans({wide: chr(ord(wide) - 0xFEE0) for wide in _LETTERS})
_HALF_ALL = str.maketrans(
    {wide: chr(ord(wide) - 0xFEE0) for wide in _WIDE} | {"，": ",", "。": "."}
)
_ODD = r"[\u00A0\u3000\uFEFF\u200B-\u200F\uFF01-\uFF5E。]"
_SPACES = str.maketrans({"\u00a0": " ", "\u3000": " ", "\ufeff": "", "\u200b": "", "\u200c": "",
                         "\u200d": "", "\u200e": "", "\u200f": ""})  # fmt: skip
_BLANK = ("", "null", "NULL", "None", "NaN", "nan", "N/A", "n/a", "#N/A", "\\N")
_DASHES = ("-", "--", "—", "——", "/", "无")

# Chinese words for the values of the feeds (closed lists of kernel.feeds)
VALUES: dict[str, dict[str, str]] = {
    "sex": {"男": "M", "女": "F", "男性": "M", "女性": "F"},
    "category": {"确诊": "confirmed", "确诊病例": "confirmed", "无症状": "asymptomatic",
                 "无症状感染者": "asymptomatic"},
    "result": {"阳性": "positive", "阴性": "negative", "无效": "invalid",
               "可疑": "suspect"},
    "method": {"单采": "single", "单检": "single", "5混1": "pool5", "10混1": "pool10",
               "20混1": "pool20"},
    "severity": {"无": "none", "轻型": "mild", "普通型": "moderate", "中型": "moderate",
                 "重型": "severe"},
    "found_by": {"发热门诊": "fever_clinic", "密接": "contact", "密切接触者": "contact",
                 "筛查": "screening", "主动检测": "voluntary", "愿检尽检": "voluntary",
                 "入境": "arrival", "入省": "arrival"},
    "mode": {"火车": "train", "铁路": "train", "航空": "air", "飞机": "air", "公路": "road"},
    "source": {"场所码": "venue_scan", "车票": "ticket", "检查站": "checkpoint", "核酸": "test",
               "通信": "cell", "基站": "cell"},
    "vehicle": {"飞机": "aircraft", "航班": "aircraft", "火车": "train", "列车": "train",
                "高铁": "train", "动车": "train", "客车": "coach", "大巴": "coach", "汽车": "coach",
                "轮船": "ship", "船舶": "ship", "客船": "ship"},
    "class": {"硬座": "hard_seat", "硬卧": "hard_sleeper", "软座": "soft_seat",
              "软卧": "soft_sleeper", "高级软卧": "soft_sleeper", "动卧": "soft_sleeper",
              "二等座": "second", "一等座": "first", "特等座": "business", "商务座": "business",
              "头等舱": "first", "公务舱": "business", "商务舱": "business", "经济舱": "economy",
              "无座": "standing"},
    "sealed": {"是": "yes", "否": "no", "密闭": "yes", "非密闭": "no", "通风": "no"},
}  # fmt: skip


def tidy(words: pl.Series, *, free_text: bool) -> pl.Series:
    """Half-width, trimmed; null where the cell means "nothing".

    free_text: names and addresses, where only full-width digits and letters are changed and a
    dash may be meant.
    """
    odd = words.str.contains(_ODD)
    if odd.any():
        table = _SPACES | (_HALF_LETTERS if free_text else _HALF_ALL)
        words = pl.Series(
            [
                word.translate(table) if word and is_odd else word
                for word, is_odd in zip(words.to_list(), odd.to_list(), strict=True)
            ],
            dtype=pl.String,
        )
    word = pl.col("word").str.strip_chars()
    blank = word.is_in(list(_BLANK if free_text else _BLANK + _DASHES))
    return (
        pl.DataFrame({"word": words}).select(pl.when(~blank).then(word).alias("word")).to_series()
    )
