"""`zhongshu lake`: the visits of the evidence lake, from feed to deletion."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from zhongshu.cli import deletions, installation, intake
from zhongshu.cli.deletions import ACTOR
from zhongshu.cli.installation import Installation
from zhongshu.cli.output import out, steps, table
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import beijing_day, parse_moment
from zhongshu.lake import compacting, receipts, retention, sealing, visits
from zhongshu.lake.clocks import CLOCKS
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.rules import keeping

app = typer.Typer(help="The evidence lake: visits, from feed to deletion.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """The evidence lake: visits, from feed to deletion."""


def _lakes(here: Installation) -> tuple[Lake, HotLake]:
    return Lake(here.lake_root), HotLake(here.lake_root / "hot")


@app.command("ingest")
def ingest(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Feed files, or folders of them.")],
    received_at: Annotated[str, typer.Option(help="When they came (default: now).")] = "",
) -> None:
    """Take feed files, as `zhongshu feeds take` takes a folder."""
    here = installation.of(context)
    here.open()
    moment = parse_moment(received_at) if received_at else intake.headquarters_now(here)
    with tempfile.TemporaryDirectory() as folder, steps() as step:
        for number, path in enumerate(files):
            _link(path, Path(folder) / str(number))
        report = intake.take(here, Path(folder), received_at=moment, step=step)
    intake.show(report)
    if report.count("refused"):
        raise typer.Exit(2)


@app.command("seal")
def seal(
    context: typer.Context,
    days: Annotated[list[str] | None, typer.Argument(help="Days, e.g. 2022-11-01.")] = None,
) -> None:
    """Make the hot index of these days (default: of all) a copy of the files, where it is not."""
    lake, hot = _lakes(installation.of(context))
    asked = [_held(lake, _day(day)) for day in days or ()]
    spans = [(day, day) for day in asked] if days else _whole(lake, hot)
    done = [sealing.seal_stale(lake, hot, first, last, wait=False) for first, last in spans]
    sealed = [day for one in done for day in one.days]
    gone = [day for one in done for day in one.gone]
    out.print(f"{len(sealed)} days sealed{_named(sealed)}; {len(gone)} forgotten{_named(gone)}.")


@app.command("compact")
def compact(context: typer.Context) -> None:
    """Put the lake in order: copies that were lost or damaged are made anew from the other, logs
    go into their seals, pseudonyms of nobody who has a visit are deleted."""
    lake, hot = _lakes(installation.of(context))
    done = compacting.compact(lake, hot)
    out.print(
        f"{len(done.mended)} days mended{_named(done.mended)}; {len(done.folded)} logs folded in"
        f"{_named(done.folded)}; {done.forgotten:,} pseudonyms without a visit deleted, "
        f"{done.forgotten_in_index:,} from the index."
    )


@app.command("verify")
def verify(context: typer.Context) -> None:
    """Read everything again: files, both orders, index and logs, receipts of deletion and whether
    all of it was deleted and recorded.  Exit code 1 and every trouble by name when something does
    not fit."""
    here = installation.of(context)
    lake, hot = _lakes(here)
    found = [*lake.verify(), *hot.verify(), *retention.verify(lake, hot)]
    if not any(refusal.code == "lake.receipts_broken" for refusal in found):
        found += deletions.unfinished(here, receipts.read(lake.root))
    for refusal in found:
        out.print(f"[bold red]{refusal.code}[/]  {refusal.message}")
    if found:
        raise typer.Exit(1)
    spans = _whole(lake, hot)
    stale = sealing.stale_days(lake, hot, *spans[0]) if spans else []
    out.print(
        f"The lake is sound: {len(lake.days('visits'))} days of visits, both orders alike, nothing "
        f"left of what was deleted. {len(stale)} days to seal{_named(stale)}."
    )


@app.command("drop-day")
def drop_day(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="The day, e.g. 2022-11-01.")],
) -> None:
    """Delete a day's visits from files, index and raw feeds, with a receipt; refused while the
    pack has them kept.  Cut off, it is finished by asking again."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.incidents import facade as incidents

    on = _day(day)
    now = intake.headquarters_now(here)
    today = beijing_day(now)
    rule = keeping.visits(today, path=incidents.current().scope_unit.path)
    lake, hot = _lakes(here)
    order = retention.Order(
        by=ACTOR,
        at=now,
        today=today,
        keeping=retention.Keeping(days=rule.days, rule_id=rule.rule_id),
    )
    earlier = retention.of_day(lake, on)
    receipt = retention.drop_day(lake, hot, on, order)
    done = deletions.finish(here, on, retention.of_day(lake, on), now)
    if receipt in earlier:
        out.print(
            f"Nothing of {on} was left in files and index (receipt {receipt.number}); finished: "
            f"{done.recorded} receipts recorded, {len(done.raw)} raw files deleted."
        )
    else:
        out.print(
            f"Receipt {receipt.number}: {receipt.rows:,} visits of {on} and "
            f"{receipt.index_rows:,} rows of the index deleted by {receipt.rule_id}; "
            f"{len(done.raw)} raw files deleted."
        )
    if done.kept:
        out.print(
            f"{len(done.kept)} raw files also hold later days and go with their last one: "
            f"{', '.join(done.kept)}."
        )


