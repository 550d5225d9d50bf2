"""Compiled kernels, kept by the content of all the code they may be made of.

Numba keeps what it compiled by the file a function stands in and does not notice when a function
it calls, in another file, has changed: after an update the old machine code would go on answering.
So the folder of the cache bears the digest of every module that kernels are made from.

Nor does it expect two processes to keep compilations of one function at the same moment, for other
types of its arguments: both would take the same file, and the index would hand out one for the
other from then on.  So one process at a time writes into the cache.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core.caching import IndexDataCacheFile

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


def _one_at_a_time(save: Callable[..., None]) -> Callable[..., None]:
    def saved(file: Any, key: Any, data: Any) -> None:
        with Path(file._cache_path, ".lock").open("ab") as lock:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(lock, fcntl.LOCK_EX)
            save(file, key, data)

    return saved


IndexDataCacheFile.save = _one_at_a_time(IndexDataCacheFile.save)  # type: ignore[method-assign]
