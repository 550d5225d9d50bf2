"""Each rule of tracing as a table in, an answer out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from trace_builders import at, cases, households, isolations, places, rules, visits

from zhongshu.engines.tracing import model, solve
from zhongshu.kernel.errors import BadInput

CASE = (1, 10, at("00:00"), at("23:59", day=2))
UNTIL = at("20:00", day=3)


def traced(scans: pa.Table, **changes: Any) -> model.TraceResult:
    plain = {
        "places": places(),
        "households": households(),
        "rules": rules(),
        "until": UNTIL,
    }
    return solve.trace(changes.pop("cases", cases(CASE)), visits=scans, **(plain | changes))


def people(result: model.TraceResult, degree: int = 1) -> list[int]:
    return [row["person"] for row in result.contacts.to_pylist() if row["degree"] == degree]


def test_who_overlaps_long_enough_is_a_contact_with_the_minutes_and_the_rule() -> None:
    result = traced(
        visits(
            (10, 1, at("09:00"), at("10:00")),
            (20, 1, at("09:30"), at("11:00")),
            (30, 1, at("09:55"), at("11:00")),
        )
    )
    (row,) = result.contacts.filter(pa.compute.equal(result.contacts["degree"], 1)).to_pylist()
    assert (row["person"], row["minutes"], row["rule_id"]) == (20, 30, "WHO-2.market")
    assert row["first_exposure"] == at("09:30")
    assert row["last_exposure"] == at("10:00")
    assert row["exposures"] == 1
    assert not row["imputed"]
    assert json.loads(row["reason"])["confirmed_s"] == 1800


def test_who_leaves_as_the_case_arrives_is_no_contact() -> None:
    scans = visits((10, 1, at("09:00"), at("10:00")), (20, 1, at("08:00"), at("09:00")))
    never = rules(min_overlap_min={"market": 0, "school": 0, "bus": 0})
    assert people(traced(scans, rules=never)) == []


def test_an_overlap_before_the_window_does_not_count() -> None:
    scans = visits((10, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00")))
    late = cases((1, 10, at("09:55"), at("23:00")))
    assert people(traced(scans, cases=late)) == []


def test_a_stay_that_began_before_the_window_and_reaches_into_it_counts() -> None:
    scans = visits((10, 1, at("05:00"), at("10:00")), (20, 1, at("04:00"), at("10:00")))
    result = traced(scans, cases=cases((1, 10, at("09:00"), at("23:00"))))
    assert result.contacts["minutes"].to_pylist() == [60]


def test_a_meeting_over_midnight_is_one_exposure() -> None:
    scans = visits(
        (10, 3, at("23:30"), at("00:40", day=2)), (20, 3, at("23:50"), at("01:00", day=2))
    )
    assert traced(scans).contacts["minutes"].to_pylist() == [50]


def test_a_missing_exit_is_estimated_and_flagged() -> None:
    scans = visits((10, 1, at("09:00"), None), (20, 1, at("09:10"), at("11:00")))
    (row,) = traced(scans).contacts.to_pylist()
    assert (row["minutes"], row["minutes_imputed"], row["imputed"]) == (50, 50, True)


def test_an_estimated_stay_ends_at_the_next_scan_elsewhere() -> None:
    scans = visits(
        (10, 1, at("09:00"), None), (10, 3, at("09:25"), None), (20, 1, at("09:10"), at("11:00"))
    )
    assert traced(scans).contacts["minutes"].to_pylist() == [15]


def test_a_forgotten_exit_is_cut_at_the_longest_stay() -> None:
    scans = visits((10, 1, at("00:00"), at("23:00")), (20, 1, at("07:30"), at("22:00")))
    (row,) = traced(scans).contacts.to_pylist()
    assert (row["minutes"], row["imputed"]) == (30, True)


def test_the_same_scan_sent_twice_counts_once() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (10, 1, at("09:00"), None),
        (20, 1, at("09:00"), at("09:20")),
        (20, 1, at("09:10"), at("09:30")),
    )
    (row,) = traced(scans).contacts.to_pylist()
    assert (row["exposures"], row["minutes"], row["imputed"]) == (1, 30, False)


def test_what_was_recorded_after_the_moment_asked_is_not_known() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00")), known=at("21:00")
    )
    assert people(traced(scans, until=at("20:00"))) == []
    assert people(traced(scans, until=at("21:00"))) == [20]


def test_a_household_member_needs_no_scan() -> None:
    result = traced(visits(), households=households((10, 20)))
    (row,) = result.contacts.to_pylist()
    assert (row["person"], row["rule_id"], row["household"]) == (20, "WHO-2.household", True)
    (evidence,) = result.exposures.to_pylist()
    assert (evidence["setting"], evidence["place"]) == ("household", None)
    assert evidence["time_to"] == CASE[3]


def test_a_place_with_too_many_becomes_a_notice_and_makes_no_contacts() -> None:
    crowd = [(100 + n, 1, at("09:00"), at("10:00")) for n in range(6)]
    scans = visits((10, 1, at("09:00"), at("10:00")), *crowd)
    result = traced(scans, rules=rules(heavy_place_persons=5))
    assert result.contacts.num_rows == 0
    (notice,) = result.notices.to_pylist()
    assert (notice["place"], notice["case_id"], notice["persons"]) == (1, 1, 6)
    assert people(traced(scans, rules=rules(heavy_place_persons=6))) == [100 + n for n in range(6)]


def test_second_degree_begins_with_the_first_exposure_of_the_contact() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (20, 1, at("09:00"), at("10:00")),
        (20, 2, at("07:00"), at("08:00")),
        (30, 2, at("07:00"), at("08:00")),  # met the contact before the case did
        (20, 3, at("12:00"), at("12:30")),
        (40, 3, at("12:00"), at("12:30")),
    )
    result = traced(scans)
    assert people(result, 2) == [40]
    row = result.contacts.to_pylist()[-1]
    assert (row["via_person"], row["rule_id"]) == (20, "WHO-6")
    assert people(traced(scans, rules=rules(degrees=1)), 2) == []


def test_second_degree_ends_with_the_isolation_of_the_contact() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (20, 1, at("09:00"), at("10:00")),
        (20, 3, at("12:00"), at("12:30")),
        (40, 3, at("12:00"), at("12:30")),
    )
    assert people(traced(scans, isolations=isolations((20, at("11:00")))), 2) == []


def test_second_degree_is_cut_at_the_cap_and_says_so() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (20, 1, at("09:00"), at("10:00")),
        (20, 3, at("12:00"), at("13:00")),
        *((100 + n, 3, at("12:00"), at(f"12:{15 + n}")) for n in range(5)),
    )
    result = traced(scans, rules=rules(second_cap_per_case=2))
    assert people(result, 2) == [104, 103]
    assert result.capped.to_pylist() == [{"case_id": 1, "found": 5, "kept": 2}]


def test_kinds_that_are_not_traced_at_second_degree_make_none() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (20, 1, at("09:00"), at("10:00")),
        (20, 3, at("12:00"), at("12:30")),
        (40, 3, at("12:00"), at("12:30")),
    )
    assert people(traced(scans, rules=rules(second_min_overlap_min={"school": 10})), 2) == []


def test_a_contact_who_is_a_case_himself_is_flagged() -> None:
    scans = visits((10, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00")))
    both = cases(CASE, (2, 20, at("00:00"), at("23:59")))
    rows = traced(scans, cases=both).contacts.to_pylist()
    assert [(row["case_id"], row["person"], row["is_case"]) for row in rows] == [
        (1, 20, True),
        (2, 10, True),
    ]


def test_somebody_in_two_places_at_once_is_flagged_as_data_trouble() -> None:
    scans = visits(
        (10, 1, at("09:00"), at("10:00")),
        (20, 1, at("09:00"), at("10:00")),
        (20, 2, at("09:30"), at("09:40")),
    )
    (row,) = traced(scans).contacts.to_pylist()
    assert row["two_places"]


def test_a_place_nobody_described_is_still_traced() -> None:
    scans = visits((10, 77, at("09:00"), at("10:00")), (20, 77, at("09:00"), at("10:00")))
    assert people(traced(scans)) == [20]


def test_parquet_files_give_the_same_answer_as_a_table(tmp_path: Path) -> None:
    scans = visits((10, 1, at("09:00"), None), (20, 1, at("09:10"), at("11:00")))
    paths = [tmp_path / f"day={n}.parquet" for n in range(2)]
    for n, path in enumerate(paths):
        pq.write_table(scans.slice(n, 1), path)
    assert traced(paths).contacts.equals(traced(scans).contacts)


def test_nothing_in_gives_nothing_out() -> None:
    result = traced([], cases=model.CASES.empty_table())
    assert result.contacts.schema == model.CONTACTS
    assert result.contacts.num_rows == result.exposures.num_rows == result.notices.num_rows == 0


def test_bad_input_is_refused_with_what_is_wrong() -> None:
    scans = visits()
    with pytest.raises(BadInput, match="window_to"):
        traced(scans, cases=cases(CASE).drop_columns(["window_to"]))
    with pytest.raises(BadInput, match="twice"):
        traced(scans, cases=cases(CASE, CASE))
    with pytest.raises(BadInput, match="ends before it begins"):
        traced(scans, cases=cases((1, 10, at("10:00"), at("09:00"))))
    with pytest.raises(BadInput, match="same kinds"):
        rules(max_stay_min={"market": 1})
    with pytest.raises(BadInput, match="time zone"):
        traced(scans, until=UNTIL.replace(tzinfo=None))


def test_the_window_of_a_case_reaches_back_from_onset_to_isolation() -> None:
    begin, end = model.infectious_window(
        anchor=at("00:00", day=3), isolated_from=None, rules=rules(), until=UNTIL
    )
    assert (begin, end) == (at("00:00", day=1), UNTIL)
