"""Rows in = accepted + rejected, whatever is sent, and every rejected row is in the repair file."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.intake import feed_files as feeds
from tests.unit.intake.feed_files import Desk
from tests.unit.lake.lake_rows import hashes

cell = st.one_of(
    st.sampled_from(["", " ", "-", "1", "-5", "3.7", "1e5", "44866", "2022-11-01", "2022-13-01",
                     "男", "F", "null", "１２", "140105", feeds.COUNTY, feeds.id_no(1), "a,b",
                     'a"b',
                     "a\nb", "=1+1", "99999999999999999999"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)  # fmt: skip
CLINIC, VISIT = list(feeds.clinic(1)), list(feeds.visit(1))


def rows_of(good: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    broken = st.dictionaries(st.sampled_from(list(good)), cell, max_size=3)
    return st.lists(broken.map(lambda changes: good | changes), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(rows_of(feeds.clinic(1)), rows_of(feeds.visit(1)), st.sampled_from(["utf-8", "gb18030"]))
def test_no_row_is_lost_or_invented(
    clinics: list[dict[str, Any]], visits: list[dict[str, Any]], encoding: str
) -> None:
    with tempfile.TemporaryDirectory() as root:
        desk = Desk(Path(root))
        feeds.write_csv(desk.feeds / "fever_clinic.csv", clinics, encoding=encoding)
        feeds.write_csv(desk.feeds / "visits.csv", visits, encoding=encoding)
        report = desk.take()
        sent = {"fever_clinic": len(clinics), "visits": len(visits)}
        for file in report.files:
            assert file.state == "taken", file.reason
            assert file.counts.rows_in == sent[file.kind]
            assert file.counts.rows_in == file.counts.accepted + file.counts.rejected
            assert repaired(desk, file.repair) == file.counts.rejected
            assert bool(file.cells) == bool(file.counts.rejected)
        landed = report.counts.accepted - report.counts.duplicates
        assert landed == stored(desk)


@settings(max_examples=25, deadline=None)
@given(rows_of(feeds.visit(1)))
def test_taking_again_changes_no_byte(visits: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as root:
        desk = Desk(Path(root))
        feeds.write_csv(desk.feeds / "visits.csv", visits)
        desk.take()
        before = hashes(desk.lake.root)
        report = desk.take(again=True)
        assert report.counts.duplicates == report.counts.accepted
        assert hashes(desk.lake.root) == before


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "ndjson", "parquet", "xlsx"]))
def test_no_content_brings_the_intake_down(content: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as root:
        desk = Desk(Path(root))
        (desk.feeds / f"persons.{suffix}").write_bytes(content)
        (report,) = desk.take().files
        assert report.state == "refused"
        assert report.reason is not None
        assert report.reason["zh"]


def repaired(desk: Desk, path: str) -> int:
    if not path:
        return 0
    with (desk.raw / path).open(encoding="utf-8-sig", newline="") as file:
        return len(list(csv.reader(file))) - 1


def stored(desk: Desk) -> int:
    """Every version in the lake's files; a day of visits lies twice and counts once."""
    days = [path for path in desk.lake.root.rglob("day=*.parquet") if "by-person" not in path.name]
    files = [*days, *desk.lake.root.rglob("stream=*.parquet")]
    return sum(pq.ParquetFile(path).metadata.num_rows for path in files)
