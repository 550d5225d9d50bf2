"""Tables with a declared schema from CSV and Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import parse_moment


def read(path: Path, schema: pa.Schema, extras: pa.Schema) -> pa.Table:
    """A CSV (UTF-8) or Parquet file with the columns of `schema`; those of `extras` may be absent.

    Moments without a zone are refused.  Columns of neither schema are left out.
    """
    known = {field.name: field for field in [*schema, *extras]}
    table = _parquet(path) if path.suffix == ".parquet" else _csv(path, known)
    missing = [name for name in schema.names if name not in table.column_names]
    optional = {"special_need", "degree", "ready_at", "due_at", "assisted", "household"}
    if unfilled := [name for name in missing if name not in optional]:
        raise BadInput(
            "input.missing_column",
            f"The file {path.name} lacks the column(s) {', '.join(unfilled)}; "
            f"it has {', '.join(table.column_names)}.",
            columns=unfilled,
        )
    for name in missing:
        table = table.append_column(known[name], pa.nulls(table.num_rows, known[name].type))
    wanted = [field for name, field in known.items() if name in table.column_names]
    try:
        return table.select([field.name for field in wanted]).cast(pa.schema(wanted))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise BadInput("plan.bad_value", f"The file {path.name} cannot be read: {fault}.") from None


def _csv(path: Path, known: Mapping[str, pa.Field]) -> pa.Table:
    kinds = {name: pa.string() if _moment(f) else f.type for name, f in known.items()}
    try:
        table = pc.read_csv(
            path,
            convert_options=pc.ConvertOptions(column_types=kinds, strings_can_be_null=True),
        )
    except (OSError, pa.ArrowInvalid) as fault:
        raise BadInput("plan.unreadable", f"{path} cannot be read: {fault}.") from None
    for name, field in known.items():
        if _moment(field) and name in table.column_names:
            moments = [parse_moment(t) if t else None for t in table[name].to_pylist()]
            at = table.column_names.index(name)
            table = table.set_column(at, name, pa.array(moments, field.type))
    return table


def _parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as fault:
        raise BadInput("plan.unreadable", f"{path} cannot be read: {fault}.") from None


def _moment(field: pa.Field) -> bool:
    return bool(pa.types.is_timestamp(field.type))
