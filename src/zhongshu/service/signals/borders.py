"""Which counties touch, from the reference borders."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from zhongshu.reference import read

Borders = Mapping[str, frozenset[str]]


@functools.cache
def touching() -> Borders:
    """{county: the counties beside it, itself left out}.

    A development zone has no outline of its own: it touches its host and whatever the host
    touches.  Counties outside the shipped layers touch nothing.
    """
    found: dict[str, set[str]] = {}
    rows = read.table("adjacency").select(["code_a", "code_b"]).to_pylist()
    for a, b in ((row["code_a"], row["code_b"]) for row in rows):
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    for zone, host in read.zone_hosts().items():
        beside = {host, *found.get(host, ())} - {zone}
        for other in beside:
            found.setdefault(other, set()).add(zone)
        found.setdefault(zone, set()).update(beside)
    return {code: frozenset(others) for code, others in found.items()}
