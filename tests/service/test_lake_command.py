"""`zhongshu lake`: from feed to deletion, as an operator works it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.killing import killed_at
from tests.service import builders
from tests.unit.intake import feed_files as feeds
from zhongshu.cli import lake as command
from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.lake import receipts, upkeep
from zhongshu.service.audit import facade as audit
from zhongshu.service.intake.models import FeedFile

pytestmark = pytest.mark.django_db
DAY = "2022-11-01"


class Here:
    """An installation whose database is the test's; `now` is the machine's clock."""

    def __init__(self, var: Path) -> None:
        self.lake_root, self.raw_root = var / "lake", var / "raw"
        self.now = dt.datetime(2022, 11, 10, tzinfo=dt.UTC)

    def open(self) -> None:
        pass

    def wall(self) -> dt.datetime:
        return self.now


@pytest.fixture
def here(tmp_path: Path) -> Here:
    builders.headquarters()
    sent = tmp_path / "sent"
    sent.mkdir()
    feeds.write_csv(sent / "visits-1.csv", [feeds.visit(1), feeds.visit(2)])
    feeds.write_csv(
        sent / "visits-2.csv",
        [feeds.visit(3), feeds.visit(1, time_in="2022-11-02 09:00", time_out="")],
    )
    return Here(tmp_path)


def run(here: Here, *words: str, code: int = 0) -> str:
    answer = CliRunner().invoke(command.app, list(words), obj=here, env={"COLUMNS": "200"})
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == code, answer.output
    return " ".join(answer.output.split())


def ingest(here: Here) -> str:
    sent = here.lake_root.parent / "sent"
    return run(here, "ingest", str(sent / "visits-1.csv"), str(sent), "--received-at",
               "2022-11-08T12:00:00+08:00")  # fmt: skip


def test_files_and_folders_are_taken_sealed_counted_and_verified(here: Here) -> None:
    assert "2 files taken, 1 already taken, 0 refused" in ingest(here)
    assert "2 days sealed (2022-11-01, 2022-11-02); 0 forgotten." in run(here, "seal")
    assert "0 days sealed" in run(here, "seal", DAY)
    told = run(here, "verify")
    assert "The lake is sound: 2 days of visits" in told
    assert "0 days to seal" in told
    told = run(here, "stats")
    assert "current" in told
    assert "4 visits on 2 days; 0 clock offsets." in told


def test_an_empty_lake_is_sound_and_has_nothing_to_do(here: Here) -> None:
    assert "0 days sealed" in run(here, "seal")
    assert "0 days of visits" in run(here, "verify")
    assert "0 days mended" in run(here, "compact")
    assert "0 visits on 0 days" in run(here, "stats")


def test_a_damaged_copy_fails_verify_and_compact_makes_it_anew(here: Here) -> None:
    ingest(here)
    victim = here.lake_root / "visits" / f"day={DAY}.by-person.parquet"
    victim.write_bytes(b"")
    assert "lake.damaged" in run(here, "verify", code=1)
    assert f"1 days mended ({DAY})" in run(here, "compact")
    assert "The lake is sound" in run(here, "verify")


def test_a_day_is_dropped_with_receipt_record_and_raw_files(here: Here) -> None:
    ingest(here)
    run(here, "seal")
    with pytest.raises(WrongState, match=r"HC-8.*2022-11-23"):
        run(here, "drop-day", DAY)
    here.now = dt.datetime(2022, 11, 23, tzinfo=dt.UTC)
    told = run(here, "drop-day", DAY)
    assert f"Receipt 1: 3 visits of {DAY} and 3 rows of the index deleted by HC-8" in told
    assert "1 raw files deleted" in told
    assert "1 raw files also hold later days and go with their last one: visits-2.csv." in told
    entry = audit.entries().get(action="lake.day_dropped")
    assert entry.facts["rows"] == 3
    assert entry.facts["hash"]
    assert audit.verify().ok
    first = FeedFile.objects.get(name="visits-1.csv")
    assert (first.raw_path, first.accepted) == ("", 2)
    assert [path.name for path in here.raw_root.rglob("*.csv")] == ["visits-2.csv"]
    assert "1 days of visits" in run(here, "verify")
    told = run(here, "drop-day", DAY)
    assert "(receipt 1); finished: 0 receipts recorded, 0 raw files deleted." in told
    assert audit.entries(action="lake.day_dropped").count() == 1
    with pytest.raises(NotFound, match="no visits of 2022-10-01"):
        run(here, "drop-day", "2022-10-01")
    here.now = dt.datetime(2022, 11, 24, tzinfo=dt.UTC)
    assert "1 raw files deleted" in run(here, "drop-day", "2022-11-02")
    assert not list(here.raw_root.rglob("*.csv"))


@pytest.mark.parametrize(
    "step",
    [
        "zhongshu.lake.retention._delete",
        "zhongshu.lake.visits.put",
        "zhongshu.lake.retention.forget_in_index",
        "zhongshu.service.intake.facade.forget_visits",
        "zhongshu.service.audit.facade.record",
    ],
)
def test_a_deletion_cut_off_anywhere_is_told_and_finished_by_asking_again(
    here: Here, step: str
) -> None:
    ingest(here)
    run(here, "seal")
    here.now = dt.datetime(2022, 11, 23, tzinfo=dt.UTC)
    with killed_at(step):
        run(here, "drop-day", DAY)
    told = run(here, "verify", code=1)
    assert f"lake.drop_unfinished The deletion of {DAY} is not on the record" in told
    assert "lake.raw_left The raw content of visits-1.csv" in told
    assert "visits-2.csv" not in told
    told = run(here, "drop-day", DAY)
    assert "1 raw files deleted" in told
    assert "The lake is sound" in run(here, "verify")
    made = receipts.read(here.lake_root)
    entries = audit.entries(action="lake.day_dropped", object_=f"visits {DAY}")
    assert [entry.facts["hash"] for entry in entries.order_by("seq")] == [one.hash for one in made]
    assert [path.name for path in here.raw_root.rglob("*.csv")] == ["visits-2.csv"]


def test_a_clock_that_is_off_is_said_once_and_makes_its_days_stale(here: Here) -> None:
    ingest(here)
    run(here, "seal")
    told = run(
        here, "clock", "venue_scan", "--ahead-s", "120", "--since", "2022-11-02T00:00:00+08:00"
    )
    assert "120" in told
    assert "days to seal" in told
    assert "2022-11-02" in told.rpartition("days to seal")[2]
    assert audit.entries().filter(action="lake.clock_set").count() == 1
    with pytest.raises(BadInput, match="wrong date"):
        run(here, "clock", "venue_scan", "--ahead-s", "90000", "--since", "2022-11-02T00:00+08:00")
    assert audit.entries().filter(action="lake.clock_set").count() == 1


def test_what_cannot_be_done_is_said_in_a_sentence(here: Here) -> None:
    ingest(here)
    with pytest.raises(NotFound, match="no visits of 2022-10-01"):
        run(here, "seal", "2022-10-01")
    with pytest.raises(BadInput, match="'yesterday' is no day"):
        run(here, "drop-day", "yesterday")
    with pytest.raises(NotFound, match="no file or folder"):
        run(here, "ingest", str(here.lake_root / "nowhere.csv"))
    with upkeep.doing(here.lake_root, "compacting"):
        for words in (("seal",), ("compact",)):
            with pytest.raises(WrongState, match="compacting"):
                run(here, *words)
