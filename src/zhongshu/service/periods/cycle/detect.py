"""Detect: which county shows something unusual, in which stream, within the alert budget."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.engines.warning import model, solve
from zhongshu.kernel import tables
from zhongshu.kernel.time import DAY
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.signals import facade as signals

KIND = "signal"
Detector = Callable[[pa.Table, dt.date], model.DetectResult]
# Reports of a day come in until the next morning: both days are looked at.
_DAYS = 2


def run(frame: Frame) -> Outcome:
    """Test every series of today and yesterday, register the signals, propose to verify them."""
    series = series_of(frame)
    detect = detector(frame)
    of_day = {day: detect(series, day) for day in (frame.today - n * DAY for n in range(_DAYS))}
    results = list(of_day.values())
    rows = [_register_row(row, result) for result in results for row in result.signals.to_pylist()]
    changed = signals.upsert(table=_table(rows), run_id=frame.run_id, as_of=frame.as_of)
    signals.log_tests(of_day, run_id=frame.run_id, as_of=frame.as_of)
    handled = _handled(frame)
    by_county: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if (row["unit"], row["stream"], row["date"]) not in handled:
            by_county[row["unit"]].append(row)
    drafts = tuple(_draft(frame, county, found) for county, found in sorted(by_county.items()))
    summary = {
        "series": len(
            set(zip(series["unit"].to_pylist(), series["stream"].to_pylist(), strict=True))
        ),
        "tested": sum(result.tested for result in results),
        "signals": len(rows),
        "over_budget": sum(result.over_budget for result in results),
        "untested": sum(result.untested.num_rows for result in results),
        "changed": changed,
        "card": results[0].card.as_json(),
    }
    return Outcome(summary, drafts, (KIND,))


def detector(frame: Frame) -> Detector:
    """One day's tests of all series, as this run does them: without what was counted before a
    break.  It writes nothing, so that a self-test can ask it about counts that never were."""
    params = rulebook.ears(frame.pack)
    breaks = signals.breaks_in_force(frame.as_of)

    def day(series: pa.Table, on: dt.date) -> model.DetectResult:
        kept = breaks.kept(series, on=on, path_of=lambda code: frame.tree.get(code).path)
        return solve.detect(kept, on=on, params=params)

    return day


def _handled(frame: Frame) -> set[tuple[str, str, dt.date]]:
    """Signals somebody has taken, verified, snoozed or dismissed: they need no proposal."""
    scope = Scope((frame.tree.get(frame.scope_unit).path,))
    return signals.unproposed(scope=scope, as_of=frame.as_of)


def series_of(frame: Frame) -> pa.Table:
    """Counts by county, stream and day as known now; sites that sent nothing add nothing, and a
    day on which no site of a county reported has no row."""
    counts = tables.frame(frame.lake.counts(frame.as_of))
    inside = counts.with_columns(
        pl.col("county_code").replace_strict(
            {code: frame.county(code) for code in counts["county_code"].unique().to_list()},
            return_dtype=pl.String,
        )
        if counts.height
        else pl.col("county_code")
    ).drop_nulls("county_code")
    daily = (
        inside.group_by(pl.col("county_code").alias("unit"), "stream", "date")
        .agg(pl.col("count").sum())
        .sort("unit", "stream", "date")
    )
    return daily.select(model.SERIES.names).to_arrow().cast(model.SERIES)


def _register_row(row: dict[str, Any], result: model.DetectResult) -> dict[str, Any]:
    threshold = float(result.card.parameters["grades"][0][1])
    evidence = {
        "history": [
            {"date": day["date"].isoformat(), "count": day["count"]} for day in row["history"]
        ],
        "expected_upper": row["expected"] + threshold * row["sd"],
        "baseline_days": row["baseline_days"],
        "tested": result.tested,
    }
    kept = ("unit", "stream", "date", "observed", "expected", "sd", "z", "p_value", "method")
    return {name: row[name] for name in kept} | {
        "grade": row["grade"],
        "evidence": json.dumps(evidence),
    }


_SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("date", pa.date32()),
        ("observed", pa.float64()),
        ("expected", pa.float64()),
        ("sd", pa.float64()),
        ("z", pa.float64()),
        ("p_value", pa.float64()),
        ("method", pa.string()),
        ("grade", pa.string()),
        ("evidence", pa.string()),
    ]
)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _draft(frame: Frame, county: str, rows: list[dict[str, Any]]) -> Draft:
    worst = max(rows, key=lambda row: row["z"])
    signals = frame.other("signals")
    facts = {
        "county": frame.name(county),
        "count": len(rows),
        "stream": say(f"stream.{worst['stream']}"),
        "observed": worst["observed"],
        "expected": round(worst["expected"], 1),
        "sd": round(worst["z"], 1),
        "hours": signals.value("signal.verify_h"),
    }
    pack = frame.pack
    last: dt.date = max(row["date"] for row in rows)
    return Draft(
        kind=KIND,
        key=f"{KIND}:{county}:{last.isoformat()}",
        unit=county,
        title=say("signal.title", **facts),
        reasons=[
            reason(
                "signal.why",
                pack=pack,
                figure="warning.threshold_sd",
                opens={"route": "signals", "filters": {"scope": county}},
                **facts,
            )
        ],
        cost=[cost("signals", len(rows), "signals")],
        directive=say("signal.directive", **facts),
        **frame.terms(KIND)
        | {
            "sign_hours": min(pack.number("directive.sign_h"), signals.number("signal.verify_h")),
            "due_hours": signals.number("signal.field_check_h"),
        },
        priority=50 + min(int(worst["z"]), 20),
        if_nothing=say("signal.if_nothing", **facts),
        recipients=[county],
        detail={
            "columns": [
                column(key) for key in ("stream", "date", "observed", "expected", "sd", "grade")
            ],
            "rows": [
                {
                    "stream": say(f"stream.{row['stream']}"),
                    "date": row["date"].isoformat(),
                    "observed": row["observed"],
                    "expected": round(row["expected"], 1),
                    "sd": round(row["z"], 1),
                    "grade": say(f"grade.{row['grade']}"),
                }
                for row in rows
            ],
            "total": len(rows),
        },
    )
