"""Compiled functions that only other compiled functions call.

Without wrappers for Python, which would unpack every array of the simulation in each of them,
the whole compiles several times as fast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhongshu.kernel.compiled import njit

INNER: dict[str, bool] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

inner: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(**INNER)  # type: ignore[call-overload]
