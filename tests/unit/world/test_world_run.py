"""A world on disk: complete or not there, and a truth that can judge what tracing found."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from zhongshu.engines.world import solve
from zhongshu.engines.world.model import Margins, WorldParams, WorldSummary
from zhongshu.kernel.errors import BadInput, Refused

PARAMS = WorldParams(people=8_000, days=16)


@pytest.fixture(scope="module")
def written(
    margins: Margins, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, WorldSummary]:
    out = tmp_path_factory.mktemp("world") / "demo"
    return out, solve.run(PARAMS, margins, out)


def test_step_by_step_is_the_same_world_as_a_run(
    written: tuple[Path, WorldSummary], margins: Margins
) -> None:
    world = solve.build(PARAMS, margins)
    for _ in range(PARAMS.days):
        world.step()
    assert solve.truth_hash(world) == written[1].truth_hash


def test_a_second_run_does_nothing_and_says_so(
    written: tuple[Path, WorldSummary], margins: Margins
) -> None:
    out, first = written
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    second = solve.run(PARAMS, margins, out)
    assert second.reused
    assert second.truth_hash == first.truth_hash
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_a_world_without_its_card_is_built_anew(margins: Margins, tmp_path: Path) -> None:
    """As after a kill in the middle: the card is written last."""
    params = WorldParams(people=2_000, days=2)
    first = solve.run(params, margins, tmp_path)
    (tmp_path / "world.json").unlink()
    (tmp_path / "feeds" / "persons.csv").write_bytes(b"half")
    second = solve.run(params, margins, tmp_path)
    assert not second.reused
    assert second == first
    assert (tmp_path / "feeds" / "persons.csv").stat().st_size > 1_000


def test_other_parameters_replace_the_world(margins: Margins, tmp_path: Path) -> None:
    one = solve.run(WorldParams(people=2_000, days=2), margins, tmp_path)
    two = solve.run(WorldParams(people=2_000, days=1), margins, tmp_path)
    assert not two.reused
    assert one.world_hash != two.world_hash
    assert len(list((tmp_path / "feeds").glob("visits-*"))) == 1


def test_a_folder_with_other_things_is_left_alone(margins: Margins, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(Refused, match="name an empty folder"):
        solve.run(PARAMS, margins, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("wrong", [{"people": 100}, {"days": 0}, {"focus_share": 1.0}])
def test_a_world_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        WorldParams(**wrong)  # type: ignore[arg-type]


def test_the_card_says_synthetic_and_what_was_measured(
    written: tuple[Path, WorldSummary],
) -> None:
    out, summary = written
    card = json.loads((out / "world.json").read_text(encoding="utf-8"))
    assert card["label"] == "synthetic"
    assert card["params"]["people"] == PARAMS.people
    assert card["summary"]["world_hash"] == summary.world_hash
    names = [row[0] for row in card["summary"]["calibration"]]
    assert {"household_share", "serial_interval_mean", "onset_to_confirmation_q75"} <= set(names)


def test_counts_of_the_summary_are_those_of_the_files(
    written: tuple[Path, WorldSummary],
) -> None:
    out, summary = written
    truth = pl.read_parquet(out / "truth" / "infections.parquet")
    assert len(truth) == summary.infections
    sent = pl.concat(
        [
            pl.read_parquet(path).unique()
            for path in sorted((out / "feeds").glob("visits-*.parquet"))
        ]
    )
    sound = sent.filter(pl.col("id_no").cast(pl.String).is_in(_people(out).implode()))
    assert len(sound.unique()) == summary.records
    assert (out / "feeds" / f"lab_results-{_middle()}-2.csv").exists()


def _people(out: Path) -> pl.Series:
    return pl.read_parquet(out / "truth" / "households.parquet")["id_no"]


def _middle() -> str:
    return "20221027"


def test_pairs_that_share_a_recorded_visit_do_so_in_the_feeds(
    written: tuple[Path, WorldSummary],
) -> None:
    """The truth's claims, proved from the files alone."""
    out, _ = written
    sent = pl.concat(
        [
            pl.read_parquet(path).cast({"id_no": pl.String, "place_id": pl.String})
            for path in sorted((out / "feeds").glob("visits-*.parquet"))
        ]
    ).unique()
    meetings = pl.read_parquet(out / "truth" / "meetings.parquet")
    last = sent["recorded_at"].max()
    claimed = meetings.filter(pl.col("recorded") & (pl.col("known_at") <= last))
    assert len(claimed) > 100
    for side in ("infector_id_no", "infectee_id_no"):
        proved = claimed.join(
            sent, left_on=[side, "place_id"], right_on=["id_no", "place_id"], how="inner"
        ).filter(
            (pl.col("time_in") <= pl.col("time_from"))
            & (pl.col("time_out").is_null() | (pl.col("time_out") >= pl.col("time_to")))
        )
        key = [side, "place_id", "time_from"]
        assert proved.select(key).unique().height == claimed.select(key).unique().height


def test_pairs_and_households_agree(written: tuple[Path, WorldSummary]) -> None:
    out, _ = written
    truth = {p.stem: pl.read_parquet(p) for p in (out / "truth").glob("*.parquet")}
    homes = dict(truth["households"].iter_rows())
    pairs = truth["pairs"]
    same = [homes[a] == homes[b] for a, b in pairs.select(pairs.columns[:2]).iter_rows()]
    assert pairs["same_household"].to_list() == same
    passed = truth["infections"].filter(pl.col("setting") != "import")
    assert len(passed) == len(pairs)
    in_place = passed.filter(pl.col("setting") == "place")
    assert in_place["place_id"].null_count() == 0
    assert (
        passed.filter(pl.col("setting") == "household")["place_id"].null_count()
        == passed.filter(pl.col("setting") == "household").height
    )
    meetings = truth["meetings"]
    assert meetings.filter("infecting")["infectious"].all()
    counted = meetings.filter(pl.col("recorded") & pl.col("infectious"))
    assert len(counted) == pairs["recorded_meetings"].sum() < len(meetings.filter("recorded"))
    recorded = pairs["infected_at_recorded_meeting"].sum()
    assert recorded / len(in_place) == pytest.approx(0.85**2, abs=0.12)
