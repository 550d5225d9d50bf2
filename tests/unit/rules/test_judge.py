"""What a pack says of facts can be kept, and is the same when it is said again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests import packs_made

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.kernel.time import BEIJING
from zhongshu.rules import factlist, isolation, judge, judgement, reader, zones
from zhongshu.rules.model import Pack

NOW = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
SHIPPED = Path(reader.__file__).parent / "packs"


def test_only_the_facts_a_rule_looks_at_are_kept() -> None:
    pack = packs_made.pack()
    found = judge.judge(
        pack, "C-FEVER", {"fever_c": 38.2, "fever_at": NOW, "now": NOW, "age_years": 9}
    )
    assert found.held
    assert set(found.facts) == {"fever_c", "fever_at", "now"}
    assert found.outcome["colour"] == "yellow"
    assert found.outcome["until"] == "2022-11-12T00:00:00+08:00"


def test_a_missing_fact_makes_a_rule_not_hold_and_the_trace_says_unknown() -> None:
    found = judge.judge(packs_made.pack(), "C-FEVER", {"now": NOW})
    assert (found.held, found.trace.unknown, found.outcome) == (False, True, {})


def test_what_holds_comes_by_priority() -> None:
    facts = {"is_case": True, "contact_degree": 1, "zone_level": "high", "now": NOW}
    held = judge.judge_all(packs_made.pack(), "person", facts)
    assert [one.rule_id for one in held] == ["C-RED", "C-CONTACT", "C-ZONE"]


def test_a_rule_in_words_judges_nothing() -> None:
    with pytest.raises(BadInput, match="words only"):
        judge.judge(packs_made.pack(), "A-1", {})
    with pytest.raises(NotFound):
        judge.judge(packs_made.pack(), "NONE", {})


def test_the_conditions_of_a_release_are_told_one_by_one() -> None:
    pack = reader.load("cn-covid-9")
    facts = {
        "level": "high",
        "last_case_on": dt.date(2022, 11, 1),
        "all_negative_on": dt.date(2022, 11, 7),
        "now": NOW,
    }
    found = {one.id: one.held for one in judge.release(pack, "Z9-1", facts)}
    assert found == {"clean_days": True, "all_negative": False}
    assert not judge.judge_release(pack, "Z9-1", facts).held
    assert judge.judge_release(pack, "Z9-1", facts | {"all_negative_on": dt.date(2022, 11, 8)}).held


def test_any_of_several_conditions_is_enough_where_the_pack_says_any() -> None:
    facts = {"degree": 3, "is_case": True}
    assert judge.judge_release(packs_made.pack(), "anew", facts).held
    assert not judge.judge_release(packs_made.pack(), "anew", {"degree": 3}).held


def test_what_a_changed_pack_says_is_not_passed_off_as_what_was_said_then(tmp_path: Path) -> None:
    shutil.copytree(packs_made.FOLDER, tmp_path / "packs")
    file = tmp_path / "packs" / "made-up.yaml"
    stored = judge.judge(
        reader.load("made-up", folder=tmp_path / "packs"), "C-ZONE", {"zone_level": "high"}
    ).stored()
    assert judge.same(stored, judge.replay(stored, folder=tmp_path / "packs"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "made-up.yaml").write_text(file.read_text().replace("value: 37.3", "value: 38.3"))
    with pytest.raises(WrongState, match="has been changed"):
        judge.replay(stored, folder=other)
    with pytest.raises(BadInput):
        judge.replay({"rule_id": "C-ZONE"})


# Facts of which many rules hold, by the type of the fact.
SAMPLES: dict[str, Any] = {
    "moment": dt.datetime(2022, 11, 1, 9, tzinfo=BEIJING),
    "day": dt.date(2022, 11, 1),
    "number": 12,
    "flag": True,
    "text": "high",
    "path": "140000000000/140100000000/",
    "list": [],
}


def sample(subject: str) -> dict[str, Any]:
    facts = {one.name: SAMPLES[one.type] for one in factlist.subjects()[subject].facts.values()}
    return facts | {"now": NOW}


def versions(folder: Path) -> list[Pack]:
    return [
        pack
        for name in reader.pack_ids(folder=folder)
        for pack in reader.versions(name, folder=folder)
    ]


def everything_judged(pack: Pack) -> list[judge.Judgement]:
    """One judgement of every rule with logic, of every release, schedule, zone and figure."""
    found = []
    for rule in pack.rules.values():
        if rule.logic is None:
            found.append(judge.of_words(pack, rule.rule_id))
            continue
        facts = sample(rule.logic.of)
        found += [
            judge.judge(pack, rule.rule_id, facts),
            judge.judge_release(pack, rule.rule_id, facts),
        ]
    for schedule in pack.schedules.values():
        facts = sample(schedule.of) | {"degree": 1}
        judged = isolation.judge_days(pack, schedule.of, facts, on=dt.date(2022, 11, 9))
        found += [judge.judge_release(pack, schedule.id, facts), *([judged] if judged else [])]
    found += [judge.of_figure(pack, key) for key in pack.figures()]
    for level in zones.levels(pack):
        found.append(zones.judge_step(pack, sample("zone") | {"level": level}))
    return found


def test_every_judgement_of_every_version_is_the_same_after_later_amendments(
    tmp_path: Path,
) -> None:
    """Decided under every edition and amendment that ships, then amended once more."""
    folder = tmp_path / "packs"
    shutil.copytree(SHIPPED, folder)
    stored = {
        pack.version: [json.loads(json.dumps(one.stored())) for one in everything_judged(pack)]
        for pack in versions(folder)
    }
    later = tmp_path / "later"
    shutil.copytree(SHIPPED, later)
    for name in reader.pack_ids(folder=folder):
        assert amend(later, reader.versions(name, folder=folder)[-1]), name
    assert len(versions(later)) == len(versions(folder)) + len(reader.pack_ids(folder=folder))
    held = 0
    for version, ones in stored.items():
        assert ones, version
        for one in ones:
            again = judge.replay(one, folder=later)
            assert judge.same(one, again), (version, one["kind"], one["rule_id"], one["part"])
            assert again.facts == one["facts"]
            held += again.held and one["kind"] == judgement.RULE
    assert held > 100, "most samples hold of no rule: the test would prove little"


def amend(folder: Path, pack: Pack) -> bool:
    """One more amendment of the last version: every whole number one larger, a rule rewritten."""
    keys = [
        figure.key
        for figure in pack.figures().values()
        if isinstance(figure.value, int)
        and not isinstance(figure.value, bool)
        and figure.kind is None
        and figure.minimum is None
        and figure.maximum is None
    ][:3]
    after = max([pack.effective_from, *(one.effective_from for one in pack.amendments)])
    if pack.effective_to is not None and after >= pack.effective_to:
        return False
    lines = [
        f"id: {pack.id}-later",
        f"amends: {pack.amendments[-1].id if pack.amendments else pack.id}",
        "suffix: later",
        "edition: {zh: 合成的以后修订, en: A synthetic later amendment}",
        f"effective_from: {after + dt.timedelta(days=1)}",
        "sources: []",
        "transition: {zh: 不溯及, en: Not retroactive, mark: D, retroactive: false}",
        "rules: {LATER-1: {mark: D, zh: 以后新增, en: Added later}}",
        "figures:" if keys else "figures: {}",
        *(f"  {key}: {{value: {pack.value(key) + 1}, mark: D}}" for key in keys),
    ]
    (folder / f"{pack.id}-later.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return True
