"""`python -m zhongshu.config.kernels`: compile what lake and tracing need before anybody waits.

Compiling takes half a minute of one core and is kept (`kernel.compiled`); done again it takes a
second.  It runs beside what an installation does first, so that the first question and the first
cycle find the kernels ready.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import common, fast, model, questions, scans, sensitivity
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.kernel.time import beijing_day
from zhongshu.lake import sealing
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake

_BEGIN = int(dt.datetime(2022, 11, 1, 4, tzinfo=dt.UTC).timestamp())
_PERSONS, _DAYS, _HOUR = 60, 2, 3600
_KIND, _SOURCE = "shop", "venue_scan"


def _visits() -> pa.Table:
    """A few people who meet every day at two places, some without a time out."""
    rows = np.arange(_PERSONS * _DAYS)
    begin = _BEGIN + rows // _PERSONS * 24 * _HOUR + rows % 7 * 60
    columns = [
        rows % _PERSONS + 1,
        pa.array((rows % 2).astype(np.int32)),
        pa.array(begin).cast(model.SECONDS),
        pa.array(begin + _HOUR, mask=rows % 3 == 0).cast(model.SECONDS),
        pa.array(begin + _HOUR).cast(model.SECONDS),
    ]
    return pa.table(columns, schema=model.VISITS)


def _rules() -> model.TraceRules:
    return model.TraceRules(
        window_days_before=2,
        degrees=2,
        heavy_place_persons=_PERSONS,
        min_overlap_min={_KIND: 5},
        imputed_stay_min={_KIND: 30},
        max_stay_min={_KIND: 240},
        rule_ids={_KIND: "-", model.HOUSEHOLD: "-"},
        second_rule_id="-",
        near_apart={_KIND: 1},
    )


def _taken(lake: Lake) -> None:
    """Take the rows into the truth, and seal its first day."""
    rows = _visits()
    lake.write_visits(rows.append_column("source", pa.repeat(_SOURCE, rows.num_rows)))
    day = beijing_day(dt.datetime.fromtimestamp(_BEGIN, dt.UTC))
    sealing.seal_stale(lake, HotLake(lake.root / "hot"), day, day)


def warm() -> None:
    """Ask every question once of a lake of a hundred rows."""
    until = dt.datetime.fromtimestamp(_BEGIN + _DAYS * 24 * _HOUR, dt.UTC)
    begin = until - dt.timedelta(days=_DAYS)
    kinds = {"kind": [_KIND, _KIND, _KIND], "parent": [None, 2, None], "number": [None, 1, None]}
    places = pa.table({"place": pa.array([0, 1, 2], pa.int32())} | kinds)
    homes = pa.table({"person": [1, 2], "household": [1, 1]})
    columns = [[1, 2], [1, 4], [begin] * 2, [until] * 2]
    cases = pa.table([pa.array(one) for one in columns], names=model.CASES.names)
    with tempfile.TemporaryDirectory() as folder:
        lake = HotLake(Path(folder) / "hot")
        lake.seal(_visits())
        _taken(Lake(Path(folder) / "lake"))
        tracer = fast.prepare(lake.snapshot(), places=places, households=homes, rules=_rules())
        asked = model.checked(cases, model.CASES, "cases")
        tracer.trace(asked, until=until)
        sensitivity.of(tracer, asked, until=until, tolerance_min=5)
        source, tree = scans.hot(tracer, until=until), PlaceTree.of(places, _rules())
        span = {"begin_s": _BEGIN, "end_s": int(until.timestamp())}
        questions.venue(source, tree, [2], **span)
        questions.timeline(source, tree, 1, **span)
        common.common(source, tree, asked)


if __name__ == "__main__":
    os.nice(5)  # whatever somebody waits for goes first
    warm()
