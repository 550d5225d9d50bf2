"""Which room for whom: an integer program over floors, doors after it, greedy for who is left.

1. The relaxation of `program` says which site each party would go to and bounds the plan.
2. `floors` gives each floor to one degree; the program with floors fixed is solved (a large day is
   rounded from the relaxation instead), and `doors` hands out rooms.
3. Who is left takes the best rooms at the first site that has any: degree 1 before degree 2, a
   floor of the other degree only when nothing else is left.  Then parties of one degree exchange
   rooms by an exact assignment.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import optimize

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.rooms import doors, floors, parties, program, results, sites
from zhongshu.engines.transfer.rooms.results import Given
from zhongshu.kernel import plan as kernel_plan
from zhongshu.kernel.runcard import RunCard, table_hash

Floats = NDArray[np.float64]


def plan(people: pa.Table, rooms: pa.Table, rules: model.RoomRules) -> model.RoomPlan:
    began = time.perf_counter()
    party = parties.gather(people, rules)
    places = sites.read(rooms, rules)
    km = parties.distances(
        party, [s.lon for s in places], [s.lat for s in places], detour=rules.detour_factor
    )
    cost = _cost(km, max_km=rules.max_km)
    case = program.build(party, places, np.isfinite(cost))
    share, given = _solve(case, party, places, cost, rules)
    left = len(given) < len(party)
    if left:
        given = _give_out(party, places, cost, rules, given=given, order=_ranked(share, cost))
    if left or not case.exact():
        given = _exchange(party, given, cost, low_max=rules.low_floor_max)
    served = np.array([index in given for index in range(len(party))], bool)
    reasons = {
        int(index): _why_not(int(index), party, cost[index], places)
        for index in np.flatnonzero(~served)
    }
    unserved = results.unserved(people, party, reasons)
    person_km = _person_km(party, given, cost)
    km_bound = _km_bound(case, cost, served)
    seconds = time.perf_counter() - began
    card = RunCard(
        engine="transfer.rooms",
        version=model.VERSION,
        parameters=_parameters(rules),
        inputs={"people": table_hash(people), "rooms": table_hash(rooms)},
    )
    return model.RoomPlan(
        assignments=results.assignments(people, party, given, places, km=km, rules=rules),
        unserved=unserved,
        sites=results.site_use(places, party, given),
        served=int(party.size[served].sum()),
        served_bound=_served_bound(case),
        person_km=person_km,
        person_km_bound=km_bound,
        binding=_binding(party, reasons),
        seconds=seconds,
        card=card,
        answer=kernel_plan.Answer(
            planner="rooms",
            value=person_km,
            unit="person-km",
            bound=km_bound,
            seconds=seconds,
            seed=None,
            unserved=kernel_plan.unserved(
                "person", ((row["person"], 1, row["reason"]) for row in unserved.to_pylist())
            ),
            card=card,
            notes=tuple(f"site_without_rooms:{one}" for one in sites.without_rooms(rooms)),
        ),
    )


def _parameters(rules: model.RoomRules) -> dict[str, Any]:
    """The rules as JSON can hold them."""
    plain = dataclasses.asdict(rules)
    for key in ("low_floor_needs", "zones", "companion_needs"):
        plain[key] = sorted(plain[key])
    for key in ("need_tags", "degree_tags"):
        plain[key] = {str(name): sorted(tags) for name, tags in plain[key].items()}
    plain["ready_by"] = None if rules.ready_by is None else rules.ready_by.isoformat()
    return plain


def _cost(km: Floats, *, max_km: float | None) -> Floats:
    """Kilometres to plan with: +inf beyond the limit, 0 everywhere for a home without a point."""
    limited = km if max_km is None else np.where(km > max_km, np.inf, km)
    cost: Floats = np.where(np.isnan(km), 0.0, limited)
    return cost


def _solve(
    case: program.Program,
    party: parties.Parties,
    places: list[sites.Site],
    cost: Floats,
    rules: model.RoomRules,
) -> tuple[Floats, dict[int, Given]]:
    """(share of each party at each site in the relaxation, rooms given by the program)."""
    if not len(party):
        return np.zeros(cost.shape), {}
    cost = _unplaced_last(cost, party)
    objective = _objective(case, cost, rules)
    relaxed, _ = program.solve(case, objective, program.upper(case))
    chosen = floors.degrees(case, relaxed)
    fixed = program.upper(
        case,
        closed=lambda p: chosen.get(p.floor) not in (None, case.classes[p.klass].degree),
    )
    x, _ = program.solve(case, objective, fixed, whole=case.exact())
    share = np.zeros(cost.shape)
    share[case.pair_party, case.pair_site] = relaxed[: len(case.pair_party)]
    weighed = cost * party.size[:, None]
    return share, doors.give(case, x[case.offset :], places, weighed)


def _unplaced_last(cost: Floats, party: parties.Parties) -> Floats:
    """Nobody gets the last room because it is not known where he lives: he counts as farther away
    than everybody."""
    reach = cost[np.isfinite(cost)]
    far = float(reach.max()) if len(reach) else 0.0
    return np.where(party.located[:, None], cost, 1.01 * far + 0.01)


def _objective(case: program.Program, cost: Floats, rules: model.RoomRules) -> Floats:
    """Person-km, far above them the people left out, and the wish for a low floor."""
    party = case.party
    reach = cost[np.isfinite(cost)]
    far = float(reach.max()) if len(reach) else 0.0
    # Serving somebody outweighs any distance; a person of degree 1 counts for two of degree 2.
    worth = (10 * far + 1) * np.where(party.degree == 1, 2.0, 1.0)
    pairs = cost[case.pair_party, case.pair_site] * party.size[case.pair_party]
    comfort = [_comfort(case, pattern, rules) for pattern in case.patterns]
    return np.concatenate([pairs, worth * party.size, comfort])


def _comfort(case: program.Program, pattern: program.Pattern, rules: model.RoomRules) -> float:
    klass, floor = case.classes[pattern.klass], case.floors[pattern.floor][1]
    is_low = floor.number <= rules.low_floor_max
    if klass.low:
        return 0.0 if is_low else rules.low_floor_km * klass.size
    return 1e-4 if is_low else 0.0  # spares the low floors where nothing else is at stake


def _ranked(share: Floats, cost: Floats) -> NDArray[np.int64]:
    """Sites in the order each party should try them, shape (parties, sites)."""
    rank: NDArray[np.int64] = np.lexsort((cost, -np.round(share, 6)), axis=1)
    return rank


def _give_out(
    party: parties.Parties,
    places: list[sites.Site],
    cost: Floats,
    rules: model.RoomRules,
    *,
    given: dict[int, Given],
    order: NDArray[np.int64],
) -> dict[int, Given]:
    """`given` and what the rest of the parties can still be given."""
    queue = np.lexsort((-party.size, ~party.low, ~party.located, party.degree))
    result = dict(given)
    for degree in (1, 2):  # all of degree 1, mixed floors included, before anybody of degree 2
        for mix in (False, True):
            for index in queue:
                if party.degree[index] == degree and index not in result:
                    low_max = rules.low_floor_max if party.low[index] else None
                    wish = sites.Wish(
                        int(party.size[index]), degree, low_max, party.requires[index], mix
                    )
                    found = _first_site(wish, places, cost[index], order[index])
                    if found:
                        result[int(index)] = found
    return result


def _first_site(
    wish: sites.Wish, places: list[sites.Site], cost: Floats, order: NDArray[np.int64]
) -> Given | None:
    for s in order:
        choice = sites.choose(places[s], wish) if np.isfinite(cost[s]) else None
        if choice:
            sites.take(places[s], choice, degree=wish.degree)
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
    that are met stay met, and what a party's rooms must offer is offered."""
    beds = np.array([sum(room.capacity for room in one.choice.rooms) for one in rooms])
    least = np.array([min(room.capacity for room in one.choice.rooms) for one in rooms])
    floor = np.array([one.choice.floor.number for one in rooms])
    size, low = party.size[members], party.low[members]
    enough = (size[:, None] <= beds) & (size[:, None] > beds - least)
    bound_low = low & (floor <= low_max)
    fits = enough & ~(bound_low[:, None] & (floor > low_max))
    for row, member in enumerate(members):
        if party.requires[member]:
            fits[row] &= [
                all(
                    room.tags & wanted
                    for room in one.choice.rooms
                    for wanted in party.requires[member]
                )
                for one in rooms
            ]
    return np.asarray(fits, dtype=bool)


