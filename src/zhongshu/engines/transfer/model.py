"""What the transfer engine takes and gives: rooms for contacts, trips for vehicles.

Distances are great-circle kilometres times `detour_factor`; a matrix of road times can replace
them later without touching the callers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

from zhongshu.kernel.plan import Answer
from zhongshu.kernel.runcard import RunCard

VERSION = "2"
SECONDS = pa.timestamp("s", tz="UTC")

# Inputs.  `degree` 1 = close contact, 2 = contact of a contact.
PEOPLE = pa.schema(
    [
        ("person", pa.int64()),
        ("household", pa.int64()),
        ("degree", pa.int8()),
        ("lon", pa.float64()),  # nullable, deg WGS-84
        ("lat", pa.float64()),
        ("special_need", pa.string()),  # nullable; several are separated by semicolons
    ]
)
ROOMS = pa.schema(
    [
        ("site_id", pa.string()),
        ("room_no", pa.string()),
        ("floor", pa.int32()),
        ("capacity", pa.int32()),  # persons, at least 1
        ("state", pa.string()),  # free | occupied | cleaning ...; only free rooms are given out
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("degree", pa.int8()),  # optional column: the degree of those who live there now
        # Further optional columns, see ROOM_EXTRAS.
    ]
)
ROOM_EXTRAS = pa.schema(
    [
        ("kind", pa.string()),  # of the site: hotel, hospital, camp ...; counts as a tag
        ("zone", pa.string()),  # of the three zones and two passages: contaminated | buffer | clean
        ("tags", pa.string()),  # what the room offers, separated by semicolons: accessible;pets
        ("ready_at", SECONDS),  # of a room being cleaned or disinfected
    ]
)
STOPS = pa.schema(
    [
        ("stop", pa.int64()),
        ("household", pa.int64()),
        ("lon", pa.float64()),  # nullable
        ("lat", pa.float64()),
        ("site_id", pa.string()),
        ("cohort", pa.string()),  # never mixed in a vehicle between two disinfections
        ("persons", pa.int32()),
        ("assisted", pa.int32()),  # of them, who need a wheelchair or stretcher place
        ("ready_at", SECONDS),  # nullable: not before
        ("due_at", SECONDS),  # nullable: the stop begins no later
    ]
)
STOP_EXTRAS = pa.schema(  # optional columns of stops
    [
        ("stretchers", pa.int32()),  # of the persons, who need a stretcher
        ("escort", pa.string()),  # who must ride along, separated by semicolons: doctor;police
        ("alone", pa.bool_()),  # nobody else in the vehicle between two disinfections
        ("arrive_from", SECONDS),  # appointments, `alone` only: at the site not before ...
        ("arrive_by", SECONDS),  # ... and no later
    ]
)
SITES = pa.schema([("site_id", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])
VEHICLES = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("kind", pa.string()),
        ("lon", pa.float64()),  # of the depot it starts from and returns to
        ("lat", pa.float64()),
        ("seats", pa.int32()),
        ("state", pa.string()),  # only `ready` ones drive
    ]
)
VEHICLE_EXTRAS = pa.schema(  # optional columns of vehicles
    [
        ("wheelchairs", pa.int32()),  # places; null: as the rules say for its kind
        ("stretchers", pa.int32()),
        ("crew", pa.string()),  # who rides along besides the driver: doctor;police
        ("from_at", SECONDS),  # its own shift, within that of the rules
        ("until_at", SECONDS),
    ]
)

# Results.
ASSIGNMENTS = pa.schema(
    [
        ("person", pa.int64()),
        ("household", pa.int64()),
        ("degree", pa.int8()),
        ("site_id", pa.string()),
        ("room_no", pa.string()),
        ("floor", pa.int32()),
        ("distance_km", pa.float64()),  # null when the home has no coordinates
        ("site_rank", pa.int32()),  # 1 = the nearest site; null as above
        ("flags", pa.list_(pa.string())),  # mixed_floor | not_adjacent | no_low_floor | ...
    ]
)
UNSERVED_PEOPLE = pa.schema(
    [
        ("person", pa.int64()),
        ("household", pa.int64()),
        ("degree", pa.int8()),
        (
            "reason",
            pa.string(),
        ),  # no_free_room | reserve_kept | too_large | too_far | no_room_for_need
    ]
)
SITE_USE = pa.schema(
    [
        ("site_id", pa.string()),
        ("rooms_total", pa.int32()),
        ("rooms_free", pa.int32()),  # before this plan
        ("rooms_reserved", pa.int32()),  # kept back by the rule
        ("rooms_used", pa.int32()),  # by this plan
        ("persons", pa.int32()),
    ]
)
TRIPS = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("trip", pa.int32()),  # 1, 2, ... of that vehicle
        ("site_id", pa.string()),
        ("cohort", pa.string()),
        ("stops", pa.int32()),
        ("persons", pa.int32()),
        ("leaves_at", SECONDS),  # from the depot or the site before
        ("arrives_at", SECONDS),  # at the site
        ("clean_at", SECONDS),  # handed over and disinfected
        ("km", pa.float64()),  # to the site; for the last trip also back to the depot
    ]
)
TRIP_STOPS = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("trip", pa.int32()),
        ("order", pa.int32()),
        ("stop", pa.int64()),
        ("persons", pa.int32()),
        ("arrives_at", SECONDS),  # boarding begins
        ("leaves_at", SECONDS),
    ]
)
UNSERVED_STOPS = pa.schema(
    [
        ("stop", pa.int64()),
        ("household", pa.int64()),
        ("persons", pa.int32()),
        ("reason", pa.string()),
    ]
)


@dataclasses.dataclass(frozen=True)
class RoomRules:
    """From the policy pack and the isolation team.

    reserve_share: of all rooms of a site, kept free whatever happens (0..1).
    low_floor_needs: special needs that want a floor at or below `low_floor_max`.
    max_km: no site farther than this, or None.
    need_tags: special need -> tags of rooms that suit it; every room of the party has one of them.
    degree_tags: the same by degree (kinds of site or floors kept for a cohort).
    zones: of the site's three zones, those people may live in; empty: zones are not judged.
    companion_needs: who may not be left alone, e.g. infants.
    ready_by: rooms being cleaned or disinfected count as free when ready by then; None: never.
    low_floor_km: the detour worth a low floor to those who want one.
    rule_ids: the pack rules behind these figures, for the record.
    """

    reserve_share: float
    low_floor_needs: frozenset[str]
    low_floor_max: int
    detour_factor: float
    max_km: float | None = None
    need_tags: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    degree_tags: Mapping[int, frozenset[str]] = dataclasses.field(default_factory=dict)
    zones: frozenset[str] = frozenset()
    companion_needs: frozenset[str] = frozenset()
    ready_by: dt.datetime | None = None
    low_floor_km: float = 2.0
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class TripRules:
    """One shift of driving.

    start: when the shift begins (aware); shift_h: its length; all vehicles are back by its end.
    board_min_per_stop / _per_person: time at the door.
    handover_min: unloading and handing over at the site; disinfect_min: after every site.
    seat_share: usable share of the seats by vehicle kind (spacing); missing kinds use all.
    assisted_places: wheelchair or stretcher places by vehicle kind; missing kinds have none.
    assist_needs: special needs that take such a place.
    stretcher_places, stretcher_needs: the same for stretchers.
    escort_needs: special need -> who must ride along.
    cohort_kinds: the kinds of vehicle that may carry a cohort; missing cohorts go with any.
    alone_cohorts: each household of theirs has the vehicle to itself (one patient, one vehicle).
    cohort_weight: worth of serving a person of a cohort when not all can be; missing ones 1.
    """

    start: dt.datetime
    shift_h: float
    speed_kmh: float
    detour_factor: float
    board_min_per_stop: float
    board_min_per_person: float
    handover_min: float
    disinfect_min: float
    seat_share: Mapping[str, float] = dataclasses.field(default_factory=dict)
    assisted_places: Mapping[str, int] = dataclasses.field(default_factory=dict)
    assist_needs: frozenset[str] = frozenset()
    stretcher_places: Mapping[str, int] = dataclasses.field(default_factory=dict)
    stretcher_needs: frozenset[str] = frozenset()
    escort_needs: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    cohort_kinds: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    alone_cohorts: frozenset[str] = frozenset()
    cohort_weight: Mapping[str, float] = dataclasses.field(default_factory=dict)
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Limit:
    """When the search stops: after `iterations`, or `seconds`, whichever is first.

    Only `iterations` alone gives the same plan on every machine; give it where a run must repeat.
    processes: how many at a time search the parts of a large day.
    """

    iterations: int | None = None
    seconds: float | None = None
    processes: int = 1


@dataclasses.dataclass(frozen=True)
class RoomPlan:
    """assignments + unserved = people, one row each.

    person_km: sum over served persons with coordinates of home-site distance.
    person_km_bound: no plan that serves the same persons can be shorter (linear relaxation).
    served_bound: no plan can serve more persons.
    binding: what kept people out, with how many persons each.
    """

    assignments: pa.Table
    unserved: pa.Table
    sites: pa.Table
    served: int
    served_bound: int
    person_km: float
    person_km_bound: float
    binding: Mapping[str, int]
    seconds: float
    card: RunCard
    answer: Answer


@dataclasses.dataclass(frozen=True)
class TripPlan:
    """stops + unserved = the stops asked for, one row each.

    km: driven, depots included.  km_bound: None, no bound is proven for trips.
    """

    trips: pa.Table
    stops: pa.Table
    unserved: pa.Table
    served_persons: int
    km: float
    km_bound: float | None
    binding: Mapping[str, int]
    iterations: int
    seconds: float
    card: RunCard
    answer: Answer


class Day(Protocol):
    """What planning again needs of a plan: schemas TRIPS and TRIP_STOPS."""

    @property
    def trips(self) -> pa.Table: ...

    @property
    def stops(self) -> pa.Table: ...


@dataclasses.dataclass(frozen=True)
class VehicleDown:
    """A vehicle drives no further.  Who is aboard waits at (lon, lat), or where they boarded."""

    vehicle_id: str
    lon: float | None = None
    lat: float | None = None


@dataclasses.dataclass(frozen=True)
class NotHome:
    """Nobody opens.  again_from: when to come again; None: not in this shift."""

    stop: int
    again_from: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class SiteFull:
    """Nobody more is taken in; all who are not there yet go to the site `instead`."""

    site_id: str
    instead: str


Event = VehicleDown | NotHome | SiteFull


@dataclasses.dataclass(frozen=True)
class Replan:
    """plan: the whole day, what is driven already included.  stops: as they are asked for now.
    touched: stops the events are about.  changed: other stops that another vehicle fetches now, or
    more than `CHANGED_MIN` minutes earlier or later, or not at all.
    """

    plan: TripPlan
    stops: pa.Table
    touched: frozenset[int]
    changed: frozenset[int]
    share_changed: float  # of the other stops that were still open


CHANGED_MIN = 15
