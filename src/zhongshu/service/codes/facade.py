"""What others may use of the colours of health codes."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.codes import selectors
from zhongshu.service.codes.models import Code
from zhongshu.service.codes.selectors import OPEN, get, listed
from zhongshu.service.codes.services import COLOURED, report, take
from zhongshu.service.incidents import facade as incidents

__all__ = ["COLOURED", "OPEN", "Code", "get", "listed", "open_codes", "report", "take"]


def open_codes(as_of: dt.datetime) -> pa.Table:
    """All colours of the current incident standing at `as_of`: schema `OPEN`."""
    return selectors.open_codes(incident_id=incidents.current().pk, as_of=as_of)
