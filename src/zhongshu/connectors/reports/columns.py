"""The tables of a report: which columns, how wide on an A4 page."""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.connectors.reports.view import Column

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "figures": (
        Column("name", 72),
        Column("value", 30, numeric=True),
        Column("change", 24, numeric=True),
        Column("series", 44),
    ),
    "proposals": (
        Column("item", 58),
        Column("kind", 18),
        Column("unit", 32),
        Column("waiting", 36),
        Column("pack", 26),
    ),
    "decisions": (
        Column("item", 46),
        Column("verdict", 22),
        Column("reason", 34),
        Column("by", 20),
        Column("at", 30),
        Column("directives", 18, numeric=True),
    ),
    "zones": (
        Column("unit", 39),
        Column("level", 24),
        Column("state", 17),
        Column("since", 14),
        Column("residents", 19, numeric=True),
        Column("person_days", 20, numeric=True),
        Column("cases", 15, numeric=True),
        Column("release", 22),
    ),
    "signals": (
        Column("grade", 16),
        Column("unit", 32),
        Column("stream", 32),
        Column("date", 16),
        Column("observed", 20, numeric=True),
        Column("expected", 20, numeric=True),
        Column("z", 12, numeric=True),
        Column("state", 22),
    ),
    "trends": (
        Column("day", 18),
        Column("reported", 20, numeric=True),
        Column("bar", 52),
        Column("rt", 38, numeric=True),
        Column("rooms", 42, numeric=True),
    ),
    "feeds": (
        Column("feed", 32),
        Column("sender", 28),
        Column("received", 30),
        Column("data_day", 20),
        Column("rows", 20, numeric=True),
        Column("rejected", 18, numeric=True),
        Column("timeliness", 22),
    ),
    "card": (Column("name", 40), Column("value", 130)),
}
