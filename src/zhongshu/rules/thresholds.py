"""Clusters and events: so many ill in one group within sliding days, as the packs say.

    found = crossed(pack, rows, on=day)

A row is one ill person, or a count of people of one place and day (column `count`).  Of counts the
number of different people over several days is not known: the day with the most people is at least
as many, the sum at most.  A threshold that asks for different people is judged by the first: one
child who stayed at home all week is no cluster.  The trace says so.

Set-based; `thresholds_oracle` says the same one group and one day at a time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.time import DAY
from zhongshu.rules import judgement, sure
from zhongshu.rules.expression import Trace, vector
from zhongshu.rules.judgement import Judgement
from zhongshu.rules.model import Criterion, Pack, Threshold


@dataclasses.dataclass(frozen=True, slots=True)
class Crossing:
    """One group that reached one threshold.

    first, last: the window (Beijing days, both included), that of the greatest count among those
    that reached it.  count: by the first criterion that held; at_most: upper bound where only
    counts were sent (else the same).  ids: the different values counted, [] for counts.
    """

    threshold: str
    rule_id: str
    verified: bool
    group: str
    first: dt.date
    last: dt.date
    count: int
    at_most: int
    ids: tuple[str, ...]
    outcome: Mapping[str, Any]
    trace: Trace
    judgement: Judgement


def crossed(
    pack: Pack,
    rows: pa.Table,
    *,
    of: str,
    on: dt.date,
    since: dt.date | None = None,
    sizes: pa.Table | None = None,
    only: Iterable[str] | None = None,
) -> list[Crossing]:
    """The groups that reach a threshold of the pack for rows of the kind `of` (``illness``,
    ``absence`` ...), one crossing for each threshold and group, in the order of the pack.

    rows: a column per fact, with `day` (date32), the grouping column and, for counts, `count`;
    sizes: the grouping column and size columns (``enrolled`` ...); otherwise the rows' own.
    on, since: the windows that end on these Beijing days are looked at (since None: only the one
    that ends on `on`).  Rows of later days are not looked at.  A threshold whose columns are
    missing from the rows is not judged: see `unjudged`.
    """
    wanted = set(only) if only is not None else None
    found: list[Crossing] = []
    for threshold in pack.thresholds.values():
        if threshold.of != of or (wanted is not None and threshold.id not in wanted):
            continue
        if _missing(pack, threshold, rows):
            continue
        asked = _Asked(pack, threshold, first_end=since or on, on=on, sizes=sizes)
        found += _crossed(asked, rows)
    return found


def unjudged(pack: Pack, rows: pa.Table, *, of: str) -> dict[str, list[str]]:
    """{threshold: columns it asks for that the rows do not have}, also within its conditions: what
    rests on such a column never holds, so nothing says that there was nothing."""
    return {
        threshold.id: missing
        for threshold in pack.thresholds.values()
        if threshold.of == of and (missing := _not_sent(pack, threshold, rows))
    }


def _not_sent(pack: Pack, threshold: Threshold, rows: pa.Table) -> list[str]:
    asked = judgement.names(threshold.where) | set(_totals(threshold))
    for one in threshold.criteria:
        asked |= judgement.names(one.where)
    missing = _missing(pack, threshold, rows)
    return [*missing, *sorted(asked - {"", *missing, *rows.column_names})]


def _missing(pack: Pack, threshold: Threshold, rows: pa.Table) -> list[str]:
    needed = ["day", threshold.per]
    if threshold.distinct_by and "count" not in rows.column_names:
        needed.append(threshold.distinct_by)
    if threshold.site_kinds:
        needed.append("site_kind")
    return [name for name in needed if name not in rows.column_names]


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked at: one threshold, windows that end on first_end..on, sizes of groups."""

    pack: Pack
    threshold: Threshold
    first_end: dt.date
    on: dt.date
    sizes: pa.Table | None

    @property
    def days(self) -> int:
        return int(self.pack.number(self.threshold.within_days))

    @property
    def back(self) -> int:
        """Days from the first of a window, or of a run of days, to its end, both included."""
        runs = [one.on_each_of_days for one in self.threshold.criteria if one.on_each_of_days]
        return max(self.days, *(int(self.pack.number(key)) for key in runs), 1)


