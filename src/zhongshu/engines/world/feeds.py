"""What the departments know, as clean tables in the columns of `kernel.feeds.FEEDS`.

`registers` once, `day_feeds` for each day: the rows that became known on that day, and for
resources the state at 18:00.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import I64
from zhongshu.engines.world.days.arrivals import MODES
from zhongshu.engines.world.days.epidemic import DAY_S, FOUND_BY, SEVERITY
from zhongshu.engines.world.days.records import NO_TIME, SOURCES
from zhongshu.engines.world.days.sentinel import STREAMS, Counts
from zhongshu.engines.world.days.testing import METHODS
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.people import floors
from zhongshu.engines.world.sending.cells import cells
from zhongshu.engines.world.sending.journeys import journeys
from zhongshu.engines.world.sending.registers import registers
from zhongshu.engines.world.sending.stores import resource_feeds
from zhongshu.engines.world.sending.tables import moments, option, table
from zhongshu.engines.world.sending.tubes import tube_results, tubes
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance

__all__ = ["day_feeds", "registers"]


def day_feeds(world: World, day: DayResult) -> dict[str, pa.Table]:
    """Feed name -> table for one simulated day; an empty table where nothing was reported."""
    return {
        "visits": visits(world, day),
        "journeys": journeys(world, day),
        "cells": cells(world, day),
        "cases": cases(world, day),
        "tubes": tubes(world, day),
        "tube_results": tube_results(world, day),
        "lab_results": lab_results(world, day),
        **counts(world, day.counts),
        "arrivals": arrivals(world, day),
        **resource_feeds(world, day),
    }


def visits(world: World, day: DayResult) -> pa.Table:
    """Visit records; identity numbers and place ids are dictionary-encoded over all of them."""
    static, rows = world.statics, day.records
    start = static.params.start
    return table(
        "visits",
        id_no=pa.DictionaryArray.from_arrays(pa.array(rows["person"]), static.id_no),
        place_id=pa.DictionaryArray.from_arrays(pa.array(rows["place"]), static.place_id),
        time_in=moments(start, rows["time_in"]),
        time_out=moments(start, rows["time_out"], rows["time_out"] == NO_TIME),
        source=pa.DictionaryArray.from_arrays(pa.array(rows["source"]), pa.array(SOURCES)),
        recorded_at=moments(start, rows["recorded"]),
        spot=_spots(world, day),
    )


# A floor as three departments write it; the first is the usual one.
_SPELLINGS = (("{}F", "B1"), ("{}楼", "负一层"), ("第{}层", "地下1层"))
_USUAL = 0.8


def _spots(world: World, day: DayResult) -> pa.DictionaryArray:
    """The floor of each record as typed, null where none is told."""
    rows, seed = day.records, world.statics.params.seed
    known = floors.of(world)
    floor = known.told(rows["person"], rows["place"], rows["time_in"])
    told = np.flatnonzero(floor >= 0)
    cellar = known.in_cellar(rows["place"][told], floor[told])
    draw = chance.uniform_pairs(
        chance.key(seed, "spelling"), rows["person"][told], rows["time_in"][told]
    )
    spelling = np.where(draw < _USUAL, 0, 1 + ((draw - _USUAL) / (1 - _USUAL) * 2).astype(int))
    texts = [low for _, low in _SPELLINGS] + [
        high.format(number + 1) for number in range(floors.MOST) for high, _ in _SPELLINGS
    ]
    index = np.zeros(len(rows), dtype=np.int32)
    index[told] = np.where(cellar, spelling, (floor[told] + 1) * len(_SPELLINGS) + spelling)
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=floor < 0), pa.array(texts))


def cases(world: World, day: DayResult) -> pa.Table:
    static, rows = world.statics, day.cases[np.argsort(day.cases["reported_s"], kind="stable")]
    mine, start = world.course[rows["record"]], static.params.start
    who = mine["person"]
    numbered = [f"140000{day.date:%Y%m%d}{number:04d}" for number in range(1, len(rows) + 1)]
    ill = rows["symptomatic"]
    onset = np.datetime64(start) + (mine["onset_s"] // DAY_S).astype("timedelta64[D]")
    return table(
        "cases",
        case_no=pa.array(numbered, pa.string()),
        id_no=static.id_no.take(pa.array(who)),
        name=static.name.take(pa.array(who)),
        category=option(("asymptomatic", "confirmed"), ill.astype(np.int64)),
        village_code=static.village_codes().take(pa.array(static.village_of_person[who])),
        onset_date=pa.array(onset, pa.date32(), mask=~ill),
        sampled_at=moments(start, mine["sampled_s"]),
        confirmed_at=moments(start, mine["confirmed_s"]),
        reported_at=moments(start, rows["reported_s"]),
        found_by=option(FOUND_BY, mine["found_by"]),
        severity=option(SEVERITY, np.where(ill, mine["severity"], 0)),
    )


def lab_results(world: World, day: DayResult) -> pa.Table:
    static, rows = world.statics, day.samples[np.argsort(day.samples["reported_s"], kind="stable")]
    start, who = static.params.start, rows["person"]
    first_day = np.datetime64(start) + (rows["swabbed_s"] // DAY_S).astype("timedelta64[D]")
    number = pc.binary_join_element_wise(
        pc.strftime(pa.array(first_day, pa.date32()), "S%Y%m%d"),
        pa.array(rows["reason"]).cast(pa.string()),
        pc.utf8_lpad(pa.array(who).cast(pa.string()), 8, "0"),
        "",
    )
    return table(
        "lab_results",
        sample_no=number,
        id_no=static.id_no.take(pa.array(who)),
        sampled_at=moments(start, rows["sampled_s"]),
        received_at=moments(start, rows["received_s"]),
        reported_at=moments(start, rows["reported_s"]),
        lab_id=_labs(world, who.astype(np.int64)),
        method=option(METHODS, rows["method"]),
        result=option(("negative", "positive"), rows["positive"].astype(np.int64)),
        ct=pa.array(rows["ct"].astype(np.float64).round(1), mask=~rows["positive"]),
    )


def _labs(world: World, who: I64) -> pa.Array:
    """Each sample goes to one of the laboratories of the person's city."""
    static = world.statics
    labs, city = static.resources.labs, np.array(static.margins.city_codes)
    lab_city = np.array([city[lab.county] for lab in labs])
    ids = pa.array([lab.site_id for lab in labs])
    chosen = np.zeros(len(who), dtype=np.int64)
    person_city = city[static.people.county[who]]
    draw = chance.uniform(chance.key(static.params.seed, "lab"), who)
    for name in np.unique(person_city):
        mine, options = person_city == name, np.flatnonzero(lab_city == name)
        chosen[mine] = options[(draw[mine] * len(options)).astype(np.int64)]
    return ids.take(pa.array(chosen))


