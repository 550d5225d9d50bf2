"""A process killed part of the way, seen from inside: nothing after the step runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NoReturn

import pytest


class Killed(BaseException):
    """No handler of the product takes it, as none sees a kill."""


def die(*_: object, **__: object) -> NoReturn:
    raise Killed


@contextlib.contextmanager
def killed_at(step: str) -> Iterator[None]:
    """What is inside has to come to `step` (dotted name of a function), and ends there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(Killed):
            yield
