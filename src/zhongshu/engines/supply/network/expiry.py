"""Part of the validator: what expires first goes first, lot by lot.

A lot that expires in a store, while one that outlasts the plan left it for a place that used such
lots before that day, could have gone in its stead.  A plan may do so only for less yuan than its
gap.  Between two lots that both expire within the plan nothing need be saved: not judged.
"""

from __future__ import annotations

import collections
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
Lot = tuple[str, str, dt.date]
Uses = Mapping[tuple[str, str, dt.date], Mapping[dt.date, float]]
NEVER = dt.date.max


def check(
    expired: Mapping[Lot, float],
    uses: Uses,
    moves: list[Row],
    lots: list[Row],
    *,
    yuan_most: float,
    yuan: Mapping[str, float],
) -> list[str]:
    """expired: by store, item and last day, what lies there unused after it.  uses: by store, item
    and day, how much by the last day of its lot.  yuan_most: the gap; yuan: of a unit."""
    lying: dict[Lot, float] = collections.defaultdict(float)
    for row in lots:
        lying[row["store_id"], row["item"], row["expires_on"] or NEVER] += row["quantity"]
    for move in moves:
        lying[move["from_store"], move["item"], move["expires_on"] or NEVER] -= move["quantity"]
    lasting: dict[tuple[str, str], list[Row]] = collections.defaultdict(list)
    for move in moves:
        if not move["expires_on"]:
            lasting[move["from_store"], move["item"]].append(move)
    faults = []
    for (store, item, last), quantity in sorted(expired.items()):
        stayed = min(quantity, lying[store, item, last])
        for move in lasting[store, item]:
            days = range((last - move["arrives_on"]).days + 1)
            used = sum(
                uses.get((move["to_store"], item, last - dt.timedelta(days=n)), {}).get(NEVER, 0.0)
                for n in days
            )
            instead = min(stayed, move["quantity"], used)
            if instead * yuan[item] > yuan_most:
                faults.append(
                    f"{instead:.4f} {item} expire in {store} on {last}, and a later lot "
                    f"went to {move['to_store']}"
                )
    return faults


def told(
    waste: pa.Table,
    expired: Mapping[Lot, float],
    *,
    on: dt.date,
    yuan_most: float,
    yuan: Mapping[str, float],
) -> list[str]:
    """What is told to expire by store and item, against what does when each store uses the first
    to expire first."""
    differs: dict[tuple[str, str], float] = collections.defaultdict(float)
    for row in waste.to_pylist():
        if row["expires_on"] >= on:
            differs[row["store_id"], row["item"]] += row["quantity"]
    for (store, item, _), quantity in expired.items():
        differs[store, item] -= quantity
    return [
        f"{abs(by):.4f} {item} {'more' if by > 0 else 'fewer'} are told to expire in {store} than "
        "have to"
        for (store, item), by in sorted(differs.items())
        if abs(by) * yuan[item] > yuan_most
    ]
