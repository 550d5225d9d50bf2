"""Which room for whom: the relaxation proposes sites, rooms are given out, equals are exchanged.

1. The linear relaxation says which site each party would go to if parties could be divided.
2. Degree 1 before degree 2, low-floor wishes and large parties first, each takes the best rooms at
   the first site of its list that has any; a floor of the other degree only in a second round.
3. Parties of one degree exchange rooms by an exact assignment.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import optimize

from zhongshu.engines.transfer import model, parties, relax, roomtables, sites
from zhongshu.engines.transfer.roomtables import Given
from zhongshu.kernel.runcard import RunCard, table_hash

Floats = NDArray[np.float64]


def plan(people: pa.Table, rooms: pa.Table, rules: model.RoomRules) -> model.RoomPlan:
    began = time.perf_counter()
    party = parties.gather(people, low_needs=rules.low_floor_needs)
    places = sites.read(rooms, reserve_share=rules.reserve_share)
    fresh = sites.read(rooms, reserve_share=rules.reserve_share)  # untouched, for the bounds
    km = parties.distances(
        party, [s.lon for s in places], [s.lat for s in places], detour=rules.detour_factor
    )
    cost = _cost(km, max_km=rules.max_km)
    given = _give_out(party, places, cost, rules, order=_site_order(party, cost, fresh))
    given = _exchange(party, given, cost, low_max=rules.low_floor_max)
    served = np.array([index in given for index in range(len(party))], bool)
    reasons = {
        int(index): _why_not(int(party.size[index]), cost[index], places)
        for index in np.flatnonzero(~served)
    }
    return model.RoomPlan(
        assignments=roomtables.assignments(people, party, given, places, km=km, rules=rules),
        unserved=roomtables.unserved(people, party, reasons),
        sites=roomtables.site_use(places, party, given),
        served=int(party.size[served].sum()),
        served_bound=_served_bound(party, cost, fresh),
        person_km=_person_km(party, given, cost),
        person_km_bound=_km_bound(party, cost, fresh, served),
        binding=_binding(party, reasons),
        seconds=time.perf_counter() - began,
        card=RunCard(
            engine="transfer.rooms",
            version=model.VERSION,
            parameters={
                **dataclasses.asdict(rules),
                "low_floor_needs": sorted(rules.low_floor_needs),
            },
            inputs={"people": table_hash(people), "rooms": table_hash(rooms)},
        ),
    )


def _cost(km: Floats, *, max_km: float | None) -> Floats:
    """Kilometres to plan with: +inf beyond the limit, 0 everywhere for a home without a point."""
    limited = km if max_km is None else np.where(km > max_km, np.inf, km)
    cost: Floats = np.where(np.isnan(km), 0.0, limited)
    return cost


def _site_order(party: parties.Parties, cost: Floats, fresh: list[sites.Site]) -> NDArray[np.int64]:
    """Sites in the order each party should try them, shape (parties, sites)."""
    size = party.size.astype(float)
    reach = cost[np.isfinite(cost)]
    # Serving somebody outweighs any distance; a person of degree 1 counts for two of degree 2.
    worth = (10 * (reach.max() if len(reach) else 0.0) + 1) * np.where(party.degree == 1, 2.0, 1.0)
    share, _ = relax.solve(
        (cost - worth[:, None]) * size[:, None], party.size, fresh, everyone=False
    )
    rank: NDArray[np.int64] = np.lexsort((cost, -np.round(share, 6)), axis=1)
    return rank


def _give_out(
    party: parties.Parties,
    places: list[sites.Site],
    cost: Floats,
    rules: model.RoomRules,
    *,
    order: NDArray[np.int64],
) -> dict[int, Given]:
    queue = np.lexsort((-party.size, ~party.low, ~party.located, party.degree))
    given: dict[int, Given] = {}
    for degree in (1, 2):  # all of degree 1, mixed floors included, before anybody of degree 2
        for mix in (False, True):
            for index in queue:
                if party.degree[index] == degree and index not in given:
                    found = _first_site(
                        int(index), party, places, cost, rules, order=order, mix=mix
                    )
                    if found:
                        given[int(index)] = found
    return given


def _first_site(
    index: int,
    party: parties.Parties,
    places: list[sites.Site],
    cost: Floats,
    rules: model.RoomRules,
    *,
    order: NDArray[np.int64],
    mix: bool,
) -> Given | None:
    degree, low_max = int(party.degree[index]), rules.low_floor_max if party.low[index] else None
    for s in order[index]:
        if np.isfinite(cost[index, s]):
            choice = sites.choose(
                places[s], size=int(party.size[index]), degree=degree, low_max=low_max, mix=mix
            )
            if choice:
                sites.take(places[s], choice, degree=degree)
                return Given(int(s), choice)
    return None


def _exchange(
    party: parties.Parties, given: dict[int, Given], cost: Floats, *, low_max: int
) -> dict[int, Given]:
    """Among the parties of one degree, the assignment to the rooms given of least person-km."""
    result = dict(given)
    for degree in (1, 2):
        members = np.array(
            [i for i in given if party.located[i] and party.degree[i] == degree], np.int64
        )
        rooms = [given[int(i)] for i in members]
        if len(members) < 2:
            continue
        matrix = cost[members][:, [one.site for one in rooms]] * party.size[members][:, None]
        fits = _fits(party, members, rooms, low_max=low_max) & np.isfinite(matrix)
        # The rooms a party holds now always fit it, so the optimum uses none of the penalties.
        np.fill_diagonal(fits, True)
        penalty = 1 + float(matrix[np.isfinite(matrix)].sum())
        rows, columns = optimize.linear_sum_assignment(np.where(fits, matrix, penalty))
        for row, column in zip(rows, columns, strict=True):
            result[int(members[row])] = rooms[column]
    return result


def _fits(
    party: parties.Parties, members: NDArray[np.int64], rooms: list[Given], *, low_max: int
) -> NDArray[np.bool_]:
    """Whether a party could live in rooms given, none of them superfluous; wishes for a low floor
    that are met stay met."""
    beds = np.array([sum(room.capacity for room in one.choice.rooms) for one in rooms])
    least = np.array([min(room.capacity for room in one.choice.rooms) for one in rooms])
    floor = np.array([one.choice.floor.number for one in rooms])
    size, low = party.size[members], party.low[members]
    enough = (size[:, None] <= beds) & (size[:, None] > beds - least)
    bound_low = low & (floor <= low_max)
    return np.asarray(enough & ~(bound_low[:, None] & (floor > low_max)), dtype=bool)


def _person_km(party: parties.Parties, given: dict[int, Given], cost: Floats) -> float:
    return float(sum(cost[i, g.site] * party.size[i] for i, g in given.items()))


def _km_bound(
    party: parties.Parties, cost: Floats, fresh: list[sites.Site], served: NDArray[np.bool_]
) -> float:
    size = party.size[served]
    _, value = relax.solve(cost[served] * size[:, None], size, fresh, everyone=True)
    return max(0.0, value)


def _served_bound(party: parties.Parties, cost: Floats, fresh: list[sites.Site]) -> int:
    gain = np.where(np.isfinite(cost), -party.size[:, None].astype(float), np.inf)
    _, value = relax.solve(gain, party.size, fresh, everyone=False)
    return int(np.floor(-value + 1e-6))


def _why_not(size: int, cost: Floats, places: list[sites.Site]) -> str:
    """The constraint that keeps a party out, judged on what is left after the plan."""
    reach = [site for site, km in zip(places, cost, strict=True) if np.isfinite(km)]
    if not reach:
        return "too_far"
    if all(size > sum(r.capacity for r in f.rooms) for site in reach for f in site.floors):
        return "too_large"
    kept = any(site.widest_floor() >= size for site in reach)
    return "reserve_kept" if kept else "no_free_room"


def _binding(party: parties.Parties, reasons: dict[int, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for index, reason in reasons.items():
        counts[reason] = counts.get(reason, 0) + int(party.size[index])
    return counts
