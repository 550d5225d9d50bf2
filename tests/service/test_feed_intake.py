"""Feeds into the real registers: taken whole, recorded last, undone whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests.killing import killed_at
from tests.service import builders
from tests.unit.intake import feed_files as feeds
from zhongshu.connectors.feeds import intake
from zhongshu.connectors.feeds.registers import ServiceRegisters
from zhongshu.connectors.feeds.report import IntakeReport
from zhongshu.kernel.errors import NotFound
from zhongshu.lake.lake import Lake
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases.models import Case
from zhongshu.service.intake import facade as files
from zhongshu.service.intake.models import FeedFile
from zhongshu.service.people import facade as people
from zhongshu.service.people.models import Household, Person
from zhongshu.service.resources.models import BedReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A headquarters, and one file of each destination."""
    builders.headquarters()
    home = tmp_path / "feeds"
    home.mkdir()
    household = {"household_id": "H1", "village_code": feeds.VILLAGE, "building": "3",
                 "address": "坞城路1号", "lon": 112.5, "lat": 37.8}  # fmt: skip
    beds = {"hospital_id": "Y1", "name": "合成医院", "county_code": feeds.COUNTY, "lon": 112.5,
            "lat": 37.8, "tier": "designated", "beds_total": 100, "beds_free": 40, "icu_total": 9,
            "icu_free": 2, "as_of": "2022-11-08 08:00"}  # fmt: skip
    feeds.write_csv(home / "households.csv", [household], encoding="gb18030")
    feeds.write_csv(home / "persons.csv", [feeds.person(n) for n in (1, 2, 3)])
    feeds.write_csv(home / "visits.csv", [feeds.visit(1), feeds.visit(2)])
    feeds.write_xlsx(home / "cases.xlsx", [feeds.case(1), feeds.case(2, category="?")])
    feeds.write_xlsx(home / "hospital_beds.xlsx", [beds])
    feeds.write_csv(home / "gossip.csv", [{"a": 1}])
    return home


def take(folder: Path) -> IntakeReport:
    return intake.take(
        folder, lake=Lake(folder.parent / "lake"), registers=ServiceRegisters(),
        received_at=feeds.RECEIVED, raw=folder.parent / "raw", known_divisions=feeds.KNOWN,
    )  # fmt: skip


def test_each_feed_reaches_its_register(folder: Path) -> None:
    report = take(folder)
    assert (report.count("taken"), report.count("refused")) == (5, 1)
    assert (Household.objects.count(), Person.objects.count()) == (1, 3)
    case = Case.objects.get()
    assert (case.case_no, case.unit_id, case.taken_at) == ("C1", feeds.VILLAGE, feeds.RECEIVED)
    assert case.person == people.pseudonym(feeds.id_no(1))
    assert BedReport.objects.get().beds_free == 40
    day = dt.date(2022, 11, 1)
    visits = Lake(folder.parent / "lake").visits(day, day)
    assert set(visits.column("person").to_pylist()) == {
        people.pseudonym(feeds.id_no(n)) for n in (1, 2)
    }


def test_the_record_of_files_holds_the_counts_and_the_refusal(folder: Path) -> None:
    take(folder)
    cases = FeedFile.objects.get(kind="cases")
    assert (cases.rows_in, cases.accepted, cases.rejected) == (2, 1, 1)
    assert cases.cells == {"category:value.unknown": 1}
    assert cases.last_day == dt.date(2022, 11, 2)
    assert (folder.parent / "raw" / cases.repair_path).is_file()
    refused = FeedFile.objects.get(state="refused")
    assert refused.reason["code"] == "feeds.unknown_kind"
    assert audit.verify().ok


def test_taking_the_folder_again_changes_no_register(folder: Path) -> None:
    take(folder)
    before = list(FeedFile.objects.order_by("id").values())
    entries = len(audit.entries())
    report = take(folder)
    assert (report.count("already_taken"), report.count("refused")) == (5, 1)
    assert list(FeedFile.objects.order_by("id").values()) == before
    assert len(audit.entries()) == entries


def test_register_rows_and_record_stand_or_fall_together(folder: Path) -> None:
    with killed_at("zhongshu.service.intake.facade.record"):
        take(folder)
    assert Household.objects.count() == FeedFile.objects.count() == 0
    assert take(folder).count("taken") == 5


def test_the_database_refuses_counts_that_are_not_conserved(folder: Path) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedFile.objects.create(
            name="x", received_at=feeds.RECEIVED, state="taken", rows_in=3, accepted=1, rejected=1
        )


def test_sources_tell_what_came_and_what_is_late(folder: Path) -> None:
    take(folder)
    found = {source.feed: source for source in files.sources(as_of=feeds.RECEIVED)}
    assert found["persons"].rows == 3
    assert not found["persons"].late
    assert found["visits"].late, "its newest day is a week old"
    assert found["arrivals"].late, "it never came"
    assert found["arrivals"].last_received_at is None
    assert not found["hospital_beds"].late
    early = files.sources(as_of=feeds.RECEIVED - dt.timedelta(days=1))
    assert all(source.files == 0 for source in early)


def test_files_are_listed_newest_first_and_found_by_number(folder: Path) -> None:
    take(folder)
    listed = list(files.listed(kind="cases"))
    assert files.get(listed[0].pk).name == "cases.xlsx"
    assert files.listed(state="refused").count() == 1
    assert not files.listed(as_of=feeds.RECEIVED - dt.timedelta(days=1)).exists()
    with pytest.raises(NotFound):
        files.get(0)


def test_what_was_taken_is_never_turned_into_a_refusal(folder: Path) -> None:
    take(folder)
    taken = FeedFile.objects.get(kind="persons")
    entry = files.Entry(
        name="persons.csv", kind="persons", sender="", sha256=taken.sha256, state="refused",
        reason={"code": "x", "zh": "x", "en": "x"}, rows_in=0, accepted=0, rejected=0,
        duplicates=0, flagged=0, cells={}, flags={}, notices=(), first_day=None, last_day=None,
        repair_path="", raw_path="",
    )  # fmt: skip
    assert files.record(entry, received_at=feeds.RECEIVED).state == "taken"
