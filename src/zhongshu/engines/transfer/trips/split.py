"""A large day searched in parts (placeholder until written)."""

from zhongshu.engines.transfer.trips.vrp import search

__all__ = ["search"]
