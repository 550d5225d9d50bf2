"""What others may use of the registry: things, their states, and the ledger of what is taken."""

from zhongshu.service.resources.models import Conversion, Hold, Thing, ThingChange
from zhongshu.service.resources.registry.byhand import enter_one
from zhongshu.service.resources.registry.keeping import Draft, change, convert, enter, reverse
from zhongshu.service.resources.registry.kinds import FACTS, LIVES, POOLS, STANDS_IN
from zhongshu.service.resources.registry.ledger import (
    Want,
    capacity_of,
    free,
    frees,
    hold,
    release,
)
from zhongshu.service.resources.registry.made import fill
from zhongshu.service.resources.registry.reading import (
    Ready,
    changes,
    conversions,
    get,
    holds,
    readiness,
    things,
)

__all__ = [
    "FACTS",
    "LIVES",
    "POOLS",
    "STANDS_IN",
    "Conversion",
    "Draft",
    "Hold",
    "Ready",
    "Thing",
    "ThingChange",
    "Want",
    "capacity_of",
    "change",
    "changes",
    "conversions",
    "convert",
    "enter",
    "enter_one",
    "fill",
    "free",
    "frees",
    "get",
    "hold",
    "holds",
    "readiness",
    "release",
    "reverse",
    "things",
]
