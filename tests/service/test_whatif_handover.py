"""A province's comparison hands counties that pass the threshold to the model of persons."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.service import builders as b
from tests.service import ports, scenes
from zhongshu.engines.whatif import options
from zhongshu.jobs import whatif as job
from zhongshu.rules import reader
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import calibration, compute, handover, residents
from zhongshu.service.whatif import facade as whatif
from zhongshu.service.whatif.place import place

pytestmark = pytest.mark.django_db
FIRST = dt.date(2022, 11, 9)
FEWER = 25  # people for each here, so that the tests are quick
TRACED = options.Option(
    name="traced",
    tracing=options.Tracing(depth=1, delay_h=24, recall=0.5),
    isolation=options.Isolation(contacts="central", days=7, case_days=10),
    capacities=options.Capacities(rooms=(("room", 4000),)),
)


def cases(county: str, found_days_ago: list[int]) -> list[dict[str, Any]]:
    path = units.get(county).path
    return [
        {
            "case_id": n, "person": 10_000 + n, "unit": county, "unit_path": path,
            "onset_date": None, "reported_at": b.NOW - dt.timedelta(days=days),
            "confirmed_at": b.NOW - dt.timedelta(days=days),
        }
        for n, days in enumerate(found_days_ago)
    ]  # fmt: skip


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty cases on the last three days: too few days to calibrate, enough to hand over."""
    scenes.two_cities()
    whole = residents.margins

    def fewer(codes: tuple[str, ...]) -> Any:
        made = whole(codes)
        return dataclasses.replace(made, ages=made.ages // FEWER + 1)

    monkeypatch.setattr(residents, "margins", fewer)
    rows = cases(b.COUNTY, [1, 2, 3] * 10)
    open_cases = lambda _: pa.Table.from_pylist(rows)  # noqa: E731
    monkeypatch.setattr(calibration.cases, "open_cases", open_cases)
    monkeypatch.setattr(compute.place.people, "villages", lambda: pa.table({"village_code": []}))


def asked(*several: options.Option) -> dict[str, Any]:
    question = compute.Asked(b.CITY, b.NOW, 8, 20, "baseline", several)
    return compute.answer(question, lake=None, seed=4)  # type: ignore[arg-type]


def series(told: dict[str, Any], option: str, measure: str) -> list[float]:
    (one,) = (s for s in told["series"] if (s["option"], s["measure"]) == (option, measure))
    return list(one["mean"])


def test_a_county_with_enough_registered_cases_is_persons_from_the_first_day(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(options.BASELINE, TRACED)
    (one,) = told["handover"]["counties"]
    threshold = reader.load("what-if").number("whatif.counties.handover_cases")
    assert told["handover"]["threshold"] == threshold <= 30
    assert (one["code"], one["registered"], one["reason"]) == (b.COUNTY, 30, "registered")
    assert one["name"] == place(units.get(b.COUNTY)).counties[0].name
    assert [(row["option"], row["share"], row["day_q50"]) for row in one["options"]] == [
        ("baseline", 1.0, FIRST.isoformat()), ("traced", 1.0, FIRST.isoformat()),
    ]  # fmt: skip
    assert (one["synthetic"], one["people"]) == (True, residents.margins((b.COUNTY,)).ages.sum())
    assert one["transmission"] > 0
    assert told["engine"] == "counties"
    assert "counties_handed" in told["notes"]
    assert series(told, "traced", "detected_in_quarantine")[2] > 0
    # Persons say on which day a vehicle or a room is short; counts alone the same as ever.
    monkeypatch.setattr(handover, "_taken", lambda *_, **__: ([], []))
    counts = asked(options.BASELINE, TRACED)
    assert counts["handover"]["counties"] == []
    assert "counties_handed" not in counts["notes"]
    assert series(counts, "baseline", "infections") != series(told, "baseline", "infections")


def test_a_county_that_passes_later_says_from_which_day_and_how_often(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        calibration.cases,
        "open_cases",
        lambda _: pa.Table.from_pylist(cases(b.COUNTY, [1, 2, 3] * 6)),
    )
    told = asked(options.BASELINE)
    (one,) = told["handover"]["counties"]
    (row,) = one["options"]
    assert (one["registered"], one["reason"]) == (18, "simulated")
    assert 0 < row["share"] <= 1
    assert FIRST.isoformat() < row["day_q10"] <= row["day_q50"] <= row["day_q90"]
    assert row["day_q90"] <= told["days"][-1]


def test_a_county_without_persons_to_simulate_stays_counts_and_is_told(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = residents.of

    def others(*given: Any, **more: Any) -> Any:
        made = whole(*given, **more)
        there = residents.margins((b.COUNTY,))
        half = dataclasses.replace(there, ages=there.ages // 2)
        return dataclasses.replace(made, population=residents.synthetic.synthetic(half, seed=1))

    monkeypatch.setattr(residents, "of", others)
    told = asked(options.BASELINE)
    assert told["handover"]["counties"] == []
    (left,) = told["handover"]["left"]
    assert (left["code"], left["reason"]) == (b.COUNTY, "no_people")
    assert np.isclose(left["options"][0]["share"], 1.0)


def test_the_counties_handed_over_are_told_through_the_door(many: None) -> None:
    client = scenes.signed_in((b.CITY, "epidemiologist"))
    lock = {"name": "lock", "areas": [{"units": [b.COUNTY], "release_clear_d": 3}]}
    body = scenes.question(b.CITY, days=5, options=[{"name": "nothing"}, lock])
    number = scenes.post(client, "/whatif", body, key="k").json()["id"]
    assert ports.compared == [number]
    job.run(number)
    told = scenes.get(client, f"/whatif/{number}").json()
    assert (told["state"], told["refusal"]) == ("done", None)
    (one,) = told["answer"]["handover"]["counties"]
    assert one["options"][0]["day_q50"] == FIRST.isoformat()
    assert whatif.get(number, b.scope()).answer is not None
