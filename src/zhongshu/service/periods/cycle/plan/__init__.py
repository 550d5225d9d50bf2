"""Plan: rooms and trips for contacts, sampling again, a test round, supplies, parcels; each becomes
a proposal."""

from zhongshu.service.periods.cycle.plan.isolation import run as isolation
from zhongshu.service.periods.cycle.plan.parcels import run as parcels
from zhongshu.service.periods.cycle.plan.recollect import run as recollect
from zhongshu.service.periods.cycle.plan.supply import run as supply
from zhongshu.service.periods.cycle.plan.testing import run as testing

__all__ = ["isolation", "parcels", "recollect", "supply", "testing"]
