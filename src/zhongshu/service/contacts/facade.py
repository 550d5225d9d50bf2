"""What others may use of contacts."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.contacts import selectors
from zhongshu.service.contacts.clockfacts import told
from zhongshu.service.contacts.clockfacts import told_all as follow_clocks
from zhongshu.service.contacts.days import with_days
from zhongshu.service.contacts.models import Contact, ContactChange, Exposure, Notice
from zhongshu.service.contacts.naming import Named, name
from zhongshu.service.contacts.selectors import (
    CONTACTS,
    NOT_CONTACTS,
    STAYS,
    by_path,
    counts,
    decisions,
    evidence,
    evidence_of,
    exposures,
    get,
    ids_of,
    infectors,
    is_decided,
    listed,
    notices,
    of_persons,
    person_counts,
    standing,
)
from zhongshu.service.contacts.services import decide, follow_homes, move_on, upsert
from zhongshu.service.contacts.told import changes
from zhongshu.service.contacts.traced import found, isolations, totals
from zhongshu.service.incidents import facade as incidents

__all__ = [
    "CONTACTS",
    "NOT_CONTACTS",
    "STAYS",
    "Contact",
    "ContactChange",
    "Exposure",
    "Named",
    "Notice",
    "by_path",
    "changes",
    "counts",
    "decide",
    "decisions",
    "evidence",
    "evidence_of",
    "exposures",
    "follow_clocks",
    "follow_homes",
    "found",
    "get",
    "ids_of",
    "infectors",
    "is_decided",
    "isolations",
    "known",
    "listed",
    "move_on",
    "name",
    "notices",
    "of_persons",
    "person_counts",
    "standing",
    "stays",
    "told",
    "totals",
    "upsert",
    "with_days",
]


def known(as_of: dt.datetime) -> pa.Table:
    """Contacts of the current incident known at `as_of`, not withdrawn: schema `CONTACTS`."""
    return selectors.known(incident_id=incidents.current().pk, as_of=as_of)


def stays(as_of: dt.datetime) -> pa.Table:
    """Where cases of the current incident met others, as known at `as_of`: schema `STAYS`."""
    return selectors.stays(incident_id=incidents.current().pk, as_of=as_of)
