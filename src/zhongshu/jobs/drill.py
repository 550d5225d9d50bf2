"""Taking a played drill to its next evening, as a job."""

from __future__ import annotations

import datetime as dt

from zhongshu.service.drills.played import facade as played
from zhongshu.service.incidents import facade as incidents

# Of this process alone: another worker, or this one started anew, makes the county again.
SITTINGS = played.Sittings()


def run(drill_id: int) -> None:
    """Show its next evening, or open the truth; nothing where nobody waits for it any more."""

    def clock() -> dt.datetime:
        return incidents.headquarters_time(dt.datetime.now(dt.UTC))

    played.go_on(drill_id, sittings=SITTINGS, clock=clock)