@app.command("clock")
def clock(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Source of visits, e.g. venue_scan.")],
    ahead_s: Annotated[
        int, typer.Option(help="Seconds its clocks run ahead of true time; negative: behind.")
    ],
    since: Annotated[str, typer.Option(help="From when on, as those clocks show it.")],
) -> None:
    """Say that the clocks of a source are off, from a moment on until the next entry; 0 ends it.
    What was sent stays as it is; whoever reads it gets true times."""
    here = installation.of(context)
    here.open()
    from django.db import transaction

    from zhongshu.service.audit import facade as audit
    from zhongshu.service.kit.actor import Actor

    entry = {"source": source, "valid_from": parse_moment(since), "offset_s": ahead_s}
    with transaction.atomic():
        lake, hot = _lakes(here)
        lake.write_clocks(pa.Table.from_pylist([entry], schema=CLOCKS))
        audit.record(
            actor=Actor(ACTOR),
            action="lake.clock_set",
            object_=f"clock {source}",
            at=intake.headquarters_now(here),
            facts={"since": since, "ahead_s": ahead_s},
        )
    spans = _whole(lake, hot)
    stale = sealing.stale_days(lake, hot, *spans[0]) if spans else []
    rows = [tuple(row.values()) for row in lake.clocks().to_pylist()]
    table("Clock offsets", ("source", "from", "seconds ahead"), rows)
    out.print(f"{len(stale)} days to seal{_named(stale)}.")


@app.command("stats")
def stats(context: typer.Context) -> None:
    """Each day: rows, bytes a visit, and whether the hot index is current."""
    lake, hot = _lakes(installation.of(context))
    spans = _whole(lake, hot)
    stale = set(sealing.stale_days(lake, hot, *spans[0])) if spans else set()
    index = {one.day: one for one in hot.stats()}
    sizes = {one.day: one for one in visits.sizes(lake.store)}
    rows: list[tuple[object, ...]] = []
    for day in sorted({*sizes, *index}):
        size, held = sizes.get(day), index.get(day)
        rows.append(
            (
                day,
                size.rows if size else 0,
                round(size.by_place / size.rows, 2) if size else 0.0,
                round(size.by_person / size.rows, 2) if size else 0.0,
                held.sealed_rows if held else 0,
                held.tail_rows if held else 0,
                round(held.bytes / held.rows, 2) if held and held.rows else 0.0,
                "stale" if day in stale else "current",
            )
        )
    heads = ("day", "visits", "B by place", "B by person", "sealed", "logged", "B index", "index")
    table("Visits (B: bytes a visit)", heads, rows)
    total = sum(size.rows for size in sizes.values())
    out.print(f"{total:,} visits on {len(sizes)} days; {len(lake.clocks())} clock offsets.")


def _link(path: Path, to: Path) -> None:
    """Every file of `path`, a file or a folder, below the new folder `to`."""
    if not path.exists():
        raise NotFound("feeds.no_folder", f"There is no file or folder {path}.", path=str(path))
    home = path if path.is_dir() else path.parent
    for source in path.rglob("*") if path.is_dir() else [path]:
        if source.is_file():
            target = to / source.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source.resolve())


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            "lake.day_invalid", f"'{text}' is no day; write it as 2022-11-01.", day=text
        ) from error


def _held(lake: Lake, day: dt.date) -> dt.date:
    if day not in lake.days("visits"):
        raise NotFound("lake.no_such_day", f"The lake holds no visits of {day}.", day=str(day))
    return day


def _whole(lake: Lake, hot: HotLake) -> list[tuple[dt.date, dt.date]]:
    """First and last day of everything; nothing for an empty lake."""
    days = [*lake.days("visits"), *hot.days()]
    return [(min(days), max(days))] if days else []


def _named(days: Sequence[dt.date]) -> str:
    return f" ({', '.join(str(day) for day in days)})" if days else ""
