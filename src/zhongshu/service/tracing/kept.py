"""How far back visits are kept, by the pack for privacy in force."""

from __future__ import annotations

import datetime as dt

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.lake import retention
from zhongshu.rules import keeping
from zhongshu.service.incidents import facade as incidents


def from_day(begin: dt.datetime, as_of: dt.datetime) -> tuple[dt.date | None, str]:
    """The first day of which visits are kept, if a window that begins at `begin` lacks days, and
    the rule by which they are deleted."""
    keep = _keeping(as_of)
    if keep is None:
        return None, ""
    first = retention.kept_from(beijing_day(as_of), keep)
    return (first if beijing_day(begin) < first else None), keep.rule_id


def check(begin: dt.datetime, as_of: dt.datetime) -> None:
    """Refuses to look where visits have been deleted: nobody there would not mean nobody."""
    keep = _keeping(as_of)
    if keep is not None:
        retention.check_window(beijing_day(begin), today=beijing_day(as_of), keeping=keep)


def _keeping(as_of: dt.datetime) -> retention.Keeping | None:
    try:
        keep = keeping.visits(beijing_day(as_of), path=incidents.current().scope_unit.path)
    except NotFound:  # no pack for privacy holds: nothing was ever deleted
        return None
    return retention.Keeping(keep.days, keep.rule_id)