def _crossed(asked: _Asked, rows: pa.Table) -> list[Crossing]:
    counted = _prepared(asked, rows)
    if counted.height == 0:
        return []
    threshold = asked.threshold
    together: pl.DataFrame | None = None
    for number, criterion in enumerate(threshold.criteria):
        one = _judged(asked, number, criterion, counted).select(
            "group",
            "end",
            **{f"{name}_{number}": pl.col(name) for name in ("least", "most", "total", "held")},
        )
        together = (
            one
            if together is None
            else together.join(one, on=["group", "end"], how="full", coalesce=True)
        )
    assert together is not None
    held = [pl.col(f"held_{number}") == True for number in range(len(threshold.criteria))]  # noqa: E712
    reached = together.filter(
        pl.all_horizontal(held) if threshold.mode == "all" else pl.any_horizontal(held)
    )
    # The window with the most people, and of equal ones the latest.
    best = reached.sort(
        "group",
        pl.max_horizontal([f"least_{n}" for n in range(len(threshold.criteria))]),
        "end",
        descending=[False, True, True],
    ).unique("group", keep="first", maintain_order=True)
    return [_crossing(asked, row, counted, rows) for row in best.iter_rows(named=True)]


def _prepared(asked: _Asked, rows: pa.Table) -> pl.DataFrame:
    """The rows that count, as (group, day, id, count, row, sizes, ok_N for criterion N)."""
    threshold = asked.threshold
    figures = judgement.lookup(asked.pack)
    table = rows.append_column("row#", pa.array(range(rows.num_rows), pa.int64()))
    conditions = [threshold.where, *(one.where for one in threshold.criteria)]
    for number, condition in enumerate(conditions):
        ok: Any = pa.array([True] * rows.num_rows, pa.bool_())
        if condition is not None:
            ok = vector.evaluate(condition, rows, figures=figures)
        table = table.append_column(f"ok_{number}", ok)
    frame = tables.frame(table).filter(
        (pl.col("ok_0") == True)  # noqa: E712 - null is not true
        & pl.col("day").is_between(asked.first_end - (asked.back - 1) * DAY, asked.on)
        & pl.col(threshold.per).is_not_null()
    )
    if threshold.site_kinds:
        frame = frame.filter(pl.col("site_kind").is_in(list(threshold.site_kinds)))
    there = frame.columns
    named = threshold.distinct_by if threshold.distinct_by in there else None
    return frame.select(
        pl.col(threshold.per).cast(pl.String).alias("group"),
        "day",
        (pl.col(named) if named else pl.lit(None)).cast(pl.String).alias("id"),
        (pl.col("count") if "count" in there else pl.lit(None)).cast(pl.Int64).alias("count"),
        "row#",
        *(pl.col(f"ok_{n}").fill_null(value=False) for n in range(1, len(conditions))),
        *(pl.col(name).cast(pl.Float64) for name in _totals(threshold) if name in there),
    )


def _totals(threshold: Threshold) -> list[str]:
    return sorted({one.of_total for one in threshold.criteria if one.of_total})


def _judged(
    asked: _Asked, number: int, criterion: Criterion, counted: pl.DataFrame
) -> pl.DataFrame:
    """(group, end, least, most, total, held) of one criterion, for every window with a row."""
    rows = counted.filter(pl.col(f"ok_{number + 1}"))
    pack = asked.pack
    distinct = asked.threshold.distinct_by is not None
    if criterion.on_each_of_days is not None and criterion.at_least is not None:
        run = int(pack.number(criterion.on_each_of_days))
        since = asked.first_end - (run - 1) * DAY
        daily = _windows(rows, first_end=since, on=asked.on, days=1, distinct=distinct)
        least = pack.number(criterion.at_least)
        return _runs(daily, least=least, run=run, first_end=asked.first_end)
    window = _windows(
        rows,
        first_end=asked.first_end,
        on=asked.on,
        days=asked.days,
        distinct=distinct,
        total=criterion.of_total,
    )
    if criterion.at_least is not None:
        enough = pl.col("least") >= pack.number(criterion.at_least)
        return window.with_columns(enough.alias("held"))
    assert criterion.at_least_pct is not None
    shared = _sized(window, criterion.of_total, asked)
    needed = pack.number(criterion.at_least_pct)
    return shared.with_columns(
        ((pl.col("total") > 0) & (100 * pl.col("least") >= needed * pl.col("total"))).alias("held")
    )


