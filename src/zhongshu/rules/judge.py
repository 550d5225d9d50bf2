"""Judging by packs, and judging again what was stored, years later, with the same result.

found = judge.judge(pack, "HC-3", facts)     # a rule
judge.judge_all(pack, "person", facts)       # all rules that hold of a subject
judge.release(pack, "Z9-1", facts)           # what has to hold before release
judge.replay(found.stored())                 # the same again, by the version stored
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.rules import isolation, reader, thresholds, zones
from zhongshu.rules.judgement import (
    FIGURE,
    RELEASE,
    RULE,
    SCHEDULE,
    THRESHOLD,
    WORDS,
    ZONE,
    Held,
    Judgement,
    digest,
    judge,
    judge_all,
    judge_release,
    of_figure,
    of_words,
    plain,
    release,
)
from zhongshu.rules.model import Pack

__all__ = [
    "Held",
    "Judgement",
    "as_json",
    "judge",
    "judge_all",
    "judge_release",
    "of_figure",
    "of_words",
    "plain",
    "release",
    "replay",
    "same",
]

Stored = Mapping[str, Any]


def as_json(one: Judgement) -> dict[str, Any]:
    return one.as_json()


def replay(stored: Stored, *, folder: Path | None = None) -> Judgement:
    """What `Judgement.stored` or `as_json` kept, judged again by the same version of its pack.

    folder: of the packs, for tests.  Refuses (NotFound) a version that is not there any more,
    (WrongState, ``rules.pack_changed``) one that does not decide as it did then, (BadInput) what
    is not a judgement.
    """
    try:
        version, kept, kind = stored["version"], stored["digest"], stored["kind"]
    except KeyError as error:
        raise BadInput("rules.no_judgement", f"A stored judgement has no {error}.") from error
    pack = reader.load(version, folder=folder)
    if digest(pack) != kept:
        raise WrongState(
            "rules.pack_changed",
            f"The pack {version} has been changed since; it no longer decides as it did.",
            version=version,
            stored=kept,
            found=digest(pack),
        )
    if kind not in _AGAIN:
        raise BadInput("rules.no_judgement", f"'{kind}' is no kind of judgement.", kind=kind)
    return _AGAIN[kind](pack, stored)


def same(stored: Stored, again: Judgement) -> bool:
    """Whether the judgement done again says what the stored one said."""
    now = again.stored()
    return all(now[name] == stored[name] for name in ("rule_id", "held", "outcome", "version"))


def _rule(pack: Pack, stored: Stored) -> Judgement:
    return judge(pack, stored["rule_id"], stored["facts"])


def _release(pack: Pack, stored: Stored) -> Judgement:
    return judge_release(pack, stored["part"], stored["facts"])


def _schedule(pack: Pack, stored: Stored) -> Judgement:
    facts = stored["facts"]
    found = isolation.judge_days(
        pack, stored["subject"], facts, on=dt.date.fromisoformat(facts["on"])
    )
    return found if found is not None else _gone(pack, stored)


def _threshold(pack: Pack, stored: Stored) -> Judgement:
    found = thresholds.again(pack, stored)
    return found if found is not None else _gone(pack, stored)


def _zone(pack: Pack, stored: Stored) -> Judgement:
    return zones.judge_step(pack, stored["facts"])


def _figure(pack: Pack, stored: Stored) -> Judgement:
    return of_figure(pack, stored["part"], facts=stored["facts"])


def _words(pack: Pack, stored: Stored) -> Judgement:
    return of_words(pack, stored["rule_id"], facts=stored["facts"])


def _gone(pack: Pack, stored: Stored) -> Judgement:
    """Nothing is said of these facts, though something was: never by an unchanged pack."""
    raise WrongState(
        "rules.not_again",
        f"{pack.version} says nothing of the stored facts of {stored['rule_id']}.",
        rule_id=stored["rule_id"],
        version=pack.version,
    )


_AGAIN: Mapping[str, Callable[[Pack, Stored], Judgement]] = {
    RULE: _rule,
    RELEASE: _release,
    SCHEDULE: _schedule,
    THRESHOLD: _threshold,
    ZONE: _zone,
    FIGURE: _figure,
    WORDS: _words,
}
