"""The feeds are what departments would send: right columns first, then the usual mess."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from world_builders import Ran

from zhongshu.engines.world import feeds, mess, write
from zhongshu.engines.world.sending.tables import TYPES
from zhongshu.engines.world.sending.text import as_text
from zhongshu.kernel.feeds import FEEDS, Kind
from zhongshu.kernel.time import start_of_day

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def clean(ran: Ran) -> Tables:
    """The registers and the feeds of the sixteenth day."""
    return {**feeds.registers(ran.world), **feeds.day_feeds(ran.world, ran.days[15])}


def test_every_published_feed_is_sent(clean: Tables) -> None:
    assert set(clean) == set(FEEDS)
    assert all(table.num_rows for table in clean.values())


@pytest.mark.parametrize("name", FEEDS)
def test_a_clean_feed_conforms_to_its_published_columns(name: str, clean: Tables) -> None:
    table = clean[name]
    assert table.column_names == [column.name for column in FEEDS[name].columns]
    for column in FEEDS[name].columns:
        values = table[column.name]
        plain = values.combine_chunks()
        if pa.types.is_dictionary(plain.type):
            plain = plain.dictionary_decode()
        assert plain.type == TYPES[column.kind], column.name
        if column.required:
            assert plain.null_count == 0, column.name
        if column.values:
            assert set(pc.unique(plain.drop_null()).to_pylist()) <= set(column.values)
        if column.minimum is not None:
            assert pc.min(plain).as_py() >= column.minimum
        if column.kind is Kind.DIVISION:
            assert pc.all(pc.match_substring_regex(plain, "^[0-9]{12}$")).as_py()


@pytest.mark.parametrize("name", FEEDS)
def test_a_clean_feed_has_each_key_once(name: str, clean: Tables) -> None:
    keys = pl.from_arrow(clean[name].select(list(FEEDS[name].key)))
    assert keys.n_unique() == clean[name].num_rows


def test_the_day_of_a_moment_is_the_beijing_day(ran: Ran) -> None:
    day = ran.days[4]
    table = feeds.visits(ran.world, day)
    first, last = start_of_day(day.date), start_of_day(day.date + dt.timedelta(days=1))
    assert pc.min(table["recorded_at"]).as_py() >= first
    assert pc.max(table["recorded_at"]).as_py() < last


def test_references_between_feeds_hold(ran: Ran, clean: Tables) -> None:
    people = clean["persons"]["id_no"].combine_chunks()
    for name in ("visits", "journeys", "cells", "dormitories", "cases", "lab_results", "arrivals"):
        ids = clean[name]["id_no"].combine_chunks()
        ids = ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids
        assert pc.all(pc.is_in(ids, value_set=people)).as_py(), name
    homes = clean["households"]["household_id"].combine_chunks()
    assert pc.all(pc.is_in(clean["persons"]["household_id"], value_set=homes)).as_py()
    places = clean["places"]["place_id"].combine_chunks()
    used = clean["visits"]["place_id"].combine_chunks().dictionary_decode()
    assert pc.all(pc.is_in(used, value_set=places)).as_py()
    labs = clean["laboratories"]["lab_id"].combine_chunks()
    assert pc.all(pc.is_in(clean["lab_results"]["lab_id"], value_set=labs)).as_py()


def test_case_numbers_never_repeat_over_the_days(ran: Ran) -> None:
    numbers = [n for day in ran.days for n in feeds.cases(ran.world, day)["case_no"].to_pylist()]
    assert len(numbers) == len(set(numbers)) > 30


def test_every_case_has_a_positive_result_reported_before_it(ran: Ran) -> None:
    labs = pa.concat_tables([feeds.lab_results(ran.world, day) for day in ran.days])
    cases = pa.concat_tables([feeds.cases(ran.world, day) for day in ran.days])
    positive = labs.filter(pc.equal(labs["result"], "positive"))
    found = dict(
        zip(positive["id_no"].to_pylist(), positive["reported_at"].to_pylist(), strict=True)
    )
    for row in cases.to_pylist():
        assert found[row["id_no"]] == row["confirmed_at"] <= row["reported_at"]
        assert row["sampled_at"] < row["confirmed_at"]
        assert (row["onset_date"] is None) == (row["category"] == "asymptomatic")


def test_rooms_are_as_many_as_asked_and_beds_fill_up(ran: Ran, clean: Tables) -> None:
    assert clean["isolation_rooms"].num_rows == 40_000 / 10_000 * 20
    first, last = (
        pc.sum(feeds.day_feeds(ran.world, day)["hospital_beds"]["beds_free"]).as_py()
        for day in (ran.days[0], ran.days[-1])
    )
    assert last < first


def test_mess_adds_but_loses_nothing_that_is_needed(clean: Tables) -> None:
    sent = mess.dirty(clean, seed=1, day=15)
    for name in ("persons", "cases", "lab_results", "arrivals"):
        keys = FEEDS[name].key[0]
        assert set(clean[name][keys].to_pylist()) <= set(sent[name][keys].to_pylist()), name
    assert sent["visits"].num_rows > clean["visits"].num_rows
    assert sent["fever_clinic"].num_rows <= clean["fever_clinic"].num_rows + 2


def test_all_kinds_of_mess_occur(clean: Tables) -> None:
    sent = mess.dirty(clean, seed=1, day=15, retired_codes=("142303000000",))
    persons = sent["persons"].to_pylist()
    ids = [row["id_no"] for row in persons]
    assert len(ids) > len(set(ids))  # entered twice
    assert any(not _valid(number) for number in ids)  # mistyped
    assert any(not row["birth_date"].isascii() for row in persons)  # full width
    assert sent["persons"]["occupation"].null_count > 0  # blank
    villages = sent["households"]["village_code"].to_pylist()
    assert any(code.startswith("142303") for code in villages)  # retired
    unsound = [n for n in pc.unique(sent["visits"]["id_no"]).to_pylist() if not _valid(n)]
    assert len(unsound) <= 5


def _valid(number: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return number[17] == "10X98765432"[total % 11]


def test_without_mess_the_text_says_what_the_clean_table_says(clean: Tables) -> None:
    nothing = mess.Rates(0, 0, 0, 0, 0, 0, 0, 0, 0)
    sent = mess.dirty(clean, seed=1, day=15, rates=nothing, by_hand=nothing)
    for name, table in clean.items():
        expected = table if name == "visits" else as_text(name, table)
        assert sent[name].to_pylist() == expected.to_pylist()


def test_files_are_in_the_encodings_and_formats_of_their_departments(
    clean: Tables, tmp_path: Path
) -> None:
    sent = mess.dirty(clean, seed=1, day=15)
    paths = write.feeds(sent, tmp_path, day=dt.date(2022, 11, 3), seed=1)
    names = {path.name for path in paths}
    assert {"visits-20221103.parquet", "cases-20221103.xlsx", "arrivals-20221103.ndjson"} <= names
    for path in paths:
        name = path.name.split("-")[0]
        rows = _read(path, write.HABITS[name])
        assert len(rows) == sent[name].num_rows, name
        titles = [c.zh if write.HABITS[name].chinese else c.name for c in FEEDS[name].columns]
        assert list(rows[0]) == titles, name


def _read(path: Path, habit: write.Habit) -> list[dict[str, object]]:
    if habit.suffix == "parquet":
        return pq.read_table(path).to_pylist()
    if habit.suffix == "ndjson":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if habit.suffix == "xlsx":
        sheet = openpyxl.load_workbook(path).active
        header, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows]
    with path.open(encoding=habit.encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_excel_has_dates_as_dates_as_numbers_and_as_text(ran: Ran, tmp_path: Path) -> None:
    cases = pa.concat_tables([feeds.cases(ran.world, day) for day in ran.days])
    sent = mess.dirty({"cases": cases}, seed=1, day=0)
    path = write.feeds(sent, tmp_path, day=dt.date(2022, 11, 3), seed=1)[0]
    kinds = {type(row["发病日期"]) for row in _read(path, write.HABITS["cases"])}
    assert {dt.datetime, int, str} <= kinds


def test_equal_worlds_write_equal_files(clean: Tables, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write.feeds(
            mess.dirty(clean, seed=1, day=15), tmp_path / name, day=dt.date(2022, 11, 3), seed=1
        )
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_a_resent_file_has_the_same_rows_and_other_bytes(clean: Tables, tmp_path: Path) -> None:
    sent = mess.dirty(clean, seed=1, day=15)
    day = dt.date(2022, 11, 3)
    first = write.feeds({"lab_results": sent["lab_results"]}, tmp_path, day=day, seed=1)[0]
    second = write.again("lab_results", sent["lab_results"], tmp_path, day=day, seed=1)
    assert second.name == "lab_results-20221103-2.csv"
    assert first.read_bytes() != second.read_bytes()
    assert sorted(first.read_text().splitlines()) == sorted(second.read_text().splitlines())


def test_seeds_arrive_in_the_focus_city_with_a_row_of_their_own(ran: Ran) -> None:
    static = ran.world.statics
    arrivals = pa.concat_tables([feeds.arrivals(ran.world, day) for day in ran.days])
    where = dict(zip(arrivals["id_no"].to_pylist(), arrivals["to_county"].to_pylist(), strict=True))
    focus = {
        code
        for code, city in zip(static.margins.county_codes, static.margins.city_codes, strict=True)
        if city == static.params.focus
    }
    seeds = static.id_no.take(pa.array(np.asarray(static.seed_person))).to_pylist()
    assert all(where[number] in focus for number in seeds)
