"""A part's answer as rows that any data frame can carry, and back, with its exact types."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa

from zhongshu.engines.tracing import model, parts
from zhongshu.kernel.runcard import RunCard

PARCEL = pa.schema([("part", pa.int32()), ("name", pa.string()), ("body", pa.binary())])
DDL = "part int, name string, body binary"
ROWS = 200_000  # a parcel; some tens of MB
_CARD = "card"


def packed(part: int, answer: model.TraceResult) -> Iterator[pa.RecordBatch]:
    """Rows of PARCEL, tables cut into pieces of an Arrow stream each."""
    yield _parcel(part, _CARD, json.dumps(answer.card.as_json()).encode())
    for name in parts.TABLES:
        table = getattr(answer, name)
        for begin in range(0, table.num_rows, ROWS):
            sink = pa.BufferOutputStream()
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
                stream.write_table(table.slice(begin, ROWS))
            yield _parcel(part, name, sink.getvalue().to_pybytes())


def _parcel(part: int, name: str, body: bytes) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([{"part": part, "name": name, "body": body}], schema=PARCEL)


def unpacked(parcels: pa.Table, count: int) -> list[model.TraceResult]:
    """The answers of parts 0..count-1.  The pieces of one table lie in their order."""
    pieces: list[dict[str, list[pa.Table]]] = [{} for _ in range(count)]
    cards: dict[int, RunCard] = {}
    for row in parcels.to_pylist():
        if row["name"] == _CARD:
            cards[row["part"]] = RunCard(**json.loads(row["body"]))
        else:
            table = pa.ipc.open_stream(row["body"]).read_all()
            pieces[row["part"]].setdefault(row["name"], []).append(table)
    return [
        model.TraceResult(
            **{
                name: pa.concat_tables([schema.empty_table(), *pieces[part].get(name, [])])
                for name, schema in parts.TABLES.items()
            },
            card=cards[part],
        )
        for part in range(count)
    ]
