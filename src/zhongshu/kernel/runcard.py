"""The card every engine answer carries: what went in, so that it can be run again."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

import pyarrow as pa


@dataclasses.dataclass(frozen=True)
class RunCard:
    """engine and version, parameters (JSON-able), seed, and a hash of each input."""

    engine: str
    version: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    seed: int | None = None

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def table_hash(table: pa.Table) -> str:
    """SHA-256 over the table's schema and column buffers in their logical order."""
    digest = hashlib.sha256(str(table.schema).encode())
    sink = pa.BufferOutputStream()
    combined = table.combine_chunks()
    with pa.ipc.new_stream(sink, combined.schema) as writer:
        writer.write_table(combined)
    digest.update(sink.getvalue())
    return digest.hexdigest()
