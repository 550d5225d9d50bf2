"""Random streams keyed by purpose, so that adding a draw in one place moves none elsewhere."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, *keys: str | int) -> np.random.Generator:
    """An independent generator for (seed, keys).  The same arguments give the same draws.

    Text keys are hashed with CRC-32 (stable between processes, unlike ``hash``).
    """
    words = [key if isinstance(key, int) else zlib.crc32(key.encode()) for key in keys]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
