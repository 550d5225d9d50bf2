"""How long records of where people were are kept, as the pack for privacy in force says (HC-8)."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.rules import reader

FIGURE = "retention.venue_days"


@dataclasses.dataclass(frozen=True, slots=True)
class Keeping:
    """days: a visit is kept for so many days after its own.  rule_id: by which rule."""

    days: int
    rule_id: str


def visits(on: dt.date, *, path: str = "") -> Keeping:
    """What holds on the Beijing day `on` for the unit on the division path `path`.

    Refuses (NotFound) a day on which no pack for privacy holds.
    """
    pack = reader.applicable(disease=reader.ANY, topic=reader.PRIVACY, on=on, path=path)
    return Keeping(int(pack.number(FIGURE)), pack.figure(FIGURE).rule_id)
