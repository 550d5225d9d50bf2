"""Prices that rose, stand above the county's, were not reported, and shelves that are empty."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import polars as pl
import pyarrow as pa

from zhongshu.engines.supply.prices import model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

KEY = ["point_id", "item"]


def watch(
    *, watched: pa.Table, reports: pa.Table, rules: model.PriceRules, on: dt.date
) -> model.PriceWatch:
    """What of `on` calls for a look; of pairs that nobody watches nothing is said.

    Refuses (BadInput): a pair watched twice, two reports of a day, a report after `on`, a price
    below zero, rules that look back no day.
    """
    began = time.perf_counter()
    pairs, told = _read(watched, reports, rules, on)
    today = told.filter(pl.col("date") == on)
    now = pairs.join(today.filter(pl.col("yuan").is_not_null()), on=KEY)
    found = [
        _risen(now, told, rules, on, "week"),
        _risen(now, told, rules, on, "month"),
        _above(now, rules),
        _missing(pairs, told, rules, on),
        _out(pairs, told, rules, on),
    ]
    names = model.FINDINGS.names
    rows = pl.concat([one.with_columns(date=pl.lit(on)).select(names) for one in found])
    order = pl.col("why").replace_strict(model.WHY, range(len(model.WHY)), return_dtype=pl.Int64)
    rows = rows.sort("county_code", "point_id", "item", order)
    return model.PriceWatch(
        findings=rows.to_arrow().cast(model.FINDINGS),
        watched=pairs.height,
        reported=pairs.join(today, on=KEY, how="semi").height,
        seconds=time.perf_counter() - began,
        card=RunCard(
            engine="supply.prices",
            version=model.VERSION,
            parameters={**dataclasses.asdict(rules), "on": on.isoformat()},
            inputs={"watched": table_hash(watched), "reports": table_hash(reports)},
        ),
    )


def _read(
    watched: pa.Table, reports: pa.Table, rules: model.PriceRules, on: dt.date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    tables.require(watched, "watched", model.WATCHED.names)
    tables.require(reports, "reports", model.REPORTS.names)
    tables.not_negative(reports, "reports", ("yuan",))
    if min(rules.week_days, rules.month_days, rules.missing_days, rules.out_days) < 1:
        raise BadInput("supply.prices_no_days", "The rules of prices look back at least one day.")
    pairs = tables.frame(watched.select(model.WATCHED.names).cast(model.WATCHED))
    told = tables.frame(reports.select(model.REPORTS.names).cast(model.REPORTS))
    for frame, key, name in ((pairs, KEY, "watched"), (told, [*KEY, "date"], "reports")):
        if frame.select(key).is_duplicated().any():
            twice = frame.filter(frame.select(key).is_duplicated()).row(0, named=True)
            raise BadInput(
                "supply.prices_twice",
                f"{twice['item']} of point {twice['point_id']} stands twice in '{name}'; keep one "
                "row.",
                table=name,
            )
    if told.filter(pl.col("date") > on).height:
        raise BadInput(
            "supply.prices_later",
            f"'reports' has prices after {on}; judge a later day.",
            on=str(on),
        )
    return pairs, told


def _risen(
    now: pl.DataFrame, told: pl.DataFrame, rules: model.PriceRules, on: dt.date, span: str
) -> pl.DataFrame:
    """Against the point's own median of the days before."""
    days: int = getattr(rules, f"{span}_days")
    limit: float = getattr(rules, f"{span}_rise")
    before = told.filter(
        pl.col("date").is_between(on - dt.timedelta(days=days), on, closed="left")
        & pl.col("yuan").is_not_null()
    )
    return _higher(now, _medians(before, KEY, rules), KEY, limit, f"{span}_rise")


def _above(now: pl.DataFrame, rules: model.PriceRules) -> pl.DataFrame:
    """Against the county's points on the same day, itself among them."""
    key = ["county_code", "item"]
    return _higher(now, _medians(now, key, rules), key, rules.county_above, "above_county")


def _medians(prices: pl.DataFrame, key: list[str], rules: model.PriceRules) -> pl.DataFrame:
    medians = prices.group_by(key).agg(against=pl.col("yuan").median(), prices=pl.len())
    return medians.filter((pl.col("prices") >= rules.least_reports) & (pl.col("against") > 0))


def _higher(
    now: pl.DataFrame, medians: pl.DataFrame, key: list[str], limit: float, why: str
) -> pl.DataFrame:
    share = pl.col("yuan") / pl.col("against") - 1.0
    held = now.join(medians, on=key).with_columns(value=share, limit=pl.lit(limit))
    return held.filter(pl.col("value") > limit + 1e-9).with_columns(why=pl.lit(why))


def _missing(
    pairs: pl.DataFrame, told: pl.DataFrame, rules: model.PriceRules, on: dt.date
) -> pl.DataFrame:
    """Days since the last report; who never reported counts all days since the first of anybody."""
    first = told["date"].min() if told.height else on
    last = told.group_by(KEY).agg(last=pl.col("date").max())
    begun = pl.lit(first) - pl.duration(days=1)
    since = (pl.lit(on) - pl.col("last").fill_null(begun)).dt.total_days()
    silent = pairs.join(last, on=KEY, how="left").with_columns(value=since.cast(pl.Float64))
    return _counted(silent, rules.missing_days, "missing")


def _out(
    pairs: pl.DataFrame, told: pl.DataFrame, rules: model.PriceRules, on: dt.date
) -> pl.DataFrame:
    """Reports in a row without stock, from the last one back, if that one is of `on`."""
    newest = told.sort("date", descending=True).with_columns(
        back=(pl.lit(on) - pl.col("date")).dt.total_days(),
        no=pl.int_range(pl.len()).over(KEY),
    )
    run = newest.filter(
        ((pl.col("back") == pl.col("no")) & ~pl.col("in_stock")).cum_prod().over(KEY) == 1
    )
    empty = run.group_by(KEY).agg(value=pl.len().cast(pl.Float64))
    return _counted(pairs.join(empty, on=KEY), rules.out_days, "out_of_stock")


def _counted(frame: pl.DataFrame, limit: int, why: str) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Float64)
    return frame.filter(pl.col("value") >= limit).with_columns(
        why=pl.lit(why), limit=pl.lit(float(limit)), yuan=nothing, against=nothing
    )
