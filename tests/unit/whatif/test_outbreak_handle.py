"""Kernels read a named tuple through its handle as they would read the tuple."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.outbreak.handle import handle
from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.kernel.compiled import njit


class _Held(NamedTuple):
    counts: NDArray[np.int64]
    table: NDArray[np.float32]
    share: float
    most: int


@inner
def _use(held):  # type: ignore[no-untyped-def]
    sum_ = 0.0
    for row in range(held.table.shape[0]):
        held.counts[row] += held.most
        one = held.table[row]
        for column in range(one.shape[0]):
            sum_ += held.share * one[column]
    return sum_


@njit
def _through_handle(held):  # type: ignore[no-untyped-def]
    return _use(handle(held))


@njit
def _as_it_is(held):  # type: ignore[no-untyped-def]
    return _use(held)


def _made() -> _Held:
    return _Held(np.arange(4), np.arange(12, dtype=np.float32).reshape(4, 3), 0.25, 7)


def test_fields_are_read_and_written_through_a_handle() -> None:
    held, plain = _made(), _made()
    assert _through_handle(held) == _as_it_is(plain) == 0.25 * 66
    assert held.counts.tolist() == plain.counts.tolist() == [7, 8, 9, 10]


def test_tuples_of_other_shapes_have_other_handles() -> None:
    wide = _made()._replace(table=np.ones((2, 5, 1), dtype=np.float32)[:, :, 0])
    assert _through_handle(wide) == 0.25 * 10
    assert _through_handle(_made()) == 0.25 * 66
