"""The evidence lake on one machine: Parquet files, replaced whole, checked against a manifest.

A write reads the files concerned, forms the union, writes temporary files and renames them; a
reader sees the old file or the new one, never a half.  Writing the same rows again changes no
byte.  One writer at a time (a lock on the root); readers need no lock.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import datetime as dt
import fcntl
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import disk, manifest, parquet
from zhongshu.lake.parquet import Layout
from zhongshu.lake.schema import (
    ARRIVAL_TABLE,
    COUNT_TABLE,
    TEST_TABLE,
    TUBE_RESULT_TABLE,
    TUBE_TABLE,
    VISIT_TABLE,
    LakeTable,
)
from zhongshu.lake.versions import frame, table, union

BEIJING_OFFSET_S = 8 * 3600  # no summer time since 1991 (tz database, Asia/Shanghai)
DAY_S = 86_400
DAY = dt.timedelta(days=1)
Content = Callable[[], pa.Table]
TABLES: Mapping[str, LakeTable] = {
    like.folder: like
    for like in (
        VISIT_TABLE,
        TEST_TABLE,
        TUBE_TABLE,
        TUBE_RESULT_TABLE,
        COUNT_TABLE,
        ARRIVAL_TABLE,
    )
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

    def write(self, name: str, rows: pa.Table) -> Written:
        """Union `rows` into the table.  All files of one call are replaced after all are ready."""
        like = TABLES[name]
        incoming = frame(rows, like.schema)
        with self.lock():
            ready: dict[str, pa.Table] = {}
            new = 0
            for file, part in parts(incoming, like):
                old = self._read_file(like, file)
                merged = union(old, part, like)
                new += merged.height - (0 if old is None else old.height)
                if old is None or not merged.equals(old):
                    ready[file] = table(merged, like)
            self.replace(like.folder, ready)
        return Written(incoming.height, new, tuple(sorted(ready)))

    def replace(
        self,
        folder: str,
        tables: Mapping[str, pa.Table | Content],
        *,
        layouts: Mapping[str, Layout] | None = None,
        gone: Collection[str] = (),
    ) -> None:
        """Put whole files in place and take away those in `gone`, all or none; the caller holds
        the lock.  Refuses when the disk does not take them; everything is then as before.

        A table given as a function is made when its turn to be written has come."""
        if not tables and not gone:
            return
        home = self.root / folder
        home.mkdir(parents=True, exist_ok=True)
        entries = {file: e for file, e in manifest.read(home).items() if file not in gone}
        try:
            for file, rows, size, sha256 in _written(home, tables, layouts or {}):
                had = entries.get(file)
                former = (had.rows, had.bytes, had.sha256) if had else None
                entries[file] = manifest.Entry(rows, size, sha256, former, pending=True)
            manifest.write(home, entries)
        except (OSError, BadInput) as error:
            for file in (*tables, manifest.NAME):
                _temporary(home, file).unlink(missing_ok=True)
            if isinstance(error, BadInput):  # of a table that could not be made
                raise
            raise disk.not_written(home, error) from error
        for file in tables:
            _temporary(home, file).replace(home / file)
        for file in gone:
            (home / file).unlink(missing_ok=True)
        disk.sync(home)
        with contextlib.suppress(OSError):  # all is in place; who comes next can settle it
            manifest.write(home, {file: entry.settled for file, entry in entries.items()})

    def paths(self, name: str, parts: list[str] | None = None) -> list[Path]:
        """Sound files of a table, in order of name; `parts` limits to these file names.

        Each is compared with the manifest the first time this process meets it; a damaged or
        missing one is refused by name.
        """
        home = self.root / name
        while True:
            entries = manifest.read(home)
            if any(entry.pending for entry in entries.values()) and self._finish():
                continue
            wanted = (
                sorted(entries) if parts is None else [p for p in sorted(parts) if p in entries]
            )
            there = [file for file in wanted if _arrived(home / file, entries[file])]
            try:
                return [_checked(home / file, entries[file]) for file in there]
            except BadInput:
                if manifest.read(home) == entries:  # else a writer came between; look again
                    raise

    def drop(self, name: str, *files: str) -> None:
        """Forget files, damaged or not, so that their feeds can be taken again."""
        with self.lock():
            entries = manifest.read(self.root / name)
            for file in files:
                if file not in entries:
                    raise BadInput(
                        "lake.no_such_file", f"The lake has no {name}/{file}.", file=file
                    )
            self.replace(name, {}, gone=files)

    def verify(self) -> list[BadInput]:
        """Read every file's checksum anew; the damage found, empty when all is well."""
        for path in [path for path in _DIGESTS if path.is_relative_to(self.root)]:
            del _DIGESTS[path]
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
        """One writer at a time, between processes; released by the system when a process dies.

        What a writer before began and could not finish is finished first.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._heal()
            yield

    def _finish(self) -> bool:
        """Heal, unless a writer is at work (or this process may not write); whether it was done."""
        try:
            with (self.root / ".lock").open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._heal()
        except OSError:
            return False
        return True

    def _heal(self) -> None:
        """Finish what a killed writer began, or undo what it did not prepare; under the lock."""
        for listed in sorted(self.root.glob(f"*/{manifest.NAME}")):
            home = listed.parent
            try:
                entries = manifest.read(home)
            except BadInput:
                continue  # whoever needs this folder is told; the others can go on
            if any(entry.pending for entry in entries.values()):
                states = {file: _healed(home, file, entry) for file, entry in entries.items()}
                manifest.write(home, {file: e for file, e in states.items() if e is not None})
            for left in home.glob(".*.tmp"):
                left.unlink()

    def _read_file(self, like: LakeTable, file: str) -> pl.DataFrame | None:
        paths = self.paths(like.folder, [file])
        return frame(parquet.read(paths[0]), like.stored) if paths else None


def _written(
    home: Path, tables: Mapping[str, pa.Table | Content], layouts: Mapping[str, Layout]
) -> Iterator[tuple[str, int, int, str]]:
    """(file, rows, bytes, SHA-256) of each temporary file, made and written two at a time."""

    def one(file: str) -> tuple[str, int, int, str]:
        content = tables[file]
        made = content() if callable(content) else content
        return (
            file,
            made.num_rows,
            *parquet.write(_temporary(home, file), made, layouts.get(file)),
        )

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, tables)


# path -> (which content it had, its SHA-256), for all lakes of this process
_DIGESTS: dict[Path, tuple[disk.Mark, str]] = {}


def _digest(path: Path) -> str:
    mark = disk.mark(path)
    had = _DIGESTS.get(path)
    if had is None or had[0] != mark:
        had = (mark, manifest.digest(path))
        _DIGESTS[path] = had
    return had[1]


def _checked(path: Path, entry: manifest.Entry) -> Path:
    manifest.check(path, entry, digest=_digest)
    return path


def _arrived(path: Path, entry: manifest.Entry) -> bool:
    """False for a new file whose writer is about to put it in place."""
    return path.exists() or entry.former is not None or not entry.pending


def _healed(home: Path, file: str, entry: manifest.Entry) -> manifest.Entry | None:
    """The entry as it holds from now on, the file put in place if its writer had prepared it."""
    if not entry.pending:
        return entry
    prepared, wanted = _temporary(home, file), entry.settled
    if prepared.exists() and _is(prepared, wanted):
        prepared.replace(home / file)
        return wanted
    if not (home / file).exists() and entry.former is None:
        return None
    former = manifest.Entry(*entry.former) if entry.former else wanted
    return former if _is(home / file, former) else wanted


def _is(path: Path, entry: manifest.Entry) -> bool:
    return path.exists() and manifest.digest(path) == entry.sha256


def _temporary(home: Path, file: str) -> Path:
    return home / f".{file}.tmp"


def begin(day: dt.date) -> dt.datetime:
    """When the Beijing day begins."""
    seconds = (day - dt.date(1970, 1, 1)).days * DAY_S - BEIJING_OFFSET_S
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


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


def _day_number(seconds: pl.Expr) -> pl.Expr:
    """Beijing days since 1970."""
    return (seconds + BEIJING_OFFSET_S).floordiv(DAY_S)


def parts(rows: pl.DataFrame, like: LakeTable) -> Iterator[tuple[str, pl.DataFrame]]:
    """(file name, its rows), each file once, in order."""
    if rows.height == 0:
        return
    if like.daily:
        label = _day_number(pl.col(like.part))
        first, last = rows.select(
            first=_day_number(pl.col(like.part).min()), last=_day_number(pl.col(like.part).max())
        ).row(0)
        if first == last:
            yield day_file(dt.date(1970, 1, 1) + dt.timedelta(days=first)), rows
            return
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
