"""What others may use of contacts."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.contacts import selectors
from zhongshu.service.contacts.clockfacts import told
from zhongshu.service.contacts.clockfacts import told_all as follow_clocks
from zhongshu.service.contacts.models import Contact, Exposure, Notice
from zhongshu.service.contacts.selectors import (
    CONTACTS,
    STAYS,
    by_path,
    counts,
    decisions,
    evidence,
    exposures,
    get,
    ids_of,
    infectors,
    listed,
    notices,
    person_counts,
)
from zhongshu.service.contacts.services import decide, move_on, upsert
from zhongshu.service.incidents import facade as incidents

__all__ = [
    "CONTACTS",
    "STAYS",
    "Contact",
    "Exposure",
    "Notice",
    "by_path",
    "counts",
    "decide",
    "decisions",
    "evidence",
    "exposures",
    "follow_clocks",
    "get",
    "ids_of",
    "infectors",
    "known",
    "listed",
    "move_on",
    "notices",
    "person_counts",
    "stays",
    "told",
    "upsert",
]


def known(as_of: dt.datetime) -> pa.Table:
    """Contacts of the current incident known at `as_of`, not withdrawn: schema `CONTACTS`."""
    return selectors.known(incident_id=incidents.current().pk, as_of=as_of)


def stays(as_of: dt.datetime) -> pa.Table:
    """Where cases of the current incident met others, as known at `as_of`: schema `STAYS`."""
    return selectors.stays(incident_id=incidents.current().pk, as_of=as_of)
