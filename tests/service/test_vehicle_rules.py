"""From two tickets to a contact: the vehicle rules of the 9th edition, one row per case."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from tests.unit.intake import feed_files as feeds
from zhongshu.engines.tracing import model, solve
from zhongshu.rules import reader
from zhongshu.service.periods.cycle import rulebook

PACK = reader.load("cn-covid-9")
DAY = dt.date(2022, 11, 1)
BEGIN, UNTIL = feeds.RECEIVED - dt.timedelta(days=14), feeds.RECEIVED
# Tickets as vehicle number class sealed carriage seat, "-" for blank; the other's; rule or nobody
RIDES = [
    ("aircraft CA1 - - - 12A", "aircraft CA1 - - - 12F", "WHO-3"),
    ("aircraft CA1 - - - 12A", "aircraft CA1 - - - 15C", "WHO-3"),
    ("aircraft CA1 - - - 12A", "aircraft CA1 - - - 9C", "WHO-3"),
    ("aircraft CA1 - - - 12A", "aircraft CA1 - - - 16C", None),
    ("aircraft CA1 - - - 12A", "aircraft CA1 - - - -", "WHO-3"),  # crew
    ("aircraft CA1 - - - 12A", "aircraft CA2 - - - 12A", None),
    ("train G1 second - 05 7F", "train G1 second - 05 90A", "WHO-4"),
    ("train G1 second - 05 7F", "train G1 second - 06 7F", None),
    ("train G1 second - 05 7F", "train Ｇ1次 second - 5车厢 1A", "WHO-4"),
    ("train G1 second - 05 7F", "train G1 - - - -", "WHO-4"),  # crew
    ("train Z1 soft_sleeper - 09 1", "train Z1 soft_sleeper - 09 4", "WHO-4"),
    ("train Z1 soft_sleeper - 09 4", "train Z1 soft_sleeper - 09 5", None),
    ("train 1461 hard_sleeper no 05 3号上铺", "train 1461 hard_sleeper no 05 6号下铺", "WHO-4"),
    ("train 1461 hard_sleeper no 05 3号上铺", "train 1461 hard_sleeper no 05 7号下铺", None),
    ("train 1461 hard_sleeper no 05 1号上铺", "train 1461 hard_sleeper no 06 1号上铺", None),
    ("train 1461 hard_seat no 05 -", "train 1461 hard_seat no 06 -", None),
    ("coach 晋A1 - yes - 1", "coach 晋A1 - yes - 40", "WHO-5"),
    ("coach 晋A1 - no - 3排2座", "coach 晋A1 - no - 6排1座", "WHO-5"),
    ("coach 晋A1 - no - 3排2座", "coach 晋A1 - no - 7排1座", None),
    ("coach 晋A1 - no - 3排2座", "coach 晋A1 - no - -", "WHO-5"),  # the driver
    ("ship 长江1 - - 203 -", "ship 长江1 - - 203 -", "WHO-5"),
    ("ship 长江1 - - 203 -", "ship 长江1 - - 204 -", None),
    ("ship 长江1 - - 203 -", "ship 长江1 - - - -", "WHO-5"),  # serving crew
]


def ticket(serial: int, text: str) -> dict[str, str]:
    names = ("vehicle", "number", "class", "sealed", "carriage", "seat")
    said = {
        name: "" if cell == "-" else cell for name, cell in zip(names, text.split(), strict=True)
    }
    times = {"board_at": "2022-11-01 08:00", "alight_at": "2022-11-01 10:00"}
    return said | times | {"id_no": feeds.id_no(serial), "recorded_at": "2022-11-01 10:00"}


def asked(desk: feeds.Desk, rules: model.TraceRules) -> pa.Table:
    """Contacts of person 1, whose window is the fortnight before."""
    (person,) = desk.registers.pseudonyms(pa.array([feeds.id_no(1)])).to_pylist()
    case = {"case_id": 1, "person": person, "window_from": BEGIN, "window_to": UNTIL}
    return solve.trace(
        pa.Table.from_pylist([case], schema=model.CASES),
        visits=desk.lake.visits(DAY, DAY),
        places=desk.lake.places(),
        households=model.HOUSEHOLDS.empty_table(),
        rules=rules,
        until=UNTIL,
    ).contacts


@pytest.mark.parametrize(("mine", "other", "rule"), RIDES)
def test_who_rode_near_the_case_is_his_contact(
    tmp_path: Path, mine: str, other: str, rule: str | None
) -> None:
    desk = feeds.Desk(tmp_path)
    feeds.write_csv(desk.feeds / "journeys.csv", [ticket(1, mine), ticket(2, other)])
    assert desk.one().counts.accepted == 2
    found = asked(desk, rulebook.trace_rules(PACK))
    assert found["rule_id"].to_pylist() == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("minutes", "metres", "companion"), [(10, 5, False), (11, 5, True), (30, 2000, False)]
)
def test_a_companion_shared_the_cell_for_more_than_ten_minutes(
    tmp_path: Path, minutes: int, metres: int, companion: bool
) -> None:
    desk = feeds.Desk(tmp_path)
    rows = [
        {
            "id_no": feeds.id_no(serial),
            "lon": "112.5500",
            "lat": f"{37.8700 + north:.6f}",
            "time_in": "2022-11-01 08:00",
            "time_out": f"2022-11-01 08:{stay}",
            "recorded_at": "2022-11-01 09:00",
        }
        for serial, stay, north in ((1, 59, 0.0), (2, minutes, metres / 111_195))
    ]
    feeds.write_csv(desk.feeds / "cells.csv", rows)
    assert desk.one().counts.accepted == 2
    found = asked(desk, rulebook.companion_rules(PACK))
    assert found["rule_id"].to_pylist() == (["WHO-8"] if companion else [])
    assert asked(desk, rulebook.trace_rules(PACK)).num_rows == 0  # no close contact
