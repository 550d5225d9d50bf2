"""Compiled kernels that several processes keep at once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from numba.core.caching import IndexDataCacheFile

from zhongshu.kernel import compiled


def test_two_that_keep_one_function_at_once_each_find_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first has looked for a free file and not written it yet."""
    assert compiled.njit is not None  # numba as the product uses it
    made: Any = IndexDataCacheFile  # numba has no types
    first, second = (made(str(tmp_path), "kernel", "stamp") for _ in range(2))
    other = threading.Thread(target=second.save, args=("of floats", "machine code of floats"))
    look = first._load_index

    def meanwhile() -> dict[str, str]:
        found: dict[str, str] = look()
        if not other.is_alive():
            other.start()
            other.join(0.2)  # to its end, or to where it waits
        return found

    monkeypatch.setattr(first, "_load_index", meanwhile)
    first.save("of numbers", "machine code of numbers")
    other.join()
    monkeypatch.undo()
    assert first.load("of numbers") == "machine code of numbers"
    assert first.load("of floats") == "machine code of floats"
