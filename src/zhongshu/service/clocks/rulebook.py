"""Which packs' clocks run for the current incident."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Sequence

from zhongshu.rules import reader
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents


@dataclasses.dataclass(frozen=True)
class Rulebook:
    """packs(since, path): those that apply today to what came under the rules on the Beijing day
    `since` at the division `path`, one version of each.  apart: codes of units with rules of
    their own; everywhere else the same hold.
    """

    packs: Callable[[dt.date, str], Sequence[Pack]]
    apart: frozenset[str] = frozenset()


def current(on: dt.date) -> Rulebook:
    """The rulebook of the current incident on the Beijing day `on`: the packs for its disease and
    for any.  Where the incident's own is not in force any more its first edition holds: a clock
    does not vanish because a rule ran out."""
    incident = incidents.current()
    pack_id, diseases = incident.pack, {incident.disease, reader.ANY}

    @functools.cache
    def packs(since: dt.date, path: str) -> tuple[Pack, ...]:
        found = [
            pack
            for pack in reader.all_applicable(on, path, since=since)
            if pack.disease in diseases
        ]
        if not any(pack.topic == reader.CONTROL and pack.disease != reader.ANY for pack in found):
            found.append(reader.load(pack_id))
        return tuple(found)

    return Rulebook(packs, reader.jurisdictions())


def command(packs: Sequence[Pack]) -> Pack | None:
    """The chain of command among the packs that apply; there is one at most."""
    chains = (one for one in packs if (one.disease, one.topic) == (reader.ANY, reader.COMMAND))
    return next(chains, None)


def of(*packs: Pack) -> Rulebook:
    """These packs and no other, whatever the day."""
    return Rulebook(lambda since, path: packs)
