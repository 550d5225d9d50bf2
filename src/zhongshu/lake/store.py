"""The evidence lake on one machine: Parquet files, replaced whole, checked against a manifest.

A write reads the files concerned, forms the union, writes temporary files and renames them; a
reader sees the old file or the new one, never a half.  Writing the same rows again changes no
byte.  One writer at a time (a lock on the root); readers need no lock.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import manifest
from zhongshu.lake.schema import (
    ARRIVAL_TABLE,
    COUNT_TABLE,
    TEST_TABLE,
    VISIT_TABLE,
    LakeTable,
)
from zhongshu.lake.versions import frame, table, union

BEIJING_OFFSET_S = 8 * 3600  # no summer time since 1991 (tz database, Asia/Shanghai)
DAY_S = 86_400
ROW_GROUP = 131_072
TABLES: Mapping[str, LakeTable] = {
    like.folder: like for like in (VISIT_TABLE, TEST_TABLE, COUNT_TABLE, ARRIVAL_TABLE)
}


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """What a write did: rows offered, how many the lake had not, files replaced."""

    rows: int
    new: int
    files: tuple[str, ...]


class Store:
    """Files of versioned tables under `root`.  `Lake` is the face the rest of the product uses."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sound: dict[Path, tuple[int, int, int]] = {}

    def write(self, name: str, rows: pa.Table) -> Written:
        """Union `rows` into the table.  All files of one call are replaced after all are ready."""
        like = TABLES[name]
        incoming = frame(rows, like.schema)
        with self.lock():
            ready: dict[str, pa.Table] = {}
            new = 0
            for file, part in _parts(incoming, like):
                old = self._read_file(like, file)
                merged = union(old, part, like)
                new += merged.height - (0 if old is None else old.height)
                if old is None or not merged.equals(old):
                    ready[file] = table(merged, like)
            self.replace(like.folder, ready)
        return Written(incoming.height, new, tuple(sorted(ready)))

    def replace(self, folder: str, tables: Mapping[str, pa.Table]) -> None:
        """Put whole files in place; the caller holds the lock."""
        if not tables:
            return
        home = self.root / folder
        home.mkdir(parents=True, exist_ok=True)
        entries = manifest.read(home)
        for file, content in tables.items():
            size, sha256 = _write_parquet(home / f".{file}.tmp", content)
            had = entries.get(file)
            former = (had.rows, had.bytes, had.sha256) if had else None
            entries[file] = manifest.Entry(content.num_rows, size, sha256, former)
        manifest.write(home, entries)
        for file in tables:
            (home / f".{file}.tmp").replace(home / file)
        _sync(home)
        manifest.write(home, {file: entry.settled for file, entry in entries.items()})

    def paths(self, name: str, parts: list[str] | None = None) -> list[Path]:
        """Sound files of a table, in order of name; `parts` limits to these file names.

        Each is compared with the manifest the first time this object meets it; a damaged or
        missing one is refused by name.
        """
        home = self.root / name
        entries = manifest.read(home)
        wanted = sorted(entries) if parts is None else [p for p in sorted(parts) if p in entries]
        return [self._checked(home / file, entries[file]) for file in wanted]

    def drop(self, name: str, file: str) -> None:
        """Forget one file, damaged or not, so that its feeds can be taken again."""
        home = self.root / name
        with self.lock():
            entries = manifest.read(home)
            if entries.pop(file, None) is None:
                raise BadInput("lake.no_such_file", f"The lake has no {name}/{file}.", file=file)
            manifest.write(home, entries)
            (home / file).unlink(missing_ok=True)

    def verify(self) -> list[BadInput]:
        """Read every file's checksum anew; the damage found, empty when all is well."""
        self._sound.clear()
        found = []
        for home in sorted(self.root.glob("*/")):
            try:
                names = list(manifest.read(home))
            except BadInput as refusal:
                found.append(refusal)
                continue
            for file in names:
                try:
                    self.paths(home.name, [file])
                except BadInput as refusal:
                    found.append(refusal)
        return found

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One writer at a time, between processes; released by the system when a process dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read_file(self, like: LakeTable, file: str) -> pl.DataFrame | None:
        paths = self.paths(like.folder, [file])
        return frame(read_parquet(paths[0]), like.stored) if paths else None

    def _checked(self, path: Path, entry: manifest.Entry) -> Path:
        if path.exists():
            stat = path.stat()
            mark = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if self._sound.get(path) == mark:
                return path
            manifest.check(path, entry)
            self._sound[path] = mark
            return path
        raise manifest.damaged(path, "it is missing")


def read_parquet(path: Path) -> pa.Table:
    """One file, whole; refuses one that Parquet itself finds broken."""
    try:
        return pq.ParquetFile(path).read()
    except (pa.ArrowInvalid, OSError) as error:
        raise manifest.damaged(path, "it is not a readable Parquet file") from error


def day_file(day: dt.date) -> str:
    return f"day={day.isoformat()}.parquet"


def day_of(file: str) -> dt.date | None:
    """The inverse of `day_file`; None for a file of another name."""
    name = file.removeprefix("day=").removesuffix(".parquet")
    try:
        day = dt.date.fromisoformat(name)
    except ValueError:
        return None
    return day if day_file(day) == file else None


def _parts(rows: pl.DataFrame, like: LakeTable) -> Iterator[tuple[str, pl.DataFrame]]:
    """(file name, its rows), each file once, in order."""
    if rows.height == 0:
        return
    if like.daily:
        label = (pl.col(like.part) + BEIJING_OFFSET_S).floordiv(DAY_S)
    else:
        label = pl.col(like.part)
    groups = rows.with_columns(label.alias("_part")).partition_by(
        "_part", as_dict=True, include_key=False
    )
    for (part,), group in sorted(groups.items()):
        if isinstance(part, int):
            yield day_file(dt.date(1970, 1, 1) + dt.timedelta(days=part)), group
        else:
            yield f"stream={part}.parquet", group


def _write_parquet(path: Path, content: pa.Table) -> tuple[int, str]:
    """Write and flush to disk; (bytes, SHA-256).

    Dictionaries only for text and deltas for sorted numbers: 400,000 visits in 0.05 s and 7 MB,
    against 0.2 s and 9 MB with Parquet's defaults.
    """
    fields = list(content.schema)
    numbers = [f.name for f in fields if pa.types.is_timestamp(f.type) or f.type == pa.int32()]
    words = [f.name for f in fields if pa.types.is_string(f.type) or pa.types.is_dictionary(f.type)]
    pq.write_table(
        content,
        path,
        use_dictionary=words,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        compression="zstd",
        compression_level=1,
        row_group_size=ROW_GROUP,
        write_page_checksum=True,
    )
    _sync(path)
    return path.stat().st_size, manifest.digest(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
