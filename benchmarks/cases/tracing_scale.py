"""What a province of 35 million people comes to, from the slopes between the two instances.

`lines` extrapolates the rows of benchmarks/results/tracing.json; `write` puts them, with Spark's
(benchmarks/results/spark.json), into the page: `python -m benchmarks.cases.tracing_scale`.
Extrapolated is not measured, and each row says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.cases.tracing_lines import Line, line

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "explanation" / "tracing-at-scale.md"
BEGIN, END = "<!-- figures of benchmarks/results: begin -->", "<!-- figures: end -->"
SMALL, LARGE, ALL = 54.5, 108.9, 1900.0  # million visits
DAYS = 14
ONE_M, OTHER_M, ALL_M = (f"province-{n:g}M" for n in (SMALL, LARGE, ALL))
SEALED = "memory while sealing a day"
ASKED = "memory beyond mapped files, 100 cases to degree 2"
TIMES = ("one case", "100 cases", "10,000 cases")
Values = Mapping[str, float]


def _values(rows: list[Line]) -> Values:
    """Our own value by name; the same question stands against several peers."""
    found = {row["name"]: float(row["value"]) for row in rows}
    short = {name.partition(", against")[0]: value for name, value in found.items()}
    return short | found


def _at(values: Values, what: str) -> float:
    """On the line through both instances, at all visits; never below the larger instance."""
    small, large = values[f"{ONE_M}, {what}"], values[f"{OTHER_M}, {what}"]
    return large + max(0.0, (large - small) / (LARGE - SMALL)) * (ALL - LARGE)


def lines(rows: list[Line]) -> list[Line]:
    """The rows of the whole province; none if one of the instances was not measured."""
    values = _values(rows)
    try:
        size = values[f"{OTHER_M}, both orders, bytes a visit"]
        a_day = ALL / DAYS / values[f"{OTHER_M}, ingest"]
        told = [
            ("hot index on disk", size * ALL / 1000, "GB"),
            ("sealing a day", a_day, "s"),
            (SEALED, _at(values, SEALED) / 1000, "GB"),
            (ASKED, _at(values, ASKED) / 1000, "GB"),
            *((what, _at(values, f"{what}, degree 1 overlaps, warm"), "ms") for what in (TIMES)),
        ]
    except KeyError:
        return []
    return [line(f"{ALL_M}, {what}, extrapolated", value, unit) for what, value, unit in told]


# the page ------------------------------------------------------------------------------------


def block() -> str:
    """The tables of the page, from what was measured last."""
    rows = json.loads((RESULTS / "tracing.json").read_text("utf-8"))
    values = _values(rows)
    spark = _values(json.loads((RESULTS / "spark.json").read_text("utf-8")))
    return "\n".join([*_goals(rows), "", *_hot(values), "", *_spark(spark)])


def _goals(rows: list[Line]) -> list[str]:
    """Every row of the two instances that has a goal."""
    told = [["measured", "ours", "peer", "times", "goal", ""], ["---"] * 6]
    for row in rows:
        if row["goal"] is None or not row["name"].startswith((ONE_M, OTHER_M)):
            continue
        peer, ratio = row["peer"], row["ratio"]
        told.append(
            [
                row["name"],
                f"{row['value']:.4g} {row['unit']}",
                f"{peer['value']:.4g} {row['unit']}" if peer else "",
                f"{ratio:.3g}" if ratio else "",
                f"{row['goal']:g}" + (" times" if ratio else f" {row['unit']}"),
                "met" if row["met"] else "missed",
            ]
        )
    return ["| " + " | ".join(row) + " |" for row in told]


def _hot(values: Values) -> list[str]:
    rate = values[f"{OTHER_M}, ingest"]
    size = values[f"{OTHER_M}, both orders, bytes a visit"]
    rows = [
        ["", "54.5 M", "108.9 M", "1,900 M, extrapolated", "how"],
        ["---"] * 5,
        [
            "hot index on disk, both orders",
            f"{values[f'{ONE_M}, both orders, bytes a visit'] * SMALL / 1000:.2f} GB",
            f"{size * LARGE / 1000:.2f} GB",
            f"{values[f'{ALL_M}, hot index on disk, extrapolated']:.1f} GB",
            f"{size:.1f} bytes a visit x 1.9 x 10^9",
        ],
        [
            "sealing a day",
            f"{SMALL / DAYS / values[f'{ONE_M}, ingest, both orders, from unsorted files']:.1f} s",
            f"{LARGE / DAYS / rate:.1f} s",
            f"{values[f'{ALL_M}, sealing a day, extrapolated']:.0f} s",
            f"1,900 M / {DAYS} days / {rate:.2f} M visits a second",
        ],
        _memory(values, SEALED, "memory while sealing a day"),
        _memory(values, ASKED, "memory beyond mapped files, 100 cases to degree 2"),
        *(_time(values, what) for what in TIMES),
    ]
    return ["| " + " | ".join(row) + " |" for row in rows]


def _memory(values: Values, what: str, name: str) -> list[str]:
    small, large = values[f"{ONE_M}, {what}"], values[f"{OTHER_M}, {what}"]
    slope = max(0.0, (large - small) / (LARGE - SMALL))
    return [
        name,
        f"{small:.0f} MB",
        f"{large:.0f} MB",
        f"{values[f'{ALL_M}, {what}, extrapolated']:.1f} GB",
        f"{large:.0f} MB + {slope:.2f} MB a million x {ALL - LARGE:,.0f} million",
    ]


def _time(values: Values, what: str) -> list[str]:
    name = f"{what}, degree 1 overlaps, warm"
    small, large = values[f"{ONE_M}, {name}"], values[f"{OTHER_M}, {name}"]
    return [
        f"{what}, degree 1, warm",
        f"{small:.3g} ms",
        f"{large:.3g} ms",
        f"{values[f'{ALL_M}, {what}, extrapolated']:.3g} ms",
        "the line through both, never less than the larger",
    ]


def _spark(values: Values) -> list[str]:
    rows = [["", "processor time a million visits", "1,900 M, extrapolated"], ["---"] * 3]
    for who in ("Spark", "DuckDB"):
        slope = values[f"{who}, 1 case, processor time per million visits"]
        whole = values[f"{who}, 1 case, 1900 million visits, processor time, extrapolated"]
        rows.append([f"{who} over Parquet, one case", f"{slope:.3g} s", f"{whole:.0f} s"])
    return ["| " + " | ".join(row) + " |" for row in rows]


def write(page: Path = PAGE) -> None:
    """Put the tables into the page, if both instances have been measured."""
    try:
        new = block()
    except KeyError:
        return
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{new}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    write()
