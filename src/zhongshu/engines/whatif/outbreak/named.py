"""Who was found before hour 0 because somebody named him: noted here, taken out by `sift`."""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

from zhongshu.engines.whatif.outbreak.inner import inner
from zhongshu.engines.whatif.outbreak.model import DAY_H, GROUP, HOME, NEVER, REGISTERED
from zhongshu.engines.whatif.outbreak.state import (
    BEFORE,
    INFECTED_D,
    INFECTED_H,
    LAYER,
    PERSON,
    RESULT_H,
    WANT_H,
    draws,
    unit,
)

TESTED_AFTER_H, TESTED_FOR_H = DAY_H, 7 * DAY_H  # first and last test of who was named


@inner
def lead_back(tables, run, one, target, kind, found):  # type: ignore[no-untyped-def]
    """Somebody found at an hour, infected by `one`, had named him: those who live, work or learn
    together are looked for whenever they met.  Notes the hour at which he had been found."""
    if kind in (HOME, GROUP) and unit(draws(run, BEFORE, target), 3) < tables.named[kind]:
        find_named(tables, run, one, found + tables.named_h)


@inner
def find_named(tables, run, one, hour):  # type: ignore[no-untyped-def]
    """Somebody was named at an hour: a test by hour 0 finds him where the infection shows; else
    he is in quarantine, where the option says so."""
    if hour > 0 or one[INFECTED_D] == NEVER or one[LAYER] == REGISTERED:
        return
    last = min(0, hour + TESTED_FOR_H) - one[INFECTED_H]
    seen = tables.tested[max(0, min(last, tables.tested.shape[0] - 1))]
    if hour + TESTED_AFTER_H <= 0 and unit(draws(run, BEFORE, one[PERSON]), 4) < seen:
        one[RESULT_H] = min(one[RESULT_H], hour)
    elif one[INFECTED_H] < hour:
        one[WANT_H] = min(one[WANT_H], hour)
