"""A synthetic world whose every visit is known, and the same visits as a headquarters sees them.

The truth of an exposure: both were at the place at the same time for at least the pack's minutes,
inside the case's infectious window, by the times they really came and went; or they live together.
What is seen of it loses scans, loses times out, and is dated by devices whose clocks are wrong.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from zhongshu.cli import worldbuild
from zhongshu.engines.tracing import fast, model
from zhongshu.engines.world import solve as world_solve
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people import places
from zhongshu.engines.world.state import World
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import start_of_day
from zhongshu.lake.hot.hot import HotLake
from zhongshu.rules import reader, windows
from zhongshu.rules.model import Pack
from zhongshu.service.periods.cycle import rulebook

PEOPLE, PACK = 20_000, "cn-covid-9"
EVERYBODY = 2**31 - 1  # a heavy-place limit nobody reaches: the truth names everyone
Numbers = npt.NDArray[np.int64]
KEYS = ["case_id", "person", "kind"]


@dataclasses.dataclass(frozen=True)
class Trouble:
    """What goes wrong between the truth and the lake: shares of scans and times out lost at
    random; each place has two devices, each with a clock off by up to so many minutes, either
    way, and the people of a place are scanned by one of them."""

    missing: float = 0.0
    no_exit: float = 0.0
    skew_min: float = 0.0

    @property
    def name(self) -> str:
        return (
            f"{self.missing:.0%} scans missing, {self.no_exit:.0%} without time out, "
            f"clocks off by up to {self.skew_min:g} min"
        )


@dataclasses.dataclass(frozen=True)
class Known:
    """A world after its last day.  visits: person, place, t0, t1 (seconds since 1970), all of
    them; cases: those confirmed; pairs: case_id, person of those a case infected at a place or at
    home inside his window."""

    seed: int
    visits: pl.DataFrame
    places: pa.Table
    households: pa.Table
    cases: pa.Table
    pairs: pl.DataFrame
    rules: model.TraceRules
    until: dt.datetime


def known(seed: int, *, people: int = PEOPLE) -> Known:
    """Build the world of this seed and keep everything that happened in it."""
    params = WorldParams(people=people, seed=seed)
    world = world_solve.build(params, worldbuild.margins())
    zero = int(start_of_day(params.start).timestamp())
    days = []
    for day in range(params.days):
        made = world.step().visits
        begin = zero + day * 86_400
        days.append(
            pl.DataFrame(
                {
                    "person": made.person.astype(np.int64) + 1,
                    "place": made.place.astype(np.int32),
                    "t0": made.time_in.astype(np.int64) + begin,
                    "t1": made.time_out.astype(np.int64) + begin,
                }
            )
        )
    pack = reader.in_force(PACK, params.start)
    until = dt.datetime.fromtimestamp(zero + params.days * 86_400, dt.UTC)
    cases = _cases(world, pack, zero, until)
    static = world.statics
    return Known(
        seed=seed,
        visits=pl.concat(days),
        places=pa.table(
            {
                "place": pa.array(np.arange(len(static.places.kind), dtype=np.int32)),
                "kind": pa.array(places.KINDS).take(pa.array(static.places.kind.astype(int))),
            }
        ),
        households=pa.table(
            {
                "person": np.arange(1, static.people.people + 1),
                "household": static.people.household.astype(np.int64),
            }
        ),
        cases=cases,
        pairs=_pairs(world, cases, zero),
        rules=rulebook.trace_rules(pack),
        until=until,
    )


def _cases(world: World, pack: Pack, zero: int, until: dt.datetime) -> pa.Table:
    """model.CASES of everybody confirmed by the end, with the window the pack gives them."""
    rows = []
    end = int(until.timestamp()) - zero
    for case_id, one in enumerate(world.course[world.course["confirmed_s"] < end].tolist()):
        told = dict(zip(world.course.dtype.names or (), one, strict=True))
        onset = dt.datetime.fromtimestamp(zero + told["onset_s"] + 8 * 3600, dt.UTC).date()
        window = windows.infectious(
            pack,
            onset=onset if told["symptomatic"] else None,
            sampled_at=dt.datetime.fromtimestamp(zero + told["sampled_s"], dt.UTC),
            confirmed_at=dt.datetime.fromtimestamp(zero + told["confirmed_s"], dt.UTC),
            until=until,
        )
        person = told["person"] + 1
        rows.append((case_id, person, window.begin, window.end))
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=model.CASES.names).cast(model.CASES)


def _pairs(world: World, cases: pa.Table, zero: int) -> pl.DataFrame:
    course = world.course
    infected = pl.DataFrame(
        {
            "source": course["source"].astype(np.int64) + 1,
            "person": course["person"].astype(np.int64) + 1,
            "at": course["infected_s"].astype(np.int64) + zero,
        }
    )
    asked = _frame(cases).with_columns(
        pl.col("window_from", "window_to").dt.epoch("s"), pl.col("person").alias("source")
    )
    met = infected.join(asked.drop("person"), on="source")
    inside = (pl.col("at") >= pl.col("window_from")) & (pl.col("at") < pl.col("window_to"))
    return met.filter(inside).select("case_id", "person").unique()


def seen(world: Known, trouble: Trouble) -> pa.Table:
    """model.VISITS as the lake would hold them."""
    rows = world.visits
    rng = stream(world.seed, "accuracy", str(trouble))
    rows = rows.filter(pl.Series(rng.random(rows.height) >= trouble.missing))
    off_s = rng.uniform(-1, 1, (world.places.num_rows, 2)) * trouble.skew_min * 60
    device = rng.integers(0, 2, rows.height)
    shift = np.round(off_s[rows["place"].to_numpy(), device]).astype(np.int64)
    begin, end = rows["t0"].to_numpy() + shift, rows["t1"].to_numpy() + shift
    lost = rng.random(rows.height) < trouble.no_exit
    return pa.table(
        [
            rows["person"].to_numpy(),
            rows["place"].to_numpy(),
            pa.array(begin).cast(model.SECONDS),
            pa.array(end, mask=lost).cast(model.SECONDS),
            pa.array(begin).cast(model.SECONDS),
        ],
        schema=model.VISITS,
    )


def trace(world: Known, visits: pa.Table, rules: model.TraceRules) -> model.TraceResult:
    """The hot index's answer at degree 1."""
    with tempfile.TemporaryDirectory() as folder:
        lake = HotLake(Path(folder))
        lake.seal(visits)
        tracer = fast.prepare(
            lake.snapshot(),
            places=world.places,
            households=world.households,
            rules=dataclasses.replace(rules, degrees=1),
        )
        return tracer.trace(world.cases, until=world.until)


