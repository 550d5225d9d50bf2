"""Take a folder of feeds into registers and lake.

Every file is taken whole or not at all, and stands by itself: a file that is refused changes
nothing and stops no other.  It is recorded as taken last, in the transaction of its register
rows; lake writes before that are idempotent, so that taking the folder again after a kill
completes the work.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable, Set
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.connectors.feeds import kinds, repair
from zhongshu.connectors.feeds.checks import across, rows
from zhongshu.connectors.feeds.checks.judged import Context
from zhongshu.connectors.feeds.checks.rows import Checked
from zhongshu.connectors.feeds.landing.land import Landing
from zhongshu.connectors.feeds.landing.pseudonyms import Pseudonyms
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.ports import Registers
from zhongshu.connectors.feeds.readers.raw import Raw
from zhongshu.connectors.feeds.readers.read import read
from zhongshu.connectors.feeds.reasons import FILES, NOTICES, refusal
from zhongshu.connectors.feeds.report import Counts, FileReport, IntakeReport
from zhongshu.kernel.errors import Refused
from zhongshu.kernel.feeds import FEEDS, FeedSpec
from zhongshu.kernel.time import beijing, beijing_day
from zhongshu.lake import manifest
from zhongshu.lake.lake import Lake

Progress = Callable[[str, float], None]
_ORDER = {name: number for number, name in enumerate(FEEDS)}
DAY_COLUMNS = ("time_in", "board_at", "sampled_at", "date", "arrived_at", "as_of")


def take(
    folder: Path,
    *,
    lake: Lake,
    registers: Registers,
    received_at: dt.datetime,
    raw: Path,
    known_divisions: Set[str],
    progress: Progress = lambda step, share: None,
    limits: Limits | None = None,
    again: bool = False,
) -> IntakeReport:
    """Take all feeds below `folder`: households, persons and places before what refers to them.

    received_at: aware; what a feed without a time of its own becomes known at.
    raw: where contents are kept by hash, and repair files (``raw/repair``).
    again: also take files that were taken before (after a lake file was dropped).
    Refuses a folder that is not there; a file that cannot be taken is refused in the report.
    """
    beijing(received_at)
    if not folder.exists():
        raise refusal("feeds.no_folder", path=str(folder))
    if not folder.is_dir():
        raise refusal("feeds.not_a_folder", path=str(folder))
    context = Context(received_at, known_divisions)
    landing = Landing(lake, registers, Pseudonyms(registers), received_at)
    one = _Intake(landing, context, raw, limits or Limits(), again)
    files = _files(folder, raw)
    reports = []
    for number, path in enumerate(files):
        progress(path.name, number / len(files))
        reports.append(one.file(path))
    progress("", 1.0)
    return IntakeReport(received_at, tuple(reports))


@dataclasses.dataclass
class _Intake:
    landing: Landing
    context: Context
    raw: Path
    limits: Limits
    again: bool

    def file(self, path: Path) -> FileReport:
        """Take one file, or report why not."""
        report = FileReport(path.name, "", "", "refused")
        try:
            spec = kinds.kind_of(path.name)
            report = dataclasses.replace(report, kind=spec.name, sender=spec.sender)
            report = dataclasses.replace(report, sha256=self._hash(path))
            if not self.again and self.landing.registers.seen(report.sha256):
                reason = _reason("feeds.already_taken")
                return dataclasses.replace(report, state="already_taken", reason=reason)
            return self._take(path, spec, report)
        except Refused as declined:
            reason = _refused(declined)
        report = dataclasses.replace(report, reason=reason)
        with self.landing.registers.atomic():
            self.landing.registers.record(report, self.context.received_at)
        return report

    def _take(self, path: Path, spec: FeedSpec, report: FileReport) -> FileReport:
        sent = read(path, spec, self.limits)
        checked = rows.check(sent, spec, self.context)
        across.remark(checked, spec)
        kept = self._keep(path, report.sha256)
        rejected = int(checked.rejected.sum()) + len(sent.broken)
        repair_path = ""
        if rejected:
            written = repair.write(
                self.raw / "repair",
                sent,
                checked,
                name=path.name,
                sha256=report.sha256,
                limits=self.limits,
            )
            repair_path = str(written.relative_to(self.raw))
        with self.landing.registers.atomic():
            landed = self.landing.land(checked, spec)
            accepted = checked.accepted.num_rows
            first, last = _days(checked.accepted)
            report = dataclasses.replace(
                report,
                state="taken",
                counts=Counts(
                    rows_in=sent.rows_in,
                    accepted=accepted,
                    rejected=rejected,
                    duplicates=accepted - landed,
                    flagged=checked.flagged,
                ),
                cells=checked.cell_counts | _broken(sent),
                flags=checked.flag_counts,
                notices=tuple(self._notices(sent, checked, spec)),
                first_day=first,
                last_day=last,
                repair=repair_path,
                raw=kept,
            )
            self.landing.registers.record(report, self.context.received_at)
        return report

    def _hash(self, path: Path) -> str:
        """SHA-256 of the content; refuses what is too large to read at all."""
        try:
            size = path.stat().st_size
            if size > self.limits.max_bytes:
                raise refusal(
                    "feeds.too_large", found=size, limit=self.limits.max_bytes, unit="bytes"
                )
            return manifest.digest(path)
        except OSError as error:
            raise refusal("feeds.unreadable", what=error.strerror or str(error)) from error

    def _keep(self, path: Path, sha256: str) -> str:
        """Copy the content to `<raw>/<hash>/<name>`, readable by the owner only."""
        home = self.raw / sha256[:2] / sha256
        target = home / path.name
        if not target.exists():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = home / ".copy.tmp"
            shutil.copyfile(path, temporary)
            temporary.chmod(0o600)
            temporary.replace(target)
        return str(target.relative_to(self.raw))

    def _notices(self, sent: Raw, checked: Checked, spec: FeedSpec) -> list[dict[str, str]]:
        found: list[tuple[str, dict[str, object]]] = []
        if sent.rows_in == 0:
            found.append(("file.no_rows", {}))
        if checked.extra:
            found.append(("file.extra_columns", {"columns": ", ".join(checked.extra[:20])}))
        if sent.other_sheets:
            found.append(("file.more_sheets", {"sheet": sent.sheet, "others": sent.other_sheets}))
        if count := across.unknown_regions(checked, spec, self.context):
            found.append(("id.region_unknown", {"count": count}))
        return [{"code": code, **NOTICES[code].filled(facts)} for code, facts in found]


def _files(folder: Path, raw: Path) -> list[Path]:
    """Files below the folder in the order to take them; hidden and lock files passed over.

    The raw folder itself may be taken, without its repair files, which nobody has repaired.
    """
    ours = raw / "repair" if folder.resolve() == raw.resolve() else raw
    found = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and not path.is_relative_to(ours)
    ]
    return sorted(found, key=_turn)


def _turn(path: Path) -> tuple[int, str, str]:
    try:
        order = _ORDER[kinds.kind_of(path.name).name]
    except Refused:
        order = len(_ORDER)
    return order, path.name, str(path)


def _days(accepted: pa.Table) -> tuple[dt.date | None, dt.date | None]:
    """First and last Beijing day the rows speak of."""
    name = next((name for name in DAY_COLUMNS if name in accepted.column_names), None)
    if name is None or accepted.num_rows == 0:
        return None, None
    ends = pc.min_max(accepted.column(name))
    first, last = (ends[side].as_py() for side in ("min", "max"))
    if isinstance(first, dt.datetime):
        return beijing_day(first), beijing_day(last)
    return first, last


def _broken(sent: Raw) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in sent.broken:
        counts[f":{row.code}"] = counts.get(f":{row.code}", 0) + 1
    return counts


def _reason(code: str, /, **facts: object) -> dict[str, str]:
    return {"code": code, **FILES[code].filled(facts)}


def _refused(declined: Refused) -> dict[str, str]:
    """Our own sentence in both languages; another plane's refusal inside ours."""
    if declined.code in FILES:
        return _reason(declined.code, **declined.facts)
    return _reason("feeds.declined", what=declined.message) | {"code": declined.code}
