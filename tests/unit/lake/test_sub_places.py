"""Sub-places in the lake: floors, carriages, rows, each with its whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lake_rows as rows
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhongshu.kernel.errors import BadInput
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import PLACES
from zhongshu.lake.store import Store


def with_wholes(table: pa.Table, *wholes: tuple[str | None, int | None]) -> pa.Table:
    parents = pa.array([one for one, _ in wholes], pa.string())
    numbers = pa.array([number for _, number in wholes], pa.int32())
    return table.append_column("parent_id", parents).append_column("number", numbers)


def held(lake: Lake) -> dict[str, dict[str, Any]]:
    """By sender's id; the whole by its sender's id too."""
    table = lake.places().to_pylist()
    names = {row["place"]: row["place_id"] for row in table}
    return {row["place_id"]: row | {"parent": names.get(row["parent"])} for row in table}


def test_a_sub_place_names_its_whole_by_the_senders_id(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    floor = with_wholes(rows.places(("M1", "market"), ("F3", "market")), (None, None), ("M1", 3))
    assert lake.write_places(floor).new == 2
    assert (held(lake)["F3"]["parent"], held(lake)["F3"]["number"]) == ("M1", 3)
    assert held(lake)["M1"]["parent"] is None
    assert lake.write_places(floor).new == 0


def test_a_whole_nobody_has_described_is_entered_and_described_later(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_places(with_wholes(rows.places(("F3", "market")), ("M1", 3)))
    key = held(lake)["M1"]["place"]
    assert held(lake)["M1"]["kind"] == "unknown"
    lake.write_places(rows.places(("M1", "market")))
    assert (held(lake)["M1"]["kind"], held(lake)["M1"]["place"]) == ("market", key)
    assert held(lake)["F3"]["parent"] == "M1"


def test_describing_a_place_again_without_its_whole_keeps_the_whole(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_places(with_wholes(rows.places(("F3", "market")), ("M1", 3)))
    lake.write_places(rows.places(("F3", "shop")))
    floor = held(lake)["F3"]
    assert (floor["kind"], floor["parent"], floor["number"]) == ("shop", "M1", 3)
    lake.write_places(with_wholes(rows.places(("F3", "shop")), (None, None)))
    assert (held(lake)["F3"]["parent"], held(lake)["F3"]["number"]) == (None, None)


def test_a_scan_at_a_spot_enters_the_spot_and_every_whole_above_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keys, described = lake.place_keys(pa.array(["train:G1#05#7", "plain"]))
    assert described.to_pylist() == [False, False]
    assert {name: row["parent"] for name, row in held(lake).items()} == {
        "train:G1#05#7": "train:G1#05",
        "train:G1#05": "train:G1",
        "train:G1": None,
        "plain": None,
    }
    assert lake.place_keys(pa.array(["train:G1#05#7", "plain"]))[0].equals(keys)


def test_a_spot_of_a_described_place_has_its_kind_at_once_or_when_it_is_described(
    tmp_path: Path,
) -> None:
    lake = Lake(tmp_path)
    lake.place_keys(pa.array(["M1#3F#north"]))
    lake.write_places(rows.places(("M1", "market")))
    assert held(lake)["M1#3F#north"]["kind"] == "market"
    _, described = lake.place_keys(pa.array(["M1#4F"]))
    assert described.to_pylist() == [True]
    assert held(lake)["M1#4F"]["kind"] == "market"


def test_a_place_that_is_part_of_itself_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_places(with_wholes(rows.places(("a", "shop")), ("b", None)))
    before = rows.hashes(tmp_path)
    with pytest.raises(BadInput, match="part of it") as refused:
        lake.write_places(with_wholes(rows.places(("b", "shop")), ("a", None)))
    assert refused.value.code == "lake.place_in_itself"
    assert rows.hashes(tmp_path) == before


def test_places_from_before_there_were_sub_places_still_read(tmp_path: Path) -> None:
    plain = [name for name in PLACES.names if name not in ("parent", "number")]
    lake = Lake(tmp_path)
    lake.write_places(rows.places(("a", "shop"), ("b", "market")))
    Store(tmp_path).replace("dims", {"places.parquet": lake.places().select(plain)})
    path = tmp_path / "dims" / "places.parquet"
    assert pq.read_schema(path).names == plain
    assert lake.places().schema == PLACES
    assert lake.places()["parent"].null_count == 2
    lake.write_places(rows.places(("a#1", "shop")))
    assert (held(lake)["a#1"]["parent"], held(lake)["a"]["place"]) == ("a", 1)
