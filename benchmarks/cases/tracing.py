"""Visits of a province for tracing: cities of 100,000 people and 5,000 places.  Synthetic.

Four in ten visits go to the person's own school or work; the others follow Zipf's law with
exponent 0.8 inside his city, one in twenty in another one.  30 % have no time out.  More visits
mean more cities, so the answer to one case stays of one size.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel.random import stream

SEED = 20221025
CITY_PEOPLE, CITY_PLACES, PER_PERSON = 100_000, 5_000, 54.45
DAYS, DAY_S = 14, 86_400
START = int(dt.datetime(2022, 10, 25, 16, tzinfo=dt.UTC).timestamp())  # 26 October in Beijing
UNTIL = dt.datetime.fromtimestamp(START + DAYS * DAY_S, dt.UTC)
KINDS = ("school", "workplace", "market", "restaurant", "shop", "bus", "hospital", "community")
OVERLAP = dict(zip(KINDS, (15, 15, 10, 10, 5, 5, 5, 10), strict=True))  # minutes
IMPUTED = dict(zip(KINDS, (90, 90, 40, 60, 30, 30, 60, 60), strict=True))
MAX_STAY = dict(zip(KINDS, (720, 720, 360, 300, 240, 240, 720, 600), strict=True))


@dataclasses.dataclass(frozen=True)
class Province:
    """A named instance: so many visits in fourteen days."""

    visits: int

    @property
    def name(self) -> str:
        return f"province-{self.visits / 1e6:.1f}M"

    @property
    def cities(self) -> int:
        return max(1, round(self.visits / PER_PERSON / CITY_PEOPLE))

    @property
    def people(self) -> int:
        return self.cities * CITY_PEOPLE

    def days(self) -> Iterator[pa.Table]:
        """The visits day by day, unsorted."""
        tail = np.cumsum(1 / np.arange(1, CITY_PLACES + 1) ** 0.8)
        home = stream(SEED, "own place", self.visits).integers(0, CITY_PLACES, self.people)
        for day in range(DAYS):
            rng = stream(SEED, "visits", self.visits, day)
            rows = self.visits // DAYS
            person = rng.integers(0, self.people, rows)
            city = person // CITY_PEOPLE
            away = rng.random(rows) < 0.05
            city[away] = rng.integers(0, self.cities, int(away.sum()))
            place = np.searchsorted(tail / tail[-1], rng.random(rows))
            daily = rng.random(rows) < 0.4
            place[daily], city[daily] = home[person[daily]], person[daily] // CITY_PEOPLE
            clock = np.clip(rng.normal(13 * 3600, 4 * 3600, rows), 6 * 3600, 24 * 3600 - 1)
            time_in = START + day * DAY_S + clock.astype(np.int64)
            stay = np.where(daily, rng.uniform(3, 9, rows) * 3600, rng.gamma(2, 1200, rows) + 60)
            time_out = pa.array(time_in + stay.astype(np.int64), mask=rng.random(rows) < 0.3)
            key = (person << 34) | ((place + city * CITY_PLACES) << 17) | clock.astype(np.int64)
            once = np.sort(np.unique(key, return_index=True)[1])  # peers do not merge duplicates
            whole = pa.table(
                [
                    person + 1,
                    (place + city * CITY_PLACES).astype(np.int32),
                    pa.array(time_in).cast(model.SECONDS),
                    time_out.cast(model.SECONDS),
                    pa.array(np.minimum(time_in + 600, int(UNTIL.timestamp()))).cast(model.SECONDS),
                ],
                schema=model.VISITS,
            )
            yield whole if len(once) == rows else whole.take(pa.array(once))

    def places(self) -> pa.Table:
        count = self.cities * CITY_PLACES
        kinds = [KINDS[n * 7919 % len(KINDS)] for n in range(count)]
        return pa.table({"place": pa.array(range(count), pa.int32()), "kind": kinds})

    def households(self) -> pa.Table:
        """Of three."""
        everyone = np.arange(1, self.people + 1)
        return pa.table({"person": everyone, "household": everyone // 3 + 1})

    def cases(self, count: int, *, seed: int = 0) -> pa.Table:
        """Windows of two to eight days that end in the last week."""
        rng = stream(SEED, "cases", self.visits, count, seed)
        end = int(UNTIL.timestamp()) - rng.integers(0, 7 * DAY_S, count)
        begin = end - rng.integers(2 * DAY_S, 7 * DAY_S, count)
        return pa.table(
            {
                "case_id": np.arange(1, count + 1),
                "person": rng.choice(self.people, count, replace=False) + 1,
                "window_from": pa.array(begin).cast(model.SECONDS),
                "window_to": pa.array(end).cast(model.SECONDS),
            }
        )


def rules(*, degrees: int) -> model.TraceRules:
    return model.TraceRules(
        window_days_before=2,
        degrees=degrees,
        heavy_place_persons=40,
        min_overlap_min=OVERLAP,
        imputed_stay_min=IMPUTED,
        max_stay_min=MAX_STAY,
        rule_ids=dict.fromkeys((*KINDS, "household"), "WHO-2"),
        second_rule_id="WHO-6",
        second_min_overlap_min={kind: OVERLAP[kind] for kind in ("workplace", "restaurant")},
        second_cap_per_case=60,
    )