def _windows(
    rows: pl.DataFrame,
    *,
    first_end: dt.date,
    on: dt.date,
    days: int,
    distinct: bool,
    total: str | None = None,
) -> pl.DataFrame:
    """(group, end, least, most, total): people in the `days` up to each end, first_end..on."""
    steps = pl.DataFrame({"step": list(range(days))}, schema={"step": pl.Int64})
    spread = (
        rows.join(steps, how="cross")
        .with_columns((pl.col("day") + pl.duration(days=pl.col("step"))).alias("end"))
        .filter(pl.col("end").is_between(first_end, on))
    )
    size = (
        pl.col(total).max()
        if total is not None and total in rows.columns
        else pl.lit(None, pl.Float64).first()
    )
    alone = pl.col("count").is_null()
    named = pl.col("id").filter(alone).drop_nulls().n_unique() if distinct else alone.sum()
    people = spread.group_by("group", "end").agg(
        named.cast(pl.Int64).alias("named"), size.alias("total")
    )
    daily = (
        spread.filter(~alone)
        .group_by("group", "end", "day")
        .agg(pl.col("count").sum())
        .group_by("group", "end")
        .agg(pl.col("count").max().alias("highest"), pl.col("count").sum().alias("summed"))
    )
    both = people.join(daily, on=["group", "end"], how="left").with_columns(
        pl.col("highest", "summed").fill_null(0)
    )
    return both.select(
        "group",
        "end",
        (pl.col("named") + pl.col("highest" if distinct else "summed")).alias("least"),
        (pl.col("named") + pl.col("summed")).alias("most"),
        "total",
    )


def _runs(daily: pl.DataFrame, *, least: float, run: int, first_end: dt.date) -> pl.DataFrame:
    """Days that end `run` consecutive ones which each reached `least`; the count is the day's."""
    enough = daily.filter(pl.col("least") >= least).sort("group", "end")
    place = pl.int_range(pl.len(), dtype=pl.Int32)
    islands = enough.with_columns(
        (pl.col("end").cast(pl.Int32) - place.over("group")).alias("island")
    )
    nth = pl.int_range(1, pl.len() + 1).over("group", "island")
    return islands.with_columns((nth >= run).alias("held")).filter(pl.col("end") >= first_end)


def _sized(window: pl.DataFrame, column: str | None, asked: _Asked) -> pl.DataFrame:
    """`window` with each group's size from `asked.sizes`; without it, the rows' own stays."""
    if column is None or asked.sizes is None or column not in asked.sizes.column_names:
        return window
    per = asked.threshold.per
    known = tables.frame(asked.sizes).select(
        pl.col(per).cast(pl.String).alias("group"), pl.col(column).cast(pl.Float64).alias("total")
    )
    largest = known.group_by("group").agg(pl.col("total").max())
    return window.drop("total").join(largest, on="group", how="left")


def _crossing(
    asked: _Asked, row: Mapping[str, Any], counted: pl.DataFrame, rows: pa.Table
) -> Crossing:
    pack, threshold = asked.pack, asked.threshold
    last: dt.date = row["end"]
    inside = counted.filter(
        (pl.col("group") == row["group"])
        & pl.col("day").is_between(last - (asked.back - 1) * DAY, last)
    )
    window = inside.filter(pl.col("day") > last - asked.days * DAY)
    ids = sorted(window["id"].drop_nulls().unique().to_list())
    number = next(n for n in range(len(threshold.criteria)) if row[f"held_{n}"])
    trace = _trace(asked, row, counts=inside["count"].drop_nulls().len() > 0)
    outcome = threshold.then.as_json()
    judged = judgement.made(
        pack,
        rule_id=threshold.rule_id,
        subject=threshold.of,
        facts=_kept(asked, inside, rows, row),
        held=True,
        outcome=outcome,
        trace=trace,
        kind=judgement.THRESHOLD,
        part=threshold.id,
    )
    return Crossing(
        threshold=threshold.id,
        rule_id=threshold.rule_id,
        verified=sure.verified(pack, threshold),
        group=row["group"],
        first=last - (asked.days - 1) * DAY,
        last=last,
        count=int(row[f"least_{number}"]),
        at_most=int(row[f"most_{number}"]),
        ids=tuple(ids),
        outcome=outcome,
        trace=trace,
        judgement=judged,
    )


