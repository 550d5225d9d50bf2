"""Tables and rules from files, and plans into files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import yaml

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plan import Answer
from zhongshu.kernel.time import parse_moment


def rules(path: Path, kind: type) -> Any:
    """Rules from YAML: the fields of the engine's rules by name; sets are lists."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as fault:
        raise BadInput("plan.unreadable", f"{path} cannot be read: {fault}.") from None
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    unknown = sorted(set(raw) - set(fields))
    needed = [
        name
        for name, field in fields.items()
        if name not in raw
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    ]
    if unknown or needed:
        raise BadInput(
            "plan.bad_rules",
            f"{path.name}: unknown {', '.join(unknown) or 'none'}; missing "
            f"{', '.join(needed) or 'none'}; the fields are {', '.join(fields)}.",
        )
    return kind(**{name: _typed(value, hints[name]) for name, value in raw.items()})


def _typed(value: Any, hint: Any) -> Any:
    """YAML's lists and texts as the sets and moments the rules want."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType) and value is not None:
        return _typed(value, next(one for one in inner if one is not type(None)))
    if isinstance(value, list):
        return origin(value) if origin in (frozenset, tuple) else value
    if isinstance(value, dict) and inner:
        return {_typed(key, inner[0]): _typed(one, inner[1]) for key, one in value.items()}
    return parse_moment(value) if hint is dt.datetime and isinstance(value, str) else value


def write(folder: Path, tables: Mapping[str, pa.Table], answer: Answer) -> None:
    """One CSV per table, lists joined by semicolons, and answer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pc.write_csv(_flat(table), folder / f"{name}.csv")
    pc.write_csv(answer.unserved, folder / "unserved.csv")
    text = json.dumps(answer.as_json(), ensure_ascii=False, indent=2)
    (folder / "answer.json").write_text(text + "\n", encoding="utf-8")


def _flat(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = [";".join(one or ()) for one in table[field.name].to_pylist()]
            table = table.set_column(at, field.name, pa.array(joined, pa.string()))
    return table
