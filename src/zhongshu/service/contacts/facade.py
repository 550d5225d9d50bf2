"""What others may use of contacts."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.contacts import selectors
from zhongshu.service.contacts.models import Contact, Notice
from zhongshu.service.contacts.selectors import CONTACTS, counts, get, infectors, listed, notices
from zhongshu.service.contacts.services import confirm_proposed, decide, upsert
from zhongshu.service.incidents import facade as incidents

__all__ = [
    "CONTACTS",
    "Contact",
    "Notice",
    "confirm_proposed",
    "counts",
    "decide",
    "get",
    "infectors",
    "known",
    "listed",
    "notices",
    "upsert",
]


def known(as_of: dt.datetime) -> pa.Table:
    """Contacts of the current incident known at `as_of`, not withdrawn: schema `CONTACTS`."""
    return selectors.known(incident_id=incidents.current().pk, as_of=as_of)
