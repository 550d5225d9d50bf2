"""Deleting a day of visits when its time is over, and proving that nothing of it is left."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.lake import disk, manifest, persons, receipts, sealing, upkeep, visits
from zhongshu.lake.hot import wal
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.receipts import Receipt
from zhongshu.lake.store import DAY, begin, day_file


@dataclasses.dataclass(frozen=True, slots=True)
class Keeping:
    """By `rule_id` a visit is kept for `days` days after its own."""

    days: int
    rule_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Who has a day deleted, when, and by what; `at` is aware."""

    by: str
    at: dt.datetime
    today: dt.date
    keeping: Keeping


def kept_from(today: dt.date, keeping: Keeping) -> dt.date:
    """The earliest day that must still be there."""
    return today - dt.timedelta(days=keeping.days)


def check_window(first: dt.date, *, today: dt.date, keeping: Keeping) -> None:
    """Refuses a question about days whose visits are no longer kept."""
    earliest = kept_from(today, keeping)
    if first < earliest:
        raise BadInput(
            "lake.window_too_long",
            f"The question goes back to {first}; visits are kept for {keeping.days} days "
            f"({keeping.rule_id}), from {earliest} on. Ask for a shorter time.",
            first=first.isoformat(),
            earliest=earliest.isoformat(),
            rule_id=keeping.rule_id,
        )


def check_may_drop(day: dt.date, *, today: dt.date, keeping: Keeping) -> None:
    """Refuses a day that must still be kept."""
    if day >= kept_from(today, keeping):
        free = day + dt.timedelta(days=keeping.days + 1)
        raise WrongState(
            "lake.day_kept",
            f"The visits of {day} are kept for {keeping.days} days ({keeping.rule_id}); "
            f"they can be deleted from {free} on.",
            day=day.isoformat(),
            from_day=free.isoformat(),
            rule_id=keeping.rule_id,
        )


def drop_day(lake: Lake, hot: HotLake, day: dt.date, order: Order) -> Receipt:
    """Delete the visits of a Beijing day from truth and index; the receipt, which is on disk
    before anything is deleted.

    Pseudonyms of whom no visit is left are deleted with them.  Asked again about a day of which
    nothing is left, it finishes what was cut off and gives the receipt there is.  Refuses a day
    the lake never had (NotFound), one that must be kept, and any day while another is being
    worked on.
    """
    check_may_drop(day, today=order.today, keeping=order.keeping)
    with upkeep.doing(lake.root, f"deleting {day}"):
        around = [near for near in (day - DAY, day + DAY) if lake.offsets(near, near)]
        with lake.store.lock():
            receipt = _dropped(lake, hot, day, order)
            for near in around:
                sealing.seal_day(lake, hot, near)
        forget_in_index(lake, hot)
        left = leftovers(lake, hot, [day])
        if left:
            raise left[0]
    return receipt


def _dropped(lake: Lake, hot: HotLake, day: dt.date, order: Order) -> Receipt:
    found = _files(lake, hot, day)
    if not found:
        earlier = of_day(lake, day)
        if not earlier:
            raise NotFound(
                "lake.no_such_day", f"The lake holds no visits of {day}.", day=day.isoformat()
            )
        return earlier[-1]
    everyone = persons.without(persons.read(lake.store), _with_visits(lake, but=day))
    receipt = _receipt(lake, hot, day, order, found)
    receipts.write(lake.root, receipt)
    _delete(lake, hot, day, everyone)
    return receipt


def of_day(lake: Lake, day: dt.date) -> list[Receipt]:
    """The receipts of a day, in order: several if visits came again, or a deletion was cut off."""
    return [receipt for receipt in receipts.read(lake.root) if receipt.on == day]


def verify(lake: Lake, hot: HotLake) -> list[BadInput]:
    """What contradicts the receipts: a broken chain, and anything left or back of a day they
    name; empty when all is well."""
    try:
        every = receipts.read(lake.root)
    except BadInput as refusal:
        return [refusal]
    return leftovers(lake, hot, sorted({receipt.on for receipt in every}))


def leftovers(lake: Lake, hot: HotLake, days: Iterable[dt.date]) -> list[BadInput]:
    """Every file under the lake's root that holds visits of these days, looked for by name in
    every folder of visits, temporary files included, and by content in every Parquet file of
    them; and pseudonyms of nobody who has a visit, in the index always."""
    asked = list(days)
    if not asked:
        return _nobodies_of_index(hot)
    found = [
        path
        for path in _every_file(lake, hot)
        if any(_of(path, day) for day in asked) or _holds(path, asked)
    ]
    refusals = [
        BadInput(
            "lake.day_left",
            f"{disk.place(path)} holds visits of a day that was deleted (they came later, "
            "or the deleting was cut off); delete the day again.",
            path=str(path),
        )
        for path in found
    ]
    return refusals + _nobodies(lake) + _nobodies_of_index(hot)


