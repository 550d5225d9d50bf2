"""The readable twin of `sensitivity`: clocks are moved step by step, and every meeting measured
anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.tracing import model, oracle_stays
from zhongshu.engines.tracing.oracle_stays import Stay, seconds


def of(
    cases: pa.Table,
    *,
    visits: pa.Table,
    places: pa.Table,
    households: pa.Table,
    rules: model.TraceRules,
    until: dt.datetime,
    tolerance_min: float,
    step_s: int,
    aliases: pa.Table | None = None,
) -> list[dict[str, Any]]:
    """Rows of `sensitivity.SENSITIVITY`.  Clocks are tried every `step_s` seconds; exact where all
    times are multiples of twice of it."""
    same = {row["person"]: row["canonical"] for row in model.checked_aliases(aliases).to_pylist()}
    where = oracle_stays.Places.of(model.checked_places(places).to_pylist(), rules)
    asked = sorted(cases.to_pylist(), key=lambda row: row["case_id"])
    off = round(tolerance_min * 60)
    begin = min((seconds(row["window_from"]) for row in asked), default=seconds(until))
    stays = oracle_stays.stays_of(
        oracle_stays.read(visits.to_pylist(), where, same),
        where.kind,
        rules,
        begin=begin - rules.look_back_s() - 2 * off,
        until=seconds(until),
    )
    moves = [(a, b) for a in range(-off, off + 1, step_s) for b in range(-off, off + 1, step_s)]
    homes = households.to_pylist() if rules.households else []
    home_of = {(same.get(row["person"], row["person"]), row["household"]) for row in homes}
    found = []
    for row in asked:
        person = same.get(row["person"], row["person"])
        window = seconds(row["window_from"]), min(seconds(row["window_to"]), seconds(until))
        own = {home for who, home in home_of if who == person}
        at_home = {who for who, home in home_of if home in own and who != person}
        if window[0] >= window[1]:
            at_home = set()
        sure, listed, possible = [at_home], [at_home], [at_home]
        for place in {stay.place for stay in stays if stay.person == person}:
            least = rules.for_kind(where.kind.get(place)).min_overlap_min * 60
            lengths = _lengths(stays, where, person, place, window=window, moves=moves)
            met = {who for who, plain, _ in lengths if 0 < plain >= least}
            if len(met) > rules.heavy_place_persons:
                continue
            listed.append(met)
            sure.append({who for who, _, moved in lengths if 0 < min(moved) >= least})
            possible.append({who for who, _, moved in lengths if 0 < max(moved) >= least})
        found.append(
            {
                "case_id": row["case_id"],
                "tolerance_min": float(tolerance_min),
                "sure": len(set().union(*sure)),
                "listed": len(set().union(*listed)),
                "possible": len(set().union(*possible)),
            }
        )
    return found


def _lengths(
    stays: list[Stay],
    where: oracle_stays.Places,
    person: int,
    place: int,
    *,
    window: tuple[int, int],
    moves: list[tuple[int, int]],
) -> list[tuple[int, int, list[int]]]:
    """Of each meeting of the person at the place: with whom, how long, how long moved so."""
    pairs = [
        (mine, other)
        for mine in stays
        if (mine.person, mine.place) == (person, place)
        for other in oracle_stays.presences(stays, where, place)
        if other.person != person
    ]
    return [
        (other.person, _together(mine, other, window, 0, 0),
         [_together(mine, other, window, *move) for move in moves])
        for mine, other in pairs
    ]  # fmt: skip


def _together(own: Stay, other: Stay, window: tuple[int, int], one: int, two: int) -> int:
    """Seconds that two stays, moved, share with the window; negative for a gap."""
    return min(own.t1 + one, other.t1 + two, window[1]) - max(
        own.t0 + one, other.t0 + two, window[0]
    )
