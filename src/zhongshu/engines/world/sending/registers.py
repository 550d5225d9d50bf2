"""The registers sent once: households, persons, places, sampling points."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.people import names, places, routines
from zhongshu.engines.world.sending.dormitories import dormitories
from zhongshu.engines.world.sending.tables import numbers, option, table
from zhongshu.engines.world.state import World
from zhongshu.engines.world.statics import Statics, household_ids
from zhongshu.kernel import chance


def registers(world: World) -> dict[str, pa.Table]:
    static = world.statics
    return {
        "households": households(static),
        "persons": persons(static),
        "dormitories": dormitories(static),
        "places": all_places(static),
        "sampling_points": sampling_points(static),
    }


def households(static: Statics) -> pa.Table:
    live, count = static.settlement, static.people.households
    building = pc.binary_join_element_wise(
        pa.array(live.building).cast(pa.string()), pa.scalar("号楼"), ""
    )
    flat = np.arange(count) % 400  # a door number; what matters is that it reads like one
    door = pa.array((flat // 40 + 1) * 100 + flat % 40 + 1).cast(pa.string())
    address = pc.binary_join_element_wise(
        _village_texts(static).take(pa.array(live.home)), building, door, pa.scalar("室"), ""
    )
    return table(
        "households",
        household_id=household_ids(count),
        village_code=static.village_codes().take(pa.array(live.home)),
        building=building,
        address=address,
        lon=numbers(live.household_point[:, 0]),
        lat=numbers(live.household_point[:, 1]),
    )


def _village_texts(static: Statics) -> pa.Array:
    """City, county, township and village of each settled village as one text."""
    m = static.margins
    return pa.array(
        [
            m.city_names[m.village_county[v]]
            + m.county_names[m.village_county[v]]
            + m.township_names[m.village_township[v]]
            + m.village_names[v]
            for v in static.settlement.village
        ]
    )


def persons(static: Statics) -> pa.Table:
    people, params = static.people, static.params
    return table(
        "persons",
        id_no=static.id_no,
        name=static.name,
        sex=option(("F", "M"), people.male),
        birth_date=pa.array(static.born.astype("datetime64[D]"), pa.date32()),
        household_id=household_ids(people.households).take(pa.array(people.household)),
        occupation=routines.occupations(params.seed, people, static.routines, static.places),
        special_need=routines.special_needs(params.seed, people),
    )


def all_places(static: Statics) -> pa.Table:
    spots = static.places
    return table(
        "places",
        place_id=static.place_id,
        name=_place_names(static),
        kind=option(places.KINDS, spots.kind),
        village_code=static.village_codes().take(pa.array(spots.village)),
        lon=numbers(spots.point[:, 0]),
        lat=numbers(spots.point[:, 1]),
    )


def _place_names(static: Statics) -> pa.Array:
    """County, two characters and the kind's word; buses have a number."""
    spots = static.places
    who = np.arange(len(spots))
    key = chance.key(static.params.seed, "place_names")
    characters = names.SURNAMES[:40] + names.MALE
    signs = [
        option(characters, (chance.uniform(key, who, n) * len(characters)).astype(np.int64))
        for n in (0, 1)
    ]
    words = [names.PLACE_NAMES[kind] for kind in places.KINDS]
    drawn = chance.uniform(key, who, 2)
    word = [words[k][int(d * len(words[k]))] for k, d in zip(spots.kind, drawn, strict=True)]
    bus = pa.array(spots.kind == places.BUS)
    class_room = pa.array(spots.kind == places.SCHOOL)
    number = pa.array(who % 900 + 1).cast(pa.string())
    middle = pc.if_else(bus, number, pc.binary_join_element_wise(*signs, ""))
    grade = option(names.CLASSES, who % len(names.CLASSES))
    tail = pc.if_else(class_room, grade, pa.scalar(""))
    county = option(static.margins.county_names, spots.county)
    return pc.binary_join_element_wise(county, middle, pa.array(word), tail, "")


def sampling_points(static: Statics) -> pa.Table:
    points = static.resources.points
    count = len(points.village)
    village = pa.array(points.village)
    number = pc.utf8_lpad(pa.array(np.arange(1, count + 1)).cast(pa.string()), 5, "0")
    m = static.margins
    village_name = option(m.village_names, static.settlement.village[points.village])
    return table(
        "sampling_points",
        point_id=pc.binary_join_element_wise(pa.scalar("C"), number, ""),
        name=pc.binary_join_element_wise(village_name, pa.scalar("采样点"), ""),
        village_code=static.village_codes().take(village),
        lon=numbers(points.point[:, 0]),
        lat=numbers(points.point[:, 1]),
        desks_max=pa.array(points.desks.astype(np.int64)),
    )
