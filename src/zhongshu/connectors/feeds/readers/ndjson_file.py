"""NDJSON: one object a line.  A line that is none is kept aside, the others are taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers import text
from zhongshu.connectors.feeds.readers.raw import TEXTS, Broken, Raw
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FeedSpec

_SHOWN = 2000


def read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    """Refuses empty, oversized and binary files, and one without a single object."""
    text.refuse_large(path, limits)
    data = text.utf8(path, "NDJSON")
    good: list[dict[str, str | None]] = []
    numbers: list[int] = []
    broken: list[Broken] = []
    for number, line in enumerate(data.decode("utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        cells, code = _cells(line)
        if cells is None:
            broken.append(Broken(number, line[:_SHOWN], code))
        else:
            good.append(cells)
            numbers.append(number)
    if not good:
        raise refusal("feeds.binary", expected="NDJSON")
    headers = list(dict.fromkeys(name for cells in good for name in cells))
    columns = [
        pa.array([cells.get(name) for cells in good], pa.string()).cast(TEXTS) for name in headers
    ]
    return Raw(headers, columns, np.array(numbers, np.int64), tuple(broken))


def _cells(line: str) -> tuple[dict[str, str | None] | None, str]:
    """(cells as text, "") or (None, why not)."""
    try:
        # numbers stay as written, so that a long identity number keeps its digits
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None, "row.not_json"
    if not isinstance(found, dict):
        return None, "row.not_json"
    if any(isinstance(value, list | dict) for value in found.values()):
        return None, "row.nested"
    return {_clean(name): _text(value) for name, value in found.items()}, ""


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return _clean(str(value).lower() if isinstance(value, bool) else value)


def _clean(value: str) -> str:
    """JSON can escape half a surrogate pair, which is no text."""
    return value.encode("utf-8", "replace").decode("utf-8")