def _trace(asked: _Asked, row: Mapping[str, Any], *, counts: bool) -> Trace:
    """Every criterion with what was asked and what was there, in the operators of expressions so
    that it is said in the same words."""
    pack, threshold = asked.pack, asked.threshold
    told = [
        _criterion_trace(pack, threshold, one, row, number)
        for number, one in enumerate(threshold.criteria)
    ]
    parts = [told[0]] if len(told) == 1 else [
        judgement.joined("and" if threshold.mode == "all" else "or", True, told)
    ]  # fmt: skip
    if threshold.distinct_by is not None and counts:
        # Only counts were sent: how many different people over several days is not known.
        most = max(row[f"most_{number}"] or 0 for number in range(len(told)))
        parts.append(_leaf("var", most, fact="count_at_most", unknown=True))
    parts.append(_leaf("figure", pack.value(threshold.within_days), figure=threshold.within_days))
    return judgement.joined("and", True, parts)


def _criterion_trace(
    pack: Pack, threshold: Threshold, one: Criterion, row: Mapping[str, Any], number: int
) -> Trace:
    held = bool(row[f"held_{number}"])
    people = row[f"least_{number}"] or 0
    by = threshold.distinct_by
    counted = _leaf("var", people, fact=f"count of different {by}" if by else "count")
    if one.at_least_pct is not None:
        total = row[f"total_{number}"]
        share = Trace(
            op="/", value=100 * people / total if total else None, held=held,
            unknown=not total, parts=(counted, _leaf("var", total, fact=one.of_total)),
        )  # fmt: skip
        needed = _leaf("figure", pack.value(one.at_least_pct), figure=one.at_least_pct)
        return judgement.joined(">=", held, (share, needed))
    assert one.at_least is not None
    needed = _leaf("figure", pack.value(one.at_least), figure=one.at_least)
    enough = judgement.joined(">=", held, (counted, needed))
    if one.on_each_of_days is None:
        return enough
    run = _leaf("figure", pack.value(one.on_each_of_days), figure=one.on_each_of_days)
    return judgement.joined("and", held, (enough, run))


def _leaf(
    op: str, value: object, *, fact: str | None = None, figure: str | None = None,
    unknown: bool = False,
) -> Trace:  # fmt: skip
    return Trace(
        op=op, value=judgement.plain(value), held=bool(value), unknown=unknown, fact=fact,
        figure=figure, parts=(),
    )  # fmt: skip


def _kept(
    asked: _Asked, inside: pl.DataFrame, rows: pa.Table, row: Mapping[str, Any]
) -> dict[str, Any]:
    """What is needed to judge this group again, persons numbered instead of named."""
    threshold = asked.threshold
    looked_at: set[str] = {"day", threshold.per, "count", *_totals(threshold)}
    if threshold.site_kinds:
        looked_at.add("site_kind")
    for one in (threshold.where, *(criterion.where for criterion in threshold.criteria)):
        looked_at |= {name.split(".")[0] for name in judgement.names(one)}
    by = threshold.distinct_by
    looked_at -= {by} if by else set()
    columns = [name for name in rows.column_names if name in looked_at]
    told = rows.select(columns).take(inside["row#"].to_arrow()).to_pylist()
    numbers = {value: place for place, value in enumerate(inside["id"].unique().sort(), 1)}
    if by:
        for one, value in zip(told, inside["id"].to_list(), strict=True):
            one[by] = str(numbers[value]) if value is not None else None
    sizes = {
        criterion.of_total: row[f"total_{number}"]
        for number, criterion in enumerate(threshold.criteria)
        if criterion.of_total
    }
    facts = {"group": row["group"], "on": row["end"], "rows": told, "sizes": sizes}
    plain: dict[str, Any] = judgement.plain(facts)
    return plain


def again(pack: Pack, stored: Mapping[str, Any]) -> Judgement | None:
    """The judgement of a stored threshold, done again; None where it is not reached any more."""
    threshold, facts = pack.thresholds[stored["part"]], stored["facts"]
    told = [{**one, "day": dt.date.fromisoformat(one["day"])} for one in facts["rows"]]
    sized = [{threshold.per: facts["group"], **facts["sizes"]}]
    found = crossed(
        pack,
        pa.Table.from_pylist(told),
        of=threshold.of,
        on=dt.date.fromisoformat(facts["on"]),
        sizes=pa.Table.from_pylist(sized) if facts["sizes"] else None,
        only=[threshold.id],
    )
    return found[0].judgement if found else None
