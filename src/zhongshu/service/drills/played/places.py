"""Which real county the synthetic one of a drill resembles."""

from __future__ import annotations

import functools

from zhongshu.engines.world.margins import Margins
from zhongshu.kernel.errors import BadInput
from zhongshu.service.drills.model import Scenario
from zhongshu.service.kit import margins as reference
from zhongshu.service.units import facade as units


@functools.lru_cache(maxsize=1)
def margins() -> Margins:
    """Read once for a process."""
    return reference.margins()


def county(unit: units.Unit) -> str:
    """The unit's own county; of a larger unit the usual one if it lies there, else its first.

    Refuses (BadInput) a unit of which there are no figures to make people from.
    """
    whole = margins()
    known = set(whole.county_codes)
    on_path = [code for code in unit.path.split("/") if code in known]
    if on_path:
        return str(on_path[0])
    usual = units.refs([Scenario().county])
    for code, one in usual.items():
        if code in known and one["path"].startswith(unit.path):
            return code
    inside = next((code for code in whole.county_codes if code[:4] == unit.code[:4]), None)
    if inside is None:
        raise BadInput(
            "drill.county",
            f"There are no census figures to make a county of {unit.code} from; choose another "
            "unit.",
            county=unit.code,
        )
    return inside