def truth(world: Known) -> pl.DataFrame:
    """Every true exposure: KEYS, place, time_from, time_to (kind `household` for homes)."""
    day_min = 24 * 60.0
    rules = dataclasses.replace(
        world.rules,
        heavy_place_persons=EVERYBODY,
        max_stay_min=dict.fromkeys(world.rules.max_stay_min, day_min),
    )
    return evidence(world, trace(world, seen(world, Trouble()), rules))


def evidence(world: Known, found: model.TraceResult) -> pl.DataFrame:
    kinds = _frame(world.places)
    rows = _frame(found.exposures).join(kinds, on="place", how="left")
    return rows.select(
        "case_id", "person", pl.col("kind").fill_null("household"), "place", "time_from", "time_to"
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found


@dataclasses.dataclass(frozen=True)
class Score:
    """Of one kind ("" for all): true exposures, shares of them named and named or told by a
    venue notice, exposures named, share of them true."""

    kind: str
    true: int
    named: float
    found: float
    listed: int
    precise: float


def scores(world: Known, real: pl.DataFrame, found: model.TraceResult) -> list[Score]:
    """By kind of place, then all.  An exposure counts once for a case, person and kind."""
    mine = evidence(world, found)
    named = mine.select("case_id", "person").unique().with_columns(named=pl.lit(value=True))
    both = (
        real.join(told(real, found), on=KEYS, how="left")
        .join(named, on=["case_id", "person"], how="left")
        .with_columns(pl.col("named", "told").fill_null(value=False))
        .group_by(KEYS)
        .agg(pl.col("named").any(), pl.col("told").any())
    )
    listed = mine.select(KEYS).unique()
    right = listed.join(real.select(KEYS).unique(), on=KEYS, how="semi")
    return [
        _score(kind, both, listed, right) for kind in [*sorted(both["kind"].unique().to_list()), ""]
    ]


def _score(kind: str, both: pl.DataFrame, listed: pl.DataFrame, right: pl.DataFrame) -> Score:
    if kind:
        both, listed, right = (t.filter(pl.col("kind") == kind) for t in (both, listed, right))
    count = max(both.height, 1)
    return Score(
        kind=kind,
        true=both.height,
        named=int(both["named"].sum()) / count,
        found=int((both["named"] | both["told"]).sum()) / count,
        listed=listed.height,
        precise=right.height / max(listed.height, 1),
    )


def told(real: pl.DataFrame, found: model.TraceResult) -> pl.DataFrame:
    """KEYS of true exposures that lie at the place and time of a venue notice."""
    notices = _frame(found.notices).select(
        "case_id", "place", pl.col("time_from").alias("n0"), pl.col("time_to").alias("n1")
    )
    met = real.join(notices, on=["case_id", "place"]).filter(
        (pl.col("time_from") < pl.col("n1")) & (pl.col("time_to") > pl.col("n0"))
    )
    return met.select(KEYS).unique().with_columns(told=pl.lit(value=True))


def infections(world: Known, real: pl.DataFrame, found: model.TraceResult) -> tuple[int, float]:
    """(true infections by a case inside his window, share of the infected named or told)."""
    named = evidence(world, found).select("case_id", "person").unique()
    by_notice = told(real, found).select("case_id", "person").unique()
    reached = pl.concat([named, by_notice]).unique()
    hit = world.pairs.join(reached, on=["case_id", "person"], how="semi")
    return world.pairs.height, hit.height / max(world.pairs.height, 1)
