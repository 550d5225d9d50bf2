"""Every edition of the pack gives every engine its rules, and no figure is made on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import reader, zones
from zhongshu.rules.model import Pack
from zhongshu.service.kit import dispatchrules
from zhongshu.service.periods.cycle import editions, rulebook
from zhongshu.service.periods.cycle.words import catalogue

EDITIONS = {
    "cn-covid-8": dt.date(2021, 6, 1),
    "cn-covid-8+zones+guide2": dt.date(2022, 3, 1),
    "cn-covid-9": dt.date(2022, 11, 8),
    "cn-covid-9+20": dt.date(2022, 11, 12),
    "cn-covid-9+20+10": dt.date(2022, 12, 8),
}


@pytest.fixture(params=EDITIONS.items(), ids=EDITIONS)
def pack(request: pytest.FixtureRequest) -> Pack:
    version, day = request.param
    found = reader.applicable(disease="covid-19", on=day)
    assert found.version == version
    return found


def test_every_engine_gets_rules(pack: Pack) -> None:
    assert rulebook.trace_rules(pack).degrees == pack.value("trace.degrees")
    assert dispatchrules.room_rules(pack).reserve_share == pack.value("site.reserve_share")
    assert rulebook.ears(pack).threshold_z == pack.value("warning.threshold_sd")
    assert rulebook.rt_params(pack).si_mean == pack.value("estimate.serial_interval_mean")
    assert dispatchrules.round_rules(pack).pool_max == pack.value("test.pool_size_max")
    care = reader.applicable(disease=reader.ANY, topic="dispatch", on=dt.date(2022, 11, 8))
    supply = dispatchrules.network_rules(pack, care)
    assert supply.kept_days("n95") == pack.value("supply.days_of_cover.n95")
    start = dt.datetime(2022, 11, 8, 21, tzinfo=BEIJING)
    assert dispatchrules.trip_rules(pack, start=start).start == start


def test_rules_named_in_reasons_are_there(pack: Pack) -> None:
    """By rule alone where no figure stands behind the reason."""
    assert {"SITE-1", "SITE-5", "TRANS-D", "SUP-D", "HOSP-7"} <= set(pack.rules)


def test_an_edition_without_medium_areas_draws_none(pack: Pack) -> None:
    if not zones.levels(pack):
        left = editions.without("zone", pack)
        assert left is not None
        assert left.proposes == ("zone", "colour")
        return
    rules = rulebook.zone_rules(pack)
    assert (rules.medium is not None) == ("medium" in zones.levels(pack))
    assert rules.high.clean_days == pack.value("zone.high.release_clean_days")


def test_an_edition_that_traces_one_degree_asks_for_one(pack: Pack) -> None:
    rules = rulebook.trace_rules(pack)
    if rules.degrees == 1:
        assert rules.second_min_overlap_min is None


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_message_has_both_languages_and_the_same_facts(key: str) -> None:
    message = catalogue()[key]
    assert set(message) == {"zh", "en"}
    facts = [
        {part.split("}")[0] for part in message[language].split("{")[1:]}
        for language in ("zh", "en")
    ]
    if key != "step.refused":  # the English sentence comes from the refusal itself
        assert facts[0] - facts[1] <= {"pool"}, key
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in message["en"]), key
