"""Choose the reader by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers import csv_file, ndjson_file, parquet_file, xlsx_file
from zhongshu.connectors.feeds.readers.raw import Raw
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FeedSpec

READERS: dict[str, Callable[[Path, FeedSpec, Limits], Raw]] = {
    ".csv": csv_file.read,
    ".txt": csv_file.read,
    ".tsv": csv_file.read,
    ".xlsx": xlsx_file.read,
    ".parquet": parquet_file.read,
    ".ndjson": ndjson_file.read,
    ".jsonl": ndjson_file.read,
}


def read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    """Headers and cells of one file; refuses what cannot be read, saying what to do."""
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise refusal("feeds.protected")
    if suffix not in READERS:
        raise refusal("feeds.unknown_format", suffix=suffix)
    try:
        return READERS[suffix](path, spec, limits)
    except OSError as error:
        raise refusal("feeds.unreadable", what=error.strerror or str(error)) from error
