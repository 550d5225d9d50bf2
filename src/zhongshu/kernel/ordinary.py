"""Normal numbers as functions of a key, by Marsaglia and Tsang's ziggurat.

G. Marsaglia, W. W. Tsang, "The ziggurat method for generating random variables", J. Stat. Softw. 5
(2000) 8; layer and height come from different bits of one word, as J. A. Doornik asks for.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.chance import GOLDEN, ONE, S11, TO_UNIT, mix, unit
from zhongshu.kernel.compiled import njit

LAYERS = 256
TAIL = 3.6541528853610088  # where the lowest of 256 layers of equal area ends
LAYER_BITS = np.uint64(LAYERS - 1)


def _layers() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(width of each layer, share of it that lies under the curve, height of the curve)."""
    height = math.exp(-0.5 * TAIL * TAIL)
    area = TAIL * height + math.sqrt(math.pi / 2) * math.erfc(TAIL / math.sqrt(2.0))
    widths = [area / height, TAIL]
    while len(widths) < LAYERS:
        last = widths[-1]
        widths.append(math.sqrt(-2.0 * math.log(area / last + math.exp(-0.5 * last * last))))
    edges = np.array([*widths, 0.0])
    return edges[:-1], edges[1:] / edges[:-1], np.exp(-0.5 * edges**2)


WIDTH, UNDER, HEIGHT = _layers()


@njit(cache=True, nogil=True)
def _beside(key, layer, x):  # type: ignore[no-untyped-def]
    """What a point beside the sure part of its layer becomes; rare."""
    which = 1
    while True:
        if layer == 0:
            far = -math.log(1.0 - unit(key, which)) / TAIL
            if -2.0 * math.log(1.0 - unit(key, which + 1)) > far * far:
                return math.copysign(TAIL + far, x)
            which += 2
            continue
        low, high = HEIGHT[layer], HEIGHT[layer + 1]
        if low + unit(key, which) * (high - low) < math.exp(-0.5 * x * x):
            return x
        word = mix(key + (np.uint64(which + 1) + ONE) * GOLDEN)
        which += 2
        layer = np.int64(word & LAYER_BITS)
        side = 2.0 * np.float64(word >> S11) * TO_UNIT - 1.0
        x = side * WIDTH[layer]
        if abs(side) < UNDER[layer]:
            return x


@njit(cache=True, nogil=True)
def normal(key):  # type: ignore[no-untyped-def]
    """A normal number, mean 0 and variance 1: the draw under `key` (np.uint64)."""
    word = mix(key + GOLDEN)
    layer = np.int64(word & LAYER_BITS)
    side = 2.0 * np.float64(word >> S11) * TO_UNIT - 1.0
    x = side * WIDTH[layer]
    if abs(side) < UNDER[layer]:
        return x
    return _beside(key, layer, x)
