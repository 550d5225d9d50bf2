"""Early warning: test every series of one day and raise the strongest signals."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Container

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhongshu.engines.warning import model
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears
from zhongshu.engines.warning.published.ears import Floats
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

Key = tuple[str, str]


def detect(series: pa.Table, *, on: dt.date, params: EarsParams) -> model.DetectResult:
    """Signals of the day `on`.

    series: model.SERIES, one row per (unit, stream, day); a day without a row, with a null or with
        a negative correction is a day without a report.  Days after `on` are not looked at.

    A series is tested when `on` is reported and at least `baseline_min_days` of its baseline are.
    The p-value assumes independent normal days; weekdays and clustering make false alarms more
    frequent than that: docs/explanation/warning.md has the measured rates.
    Refuses a table that gives one day twice.
    """
    missing = [name for name in model.SERIES.names if name not in series.column_names]
    if missing:
        raise BadInput("warning.column_missing", f"The series have no column {missing[0]}.")
    keys, counts = _matrix(series, on, max(params.days_needed, params.history_days))
    tests: dict[int, dict[str, object]] = {}
    signal_of: dict[int, dict[str, object]] = {}
    for method in params.methods:
        found = ears.statistic(counts, method, params).today()
        p_value = found.p_value()
        for n in np.flatnonzero(~np.isnan(found.z)):
            tests.setdefault(int(n), _test(keys[n], method, float(p_value[n])))
        for n in np.flatnonzero(fires(found, counts[:, -1], method, params)):
            third = method is Method.C3
            row = {
                "unit": keys[n][0],
                "stream": keys[n][1],
                "date": on,
                "observed": int(counts[n, -1]),
                "expected": float(found.mean[n]),
                "sd": float(found.sd[n]),
                "z": float(found.z[n]),
                "p_value": None if third else float(p_value[n]),
                "method": method.value,
                "grade": params.grades[0][0] if third else params.grade(float(found.z[n])),
                "baseline_days": int(found.days[n]),
                "history": _history(counts[n, -params.history_days :], on),
            }
            signal_of.setdefault(int(n), row)
    rows = list(signal_of.values())
    rows.sort(key=lambda row: (-float(str(row["z"])), str(row["unit"]), str(row["stream"])))
    raised = rows if params.budget_per_day is None else rows[: params.budget_per_day]
    return model.DetectResult(
        signals=pa.Table.from_pylist(raised, schema=model.SIGNALS),
        tested=len(tests),
        over_budget=len(rows) - len(raised),
        untested=_untested(keys, counts, tests),
        card=RunCard(
            "warning.ears",
            model.VERSION,
            dataclasses.asdict(params) | {"on": on.isoformat()},
            {"series": table_hash(series.select(model.SERIES.names))},
        ),
        tests=pa.Table.from_pylist([tests[n] for n in sorted(tests)], schema=model.TESTS),
    )


def _test(key: Key, method: Method, p_value: float) -> dict[str, object]:
    unit, stream = key
    p = None if method is Method.C3 else p_value
    return {"unit": unit, "stream": stream, "method": method.value, "p_value": p}


def _matrix(series: pa.Table, on: dt.date, days: int) -> tuple[list[Key], Floats]:
    """Every series of the table over the `days` days that end with `on`; nan without a report."""
    table = series.select(model.SERIES.names).cast(model.SERIES)
    pairs = list(zip(table["unit"].to_pylist(), table["stream"].to_pylist(), strict=True))
    keys = sorted(set(pairs))
    index = {key: n for n, key in enumerate(keys)}
    row = np.array([index[pair] for pair in pairs], dtype=np.int64)
    date = table["date"].cast(pa.int32()).to_numpy()
    value = table["count"].to_numpy(zero_copy_only=False).astype(np.float64)
    value = np.where(value < 0, np.nan, value)
    last = (on - dt.date(1970, 1, 1)).days
    wanted = (date > last - days) & (date <= last)
    row, column, value = row[wanted], days - 1 - (last - date[wanted]), value[wanted]
    if len(np.unique(row * days + column)) < len(row):
        raise BadInput("warning.day_twice", "The series give one day of a unit and stream twice.")
    counts = np.full((len(keys), days), np.nan)
    counts[row, column] = value
    return keys, counts


def fires(
    found: ears.Statistic, now: Floats, method: Method, params: EarsParams
) -> npt.NDArray[np.bool_]:
    """Which tests signal, of any shape; now: the counts tested.  The one rule of short histories,
    for whoever tests a whole grid instead of a table's last day."""
    with np.errstate(invalid="ignore"):
        third = method is Method.C3
        above = found.z > model.C3_THRESHOLD if third else found.z >= params.threshold_z
        return np.asarray(above & (now >= params.min_observed) & (now > found.mean))


def _history(counts: Floats, on: dt.date) -> list[dict[str, object]]:
    first = on - dt.timedelta(days=len(counts) - 1)
    return [
        {"date": first + dt.timedelta(days=n), "count": None if np.isnan(x) else int(x)}
        for n, x in enumerate(counts)
    ]


def _untested(keys: list[Key], counts: Floats, tested: Container[int]) -> pa.Table:
    rows = [
        {
            "unit": unit,
            "stream": stream,
            "reason": model.Untested.NO_REPORT
            if np.isnan(counts[n, -1])
            else model.Untested.SHORT_BASELINE,
        }
        for n, (unit, stream) in enumerate(keys)
        if n not in tested
    ]
    return pa.Table.from_pylist(rows, schema=model.UNTESTED)