def _person_km(party: parties.Parties, given: dict[int, Given], cost: Floats) -> float:
    return float(sum(cost[i, g.site] * party.size[i] for i, g in given.items()))


def _km_bound(case: program.Program, cost: Floats, served: NDArray[np.bool_]) -> float:
    """The relaxation for those the plan serves, all of them placed."""
    if not served.any():
        return 0.0
    pairs = cost[case.pair_party, case.pair_site] * case.party.size[case.pair_party]
    objective = np.concatenate([pairs, np.zeros(len(served) + len(case.patterns))])
    limit = program.upper(case)
    limit[: len(case.pair_party)] = served[case.pair_party]
    limit[len(case.pair_party) : case.offset] = ~served
    return max(0.0, program.solve(case, objective, limit)[1])


def _served_bound(case: program.Program) -> int:
    """The relaxation that leaves out the fewest persons."""
    size = case.party.size.astype(float)
    objective = np.concatenate([np.zeros(len(case.pair_party)), size, np.zeros(len(case.patterns))])
    if not len(size):
        return 0
    return int(np.floor(size.sum() - program.solve(case, objective, program.upper(case))[1] + 1e-6))


def _why_not(index: int, party: parties.Parties, cost: Floats, places: list[sites.Site]) -> str:
    """The constraint that keeps a party out, judged on what is left after the plan."""
    size, requires = int(party.size[index]), party.requires[index]
    reach = [site for site, km in zip(places, cost, strict=True) if np.isfinite(km)]
    if not reach:
        return "too_far"
    if all(size > sum(r.capacity for r in f.rooms) for site in reach for f in site.floors):
        return "too_large"
    if requires and not any(site.offers(requires) >= size for site in reach):
        return "no_room_for_need"
    kept = any(site.widest_floor(requires) >= size for site in reach)
    return "reserve_kept" if kept else "no_free_room"


def _binding(party: parties.Parties, reasons: dict[int, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for index, reason in reasons.items():
        counts[reason] = counts.get(reason, 0) + int(party.size[index])
    return counts