# what there is of a day -------------------------------------------------------------------


def _files(lake: Lake, hot: HotLake, day: dt.date) -> list[Path]:
    return [path for path in _every_file(lake, hot) if _of(path, day)]


def _every_file(lake: Lake, hot: HotLake) -> list[Path]:
    """Files that hold visits or may, hidden ones too."""
    homes = (lake.root / visits.FOLDER, hot.root)
    return sorted(path for home in homes for path in home.rglob("*") if path.is_file())


def _of(path: Path, day: dt.date) -> bool:
    """By its name: any file, whatever its ending, that names the day."""
    return re.search(rf"day={day.isoformat()}(?!\d)", path.name) is not None


def _holds(path: Path, days: list[dt.date]) -> bool:
    """By its content: a packed file with a visit that began, as sent, on one of the days."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError):
        return False
    if "time_in_s" not in file.schema_arrow.names:
        return False
    times = file.read(["time_in_s"])["time_in_s"]
    return any(
        pc.any(
            pc.and_(
                pc.greater_equal(times, int(begin(day).timestamp())),
                pc.less(times, int(begin(day + DAY).timestamp())),
            )
        ).as_py()
        for day in days
    )


def _receipt(lake: Lake, hot: HotLake, day: dt.date, order: Order, found: list[Path]) -> Receipt:
    before = receipts.read(lake.root)
    entry = manifest.read(lake.root / visits.FOLDER).get(day_file(day))
    return Receipt(
        number=len(before) + 1,
        day=day.isoformat(),
        rows=entry.rows if entry else 0,
        index_rows=_index_rows(hot, day),
        deleted={str(path.relative_to(lake.root)): manifest.digest(path) for path in found},
        at=order.at.isoformat(timespec="seconds"),
        by=order.by,
        rule_id=order.keeping.rule_id,
        keep_days=order.keeping.days,
        previous=before[-1].hash if before else receipts.GENESIS,
    ).sealed()


def _index_rows(hot: HotLake, day: dt.date) -> int:
    """Rows sealed and logged; 0 of a seal that cannot be read any more."""
    start = int(begin(day).timestamp())
    try:
        parts = hot.snapshot().segments
    except BadInput:
        return 0
    return sum(part.rows for part in parts if part.begin_s == start)


def _delete(lake: Lake, hot: HotLake, day: dt.date, everyone: pa.Table) -> None:
    if day in hot.days() or day in wal.days(hot.root):
        hot.drop(day)
    visits.put(lake.store, {}, everyone, gone=[day])
    for path in _files(lake, hot, day):  # what no list names: temporary files, strays
        path.unlink()


def _with_visits(
    lake: Lake, *, but: dt.date | None = None
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the person of each number has a visit on another day than `but`."""
    kept = np.zeros(persons.read(lake.store).num_rows, np.bool_)
    for day in visits.days(lake.store):
        if day != but:
            (path,) = visits.paths(lake.store, day, day, person_order=True)
            numbers = pq.ParquetFile(path).read(["person_no"])["person_no"].drop_null()
            kept[numbers.to_numpy()] = True
    return kept


def _nobodies(lake: Lake) -> list[BadInput]:
    known = persons.read(lake.store)["person"]
    named = known.is_valid().to_numpy()
    count = int((named & ~_with_visits(lake)).sum())
    if not count:
        return []
    return [
        BadInput(
            "lake.persons_left",
            f"The list of persons holds {count:,} pseudonyms of whom no visit is left; "
            "`zhongshu lake compact` deletes them.",
            count=count,
        )
    ]


def _nobodies_of_index(hot: HotLake) -> list[BadInput]:
    try:
        count = hot.nobodies()
    except BadInput as refusal:
        return [refusal]
    if not count:
        return []
    return [
        BadInput(
            "lake.persons_left",
            f"The hot index holds {count:,} pseudonyms of whom it has no row; "
            "`zhongshu lake compact` deletes them.",
            count=count,
        )
    ]


def forget_in_index(lake: Lake, hot: HotLake) -> int:
    """Delete the pseudonyms of whom the index has no row; how many.  Days that cannot be read are
    first sealed again.  The caller holds the upkeep."""
    try:
        return hot.forget_nobodies()
    except BadInput:
        for path in (Path(str(found.facts["path"])) for found in hot.verify()):
            if path.stem.startswith("day="):
                with lake.store.lock():
                    sealing.seal_day(lake, hot, dt.date.fromisoformat(path.stem[4:]))
    return hot.forget_nobodies()


def forget_nobodies(lake: Lake) -> int:
    """Delete the pseudonyms of whom no visit is left; how many."""
    with lake.store.lock():
        known = persons.read(lake.store)
        kept = _with_visits(lake)
        count = int((known["person"].is_valid().to_numpy() & ~kept).sum())
        if count:
            visits.put(lake.store, {}, persons.without(known, kept))
    return count
