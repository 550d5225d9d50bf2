"""What others may use of planning zones.  Apart from the zones' own facade: a plan is proposed
through periods, which carry out what is decided about zones."""

from zhongshu.service.zones.models import ZonePlan
from zhongshu.service.zones.planning.ground import Ground
from zhongshu.service.zones.planning.ground import at as ground
from zhongshu.service.zones.planning.plans import Wish, get, listed, plan, price, within
from zhongshu.service.zones.planning.proposing import propose
from zhongshu.service.zones.planning.simulated import Simulated, Simulation
from zhongshu.service.zones.planning.simulated import read as simulation

__all__ = [
    "Ground",
    "Simulated",
    "Simulation",
    "Wish",
    "ZonePlan",
    "get",
    "ground",
    "listed",
    "plan",
    "price",
    "propose",
    "simulation",
    "within",
]