def counts(world: World, reported: Counts) -> dict[str, pa.Table]:
    """The three sentinel streams, one row for each site and day reported."""
    found = {}
    for index, name in enumerate(STREAMS):
        rows = reported[reported["stream"] == index]
        letters, columns = _COUNT_COLUMNS[name]
        start = world.statics.params.start
        site = pc.binary_join_element_wise(
            pa.scalar(letters),
            pc.utf8_lpad(pa.array(rows["site"]).cast(pa.string()), 6, "0"),
            "",
        )
        date = np.datetime64(start) + rows["day"].astype("timedelta64[D]")
        values = {
            columns[0]: site,
            "county_code": option(world.statics.margins.county_codes, rows["county"]),
            "date": pa.array(date, pa.date32()),
            columns[1]: pa.array(rows["count"]),
            "reported_at": moments(start, rows["reported_s"]),
        }
        if columns[2]:
            values[columns[2]] = pa.array(rows["part"])
        found[name] = table(name, **values)
    return found


# Letters of the site id; columns of the id, of `count` and of `part`.
_COUNT_COLUMNS = {
    "fever_clinic": ("FC", ("clinic_id", "visits", "fever")),
    "pharmacy_sales": ("PH", ("pharmacy_id", "buyers", "")),
    "school_absences": ("SC", ("school_id", "absent_ill", "enrolled")),
}


def arrivals(world: World, day: DayResult) -> pa.Table:
    static, rows = world.statics, day.arrivals
    numbered = pc.binary_join_element_wise(
        option(("G", "MU", ""), rows["mode"]), pa.array(rows["number"]).cast(pa.string()), ""
    )
    county = static.people.county[rows["person"]]
    return table(
        "arrivals",
        id_no=static.id_no.take(pa.array(rows["person"])),
        arrived_at=moments(static.params.start, rows["arrived_s"]),
        from_province=option(static.margins.other_provinces, rows["province"]),
        mode=option(MODES, rows["mode"]),
        number=pc.if_else(pa.array(rows["mode"] < 2), numbered, pa.scalar(None, pa.string())),
        to_county=option(static.margins.county_codes, county),
    )
