"""What may be told to people outside, as the pack for privacy in force says (rule P-9)."""

from __future__ import annotations

import datetime as dt

from zhongshu.rules import reader


def suppress_below(on: dt.date, *, path: str = "") -> float:
    """The smallest count of persons that is shown, on the Beijing day `on`; a unit on the division
    path `path` of those counted may have set a larger one.

    Refuses (NotFound) a day on which no pack for privacy holds.
    """
    pack = reader.applicable(disease=reader.ANY, topic=reader.PRIVACY, on=on, path=path)
    return pack.number("publish.suppress_below")
