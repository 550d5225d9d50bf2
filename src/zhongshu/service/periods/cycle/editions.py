"""Which edition a run is under, and what that edition does not do at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents.facade import Incident
from zhongshu.service.periods.cycle.frame import Outcome

# A step with the figures it cannot do without, and the kinds of proposal it answers for: an
# edition that has none of them does not do such a thing, which is no fault.
_NEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "detect": ("warning.baseline_days", ("signal",)),
    "notices": ("trace.heavy_place_persons", ("notice",)),
    "estimate": ("estimate.serial_interval_mean", ("demand",)),
    "zone": ("zone.levels", ("zone", "colour")),
    "isolate": ("site.reserve_share", ("isolate", "rooms", "beds", "transfer")),
    "test": ("test.region_wide_allowed", ("test_round",)),
    "supply": ("supply.in_county_km", ("supply",)),
}


def in_force(incident: Incident, *, on: dt.date, path: str) -> Pack:
    """The pack of the incident's disease on the Beijing day `on`, for the place with `path`.

    An incident may name a pack of its own making (a drill): where none is shipped for its
    disease, that one decides.  Refuses (NotFound) where neither is in force.
    """
    try:
        return reader.applicable(disease=incident.disease, on=on, path=path)
    except NotFound:
        return reader.in_force(incident.pack, on=on)


def without(step: str, pack: Pack) -> Outcome | None:
    """What a step leaves that this edition does not do: nothing proposed, what waits loses its
    reason.  None where the edition does it."""
    needed = _NEEDS.get(step)
    if needed is None or pack.get(needed[0]) is not None:
        return None
    figure, kinds = needed
    return Outcome({"not_in_edition": 1, "edition": pack.version, "figure": figure}, (), kinds)
