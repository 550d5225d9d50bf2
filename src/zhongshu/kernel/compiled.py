"""Compiled kernels, kept by the content of all the code they may be made of.

Numba keeps what it compiled by the file a function stands in and does not notice when a function
it calls, in another file, has changed: after an update the old machine code would go on answering.
So the folder of the cache bears the digest of every module that kernels are made from.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from numba import config, njit

__all__ = ["njit"]

_PACKAGE = Path(__file__).parents[1]
_PARTS = ("kernel", "lake", "engines", "rules")


def digest() -> str:
    """Of all modules in the parts of the product that hold kernels; about ten milliseconds."""
    every = hashlib.sha256()
    for part in _PARTS:
        for path in sorted((_PACKAGE / part).rglob("*.py")):
            every.update(str(path.relative_to(_PACKAGE)).encode())
            every.update(path.read_bytes())
    return every.hexdigest()[:16]


# Where it cannot be written Numba falls back on a folder of the user's.
config.CACHE_DIR = str(_PACKAGE / "__pycache__" / f"kernels-{digest()}")  # type: ignore[attr-defined]
