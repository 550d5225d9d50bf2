"""From identity number to pseudonym: a keyed hash, so that without the key nobody can go back
or even test a guess.

The key lies outside the database (``var/vault.key``, owner only).  Losing it means that new
records no longer meet the old ones; it belongs into the backup of the vault.
"""

from __future__ import annotations

import functools
import hmac
import os
import secrets
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

_63_BITS = (1 << 63) - 1


@functools.cache
def _key(path: Path) -> bytes:
    """The vault's key; made on first use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


def pseudonym(id_no: str) -> int:
    """HMAC-SHA256(key, id_no), its first 63 bits; positive."""
    digest = hmac.digest(_key(settings.VAULT_KEY), id_no.encode(), "sha256")
    return int.from_bytes(digest[:8]) & _63_BITS


def pseudonyms(id_nos: pa.Array | pa.ChunkedArray) -> pa.Array:
    """int64 pseudonyms of identity numbers; each distinct number is hashed once; null stays."""
    if isinstance(id_nos, pa.ChunkedArray):
        id_nos = id_nos.combine_chunks()
    encoded = pc.dictionary_encode(id_nos)
    hashed = np.fromiter(
        (pseudonym(id_no) for id_no in encoded.dictionary.to_pylist()),
        dtype=np.int64,
        count=len(encoded.dictionary),
    )
    return pc.take(pa.array(hashed), encoded.indices)
