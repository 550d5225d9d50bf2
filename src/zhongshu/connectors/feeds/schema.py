"""JSON Schemas of the feeds, generated from `kernel.feeds` and the limits of the intake.

``python -m zhongshu.connectors.feeds.schema --write|--check [--dir schemas/feeds]``

A schema describes one row with English headers, as in NDJSON; CSV and XLSX carry the same columns
as text, with English or Chinese headers (``title``) in any order.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from zhongshu.connectors.feeds.limits import bounds, text_length
from zhongshu.kernel.feeds import FEEDS, Column, FeedSpec, Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BASE: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date", "description": "Beijing calendar day"},
    Kind.MOMENT: {
        "type": "string",
        "format": "date-time",
        "description": "an instant; without a zone the Beijing clock is meant",
    },
    Kind.DIVISION: {
        "type": "string",
        "pattern": "^[0-9]{12}$",
        "description": "12-digit statistical division code; an unknown one is kept with a flag",
    },
    Kind.ID_NO: {
        "type": "string",
        "pattern": "^[0-9]{17}[0-9X]$",
        "description": "resident identity number, GB 11643; date and check character must hold",
    },
    Kind.SERVICE: {
        "type": "string",
        "description": "number of a train, flight or coach, or name of a ship; however written",
    },
    Kind.SPOT: {
        "type": "string",
        "description": "part of a place: floor, gate, carriage, seat; however written",
    },
}


def schema(spec: FeedSpec) -> dict[str, Any]:
    """The published schema of one feed's rows."""
    return {
        "$schema": DIALECT,
        "$id": f"https://zhongshu.example/schemas/feeds/{spec.name}.json",
        "title": spec.zh,
        "description": f"One row of the feed '{spec.name}', sent by {spec.sender}.",
        "type": "object",
        "properties": {column.name: _property(spec, column) for column in spec.columns},
        "required": list(spec.required),
        "x-key": list(spec.key),
        "x-sender": spec.sender,
    }


def text(spec: FeedSpec) -> str:
    """As committed."""
    return json.dumps(schema(spec), ensure_ascii=False, indent=2) + "\n"


def drift(folder: Path) -> list[str]:
    """Names of schema files that are missing, different, or belong to no feed."""
    wanted = {f"{spec.name}.json": text(spec) for spec in FEEDS.values()}
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys()
                  if wanted.get(name) != present.get(name))  # fmt: skip


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in drift(folder):
        spec = FEEDS.get(name.removesuffix(".json"))
        if spec is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text(spec), encoding="utf-8")


def _property(spec: FeedSpec, column: Column) -> dict[str, Any]:
    found = {"title": column.zh, **_BASE[column.kind]}
    if column.values:
        found["enum"] = [*column.values, *([] if column.required else [None])]
    elif column.kind in (Kind.TEXT, Kind.SERVICE, Kind.SPOT):
        found["maxLength"] = text_length(spec, column)
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        least, greatest = bounds(column)
        found |= {"minimum": least} if least is not None else {}
        found |= {"maximum": greatest} if greatest is not None else {}
    if column.unit:
        found["x-unit"] = column.unit
    if not column.required:
        found["type"] = [found["type"], "null"]
    return found


def main(arguments: list[str] | None = None) -> int:
    """0 when the committed schemas are current (or have been written)."""
    parser = argparse.ArgumentParser(description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true")
    action.add_argument("--check", action="store_true")
    parser.add_argument("--dir", type=Path, default=Path("schemas/feeds"))
    asked = parser.parse_args(arguments)
    if asked.write:
        write(asked.dir)
    names = drift(asked.dir)
    if names:
        sys.stderr.write(f"Out of date in {asked.dir}: {', '.join(names)}; run --write.\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
