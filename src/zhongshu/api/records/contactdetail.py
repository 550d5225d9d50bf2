"""What one contact's page tells beyond the list."""

from __future__ import annotations

import json
from typing import Any

from zhongshu.api.door import View
from zhongshu.api.paging import page
from zhongshu.api.records import clearing, links
from zhongshu.api.records.contacts import exposures_shown, items
from zhongshu.api.records.rulebook import pack_on
from zhongshu.service.contacts import facade as contacts

_MINUTE_S = 60


def read(contact_id: int, *, view: View, after: str | None, limit: int) -> dict[str, Any]:
    """The contact with its evidence, chains and decisions; the same few queries whatever their
    number."""
    one = contacts.get(contact_id, view.scope)
    shown, following = page(
        contacts.evidence(one), order=("-overlap_min", "id"), after=after, limit=limit
    )
    chain = links.read(one, view)
    return items([one], view)[0] | {
        "exposures": exposures_shown(shown),
        "exposures_next": following,
        "decisions": [
            {"at": d.at, "by": d.by, "action": d.action, "state": d.state, "reason": d.reason}
            for d in contacts.decisions(one)
        ],
        "chains": {"earliest": chain.earliest, "strongest": chain.strongest},
        "score_parts": score_parts(one),
        "clearing": clearing.sentences(one, chain, pack=pack_on(view.as_of)),
    }


def score_parts(one: contacts.Contact) -> dict[str, Any]:
    """What the score was made from (the trace's `reason`); of somebody named by hand, nothing."""
    try:
        told = json.loads(one.reason)
    except json.JSONDecodeError:
        told = {}
    return {
        "confirmed_min": told.get("confirmed_s", 0) / _MINUTE_S,
        "imputed_min": told.get("imputed_s", 0) / _MINUTE_S,
        "household": bool(told.get("household", False)),
        "link": float(told.get("link", one.score)),
        "via": told.get("via"),
    }
