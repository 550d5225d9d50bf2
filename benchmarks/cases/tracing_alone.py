"""What is measured in a process of its own: sealing, the first touch, memory beyond files.

Cold means cold: the pages of every file of the index are dropped, those that are mapped too, and
the kernel is asked whether any is left before a question is timed.
"""

from __future__ import annotations

import ctypes
import mmap
import multiprocessing
import os
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.cases import tracing as made
from benchmarks.cases.tracing_lines import Line, below, line
from zhongshu.engines.tracing import fast
from zhongshu.kernel.segments import SECTIONS, Array, Snapshot
from zhongshu.lake.hot.hot import HotLake

TIMES = 11
_PAGE = mmap.PAGESIZE
_DONTNEED = 4  # MADV_DONTNEED


def alone(work: Callable[..., Any], *args: Any) -> Any:
    """The answer of `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *args).result()


def anonymous_mb() -> float:
    """Memory of this process that is not a mapped file."""
    words = Path("/proc/self/status").read_text("utf-8").split()
    return int(words[words.index("RssAnon:") + 1]) / 1024


class Peak(threading.Thread):
    """The most anonymous memory while it runs, looked at every 10 ms."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb = 0.0
        self._stop_it = threading.Event()

    def __enter__(self) -> Peak:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_it.set()
        self.join()

    def run(self) -> None:
        while not self._stop_it.wait(0.01):
            self.mb = max(self.mb, anonymous_mb())


# the pages of an index -----------------------------------------------------------------------


class Pages:
    """The mapped files of an index."""

    def __init__(self, root: Path, snapshot: Snapshot) -> None:
        self._root = root
        self._arrays = [
            *(getattr(part, name) for part in snapshot.segments for name in SECTIONS),
            snapshot.people.base,
        ]
        self._libc = ctypes.CDLL(None, use_errno=True)

    def drop(self) -> None:
        """Out of this process, then out of the machine's memory."""
        for array in self._arrays:
            self._call("madvise", array, _DONTNEED)
        for path in self._root.iterdir():
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)
        assert self.resident() == 0, "the machine kept pages of the index"

    def resident(self) -> int:
        """How many of the pages are in memory."""
        count = 0
        for array in self._arrays:
            answer = np.zeros(-(-array.nbytes // _PAGE) + 1, np.uint8)
            self._call("mincore", array, ctypes.c_void_p(answer.ctypes.data))
            count += int((answer & 1).sum())
        return count

    def _call(self, name: str, array: Array, last: Any) -> None:
        begin = array.ctypes.data & ~(_PAGE - 1)
        size = ctypes.c_size_t(array.ctypes.data + array.nbytes - begin)
        if getattr(self._libc, name)(ctypes.c_void_p(begin), size, last):
            raise OSError(ctypes.get_errno(), name)


# each in its own process ---------------------------------------------------------------------


def _sealed(paths: list[Path], root: Path, warm: Path) -> float:
    HotLake(warm).seal(pq.read_table(paths[0]).slice(0, 1000))  # compiles
    lake = HotLake(root)
    begin = time.perf_counter()
    for path in paths:
        lake.seal(pq.read_table(path))
    return time.perf_counter() - begin


def seal(paths: list[Path], folder: Path) -> float:
    """Seconds from unsorted files to both orders of the index on disk in ``folder/hot``."""
    found: float = alone(_sealed, paths, folder / "hot", folder / "warm")
    return found


def _first_touch(root: Path, province: made.Province) -> tuple[list[float], list[float], float]:
    begin = time.perf_counter()
    lake = HotLake(root)
    snapshot = lake.snapshot()
    opened = time.perf_counter() - begin
    tracer = fast.prepare(
        snapshot,
        places=province.places(),
        households=province.households(),
        rules=made.rules(degrees=1),
    )
    nobody = province.cases(1).set_column(1, "person", pa.array([-5]))
    tracer.overlaps(nobody, until=made.UNTIL)
    tracer.trace(nobody, until=made.UNTIL)
    pages = Pages(root, snapshot)
    found = []
    for ask in (tracer.overlaps, tracer.trace):
        seconds = []
        for seed in range(TIMES):
            cases = province.cases(1, seed=seed)
            pages.drop()
            begin = time.perf_counter()
            ask(cases, until=made.UNTIL)
            seconds.append(time.perf_counter() - begin)
        found.append(seconds)
    return found[0], found[1], opened


def first_touch(root: Path, province: made.Province) -> list[Line]:
    """One case asked of a process that has the code but none of the pages."""
    plain, whole, opened = alone(_first_touch, root, province)
    name = f"{province.name}, one case, cold"
    middle = statistics.median(plain)
    return [
        below(name, middle * 1000, "ms", 50),
        line(f"{name}, slowest of {TIMES}", max(plain) * 1000, "ms"),
        line(f"{name}, whole answer of degree 1", statistics.median(whole) * 1000, "ms"),
        line(f"{province.name}, open the index", opened * 1000, "ms"),
    ]


def _second(root: Path, province: made.Province) -> fast.Tracer:
    return fast.prepare(
        HotLake(root).snapshot(),
        places=province.places(),
        households=province.households(),
        rules=made.rules(degrees=2),
    )


def _compile(root: Path, province: made.Province) -> None:
    tracer = _second(root, province)
    tracer.trace(province.cases(1), until=made.UNTIL)
    tracer.overlaps(province.cases(1), until=made.UNTIL)


def _memory(root: Path, province: made.Province) -> tuple[float, float, float]:
    tracer = _second(root, province)
    with Peak() as whole:
        tracer.trace(province.cases(100), until=made.UNTIL)
    with Peak() as plain:
        answer = tracer.overlaps(province.cases(10_000), until=made.UNTIL)
    size = answer.nbytes / 2**20
    return whole.mb, plain.mb - size, size


def memory(root: Path, province: made.Province) -> list[Line]:
    """The most memory beyond mapped files, of a process with everybody's households that finds
    its kernels compiled."""
    alone(_compile, root, province)
    whole, plain, size = alone(_memory, root, province)
    name = f"{province.name}, memory beyond mapped files"
    return [
        below(f"{name}, 100 cases to degree 2", whole, "MB", 1000),
        below(f"{name}, 10,000 cases, and beyond the answer", plain, "MB", 1000),
        line(f"{province.name}, the answer to 10,000 cases", size, "MB"),
    ]
