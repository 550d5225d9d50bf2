"""Who changed it and when by the headquarters' clock, beside each row's history."""

from __future__ import annotations

import datetime as dt

import pghistory

from zhongshu.service.kit.actor import Actor


def changing(actor: Actor, action: str, at: dt.datetime) -> pghistory.context:
    """Within it, history rows written by the triggers carry actor, action and time."""
    return pghistory.context(by=actor.name, action=action, at=at.isoformat())
