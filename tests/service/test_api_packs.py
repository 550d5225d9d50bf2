"""The packs over HTTP: what holds where, what changed, what a rule says of invented facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules import reader

pytestmark = pytest.mark.django_db
SMALL = Path(__file__).parents[1] / "data" / "small_packs"
IN_2020 = "2020-07-01T12:00:00+08:00"


@pytest.fixture
def local(tmp_path):
    """The small pack of the tests, with an overlay of the city, as this installation's own."""
    for file in SMALL.iterdir():
        text = file.read_text(encoding="utf-8").replace("140100000000", b.CITY)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text('sources: {local1: "x"}\n')
    for file in tmp_path.glob("cold*"):
        text = file.read_text("utf-8").replace('sources: ["1"]', "sources: []")
        file.write_text(text.replace('mark: V, source: ["1"]', "mark: R"), encoding="utf-8")
    reader.use_local(tmp_path)
    yield tmp_path
    reader.use_local(None)


def signed_in(unit=b.CITY):
    scenes.two_cities()
    return scenes.signed_in((unit, "epidemiologist"))


def test_the_list_has_every_pack_and_says_which_version_is_in_force(local):
    client = signed_in()
    listed = {one["id"]: one for one in scenes.get(client, "/packs", as_of=IN_2020).json()}
    assert set(listed) == set(reader.pack_ids())
    assert listed["cold"]["version"] == "cold+one+taiyuan"
    assert listed["cold"]["in_force"] is True
    assert (listed["cn-covid-9"]["version"], listed["cn-covid-9"]["in_force"]) == (None, False)
    for one in listed.values():
        assert 0 <= one["verified_figures"] <= one["figures"]
        assert one["edition"]["zh"]


def test_a_pack_is_shown_whole_with_the_overlay_of_the_unit(local):
    client = signed_in()
    pack = scenes.get(client, "/packs/cold", as_of=IN_2020).json()
    figures = {one["key"]: one for one in pack["figures"]}
    assert figures["threshold.cases"]["value"] == 20
    assert figures["threshold.cases"]["set_by"] == "cold-taiyuan"
    assert (figures["threshold.cases"]["minimum"], figures["threshold.cases"]["stricter"]) == (
        10,
        "lower",
    )
    rules = {one["rule_id"]: one for one in pack["rules"]}
    assert rules["C-2"]["then"]["colour"] == "red"
    assert rules["C-2"]["release"]["all"][0]["id"] == "days"
    assert rules["C-1"]["when"] is None
    clocks = {one["id"]: one for one in pack["clocks"]}
    assert clocks["report"]["length"] == {"key": "report.h", "value": 2, "unit": "h"}
    (schedule,) = pack["schedules"]
    assert schedule["stages"][0]["test_days"]["value"] == [1, 3, 7]
    (threshold,) = pack["thresholds"]
    assert threshold["any"][0]["at_least"]["value"] == 20
    (escalation,) = pack["escalations"]
    assert [step["at_pct"]["value"] for step in escalation["steps"]] == [50, 80]
    assert [one["id"] for one in pack["amendments"]] == ["cold-1", "cold-taiyuan"]
    assert pack["amendments"][1]["jurisdiction"] == b.CITY
    assert pack["versions"] == ["cold", "cold+one"]


def test_elsewhere_the_overlay_does_not_hold(local):
    client = signed_in(b.OTHER_CITY)
    pack = scenes.get(client, "/packs/cold", as_of=IN_2020).json()
    assert pack["version"] == "cold+one"


def test_a_pack_that_ended_can_still_be_read():
    client = signed_in()
    pack = scenes.get(client, "/packs/cn-covid-9", as_of="2024-01-01T00:00:00+08:00").json()
    assert pack["version"] == "cn-covid-9+20+10"


def test_every_pack_that_ships_can_be_shown():
    client = signed_in()
    for pack_id in reader.pack_ids():
        answer = scenes.get(client, f"/packs/{pack_id}")
        assert answer.status_code == 200, pack_id
        assert answer.json()["rules"], pack_id


def test_the_difference_of_two_versions_is_told_entry_by_entry():
    client = signed_in()
    answer = scenes.get(
        client, "/packs/cn-covid-9/diff", **{"from": "cn-covid-9", "to": "cn-covid-9+20"}
    )
    changes = {(one["section"], one["key"]): one for one in answer.json()["changes"]}
    days = changes["figures", "isolation.close_contact.central_days"]
    assert (days["what"], days["before"]["value"], days["after"]["value"]) == ("changed", 7, 5)
    assert days["rule_id"] == "ISO-1"
    gone = changes["figures", "isolation.second.home_days"]
    assert (gone["what"], gone["after"]) == ("removed", None)


def test_versions_of_another_pack_or_of_none_are_not_there():
    client = signed_in()
    for asked in ({"from": "x", "to": "cn-covid-9"}, {"from": "cn-covid-9", "to": "cholera"}):
        answer = scenes.get(client, "/packs/cn-covid-9/diff", **asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "packs.unknown")


@pytest.mark.parametrize(("is_case", "held"), [(True, True), (False, False)])
def test_a_rule_can_be_tried_on_invented_facts(local, is_case, held):
    client = signed_in()
    facts = {"is_case": is_case, "last_exposure": "2020-07-01T08:00:00+08:00"}
    body = {"rule_id": "C-2", "facts": facts, "as_of": IN_2020}
    answer = scenes.post(client, "/packs/cold/judge", body).json()
    assert answer["held"] is held
    assert answer["version"] == "cold+one"
    assert answer["trace"]["op"] == "==="
    if held:
        assert answer["outcome"]["until"] == "2020-07-08T08:00:00+08:00"


@pytest.mark.parametrize(
    ("rule_id", "status", "code"),
    [("C-9", 404, "packs.no_rule"), ("C-1", 400, "rules.no_logic")],
)
def test_a_rule_that_judges_nothing_says_so(local, rule_id, status, code):
    client = signed_in()
    answer = scenes.post(client, "/packs/cold/judge", {"rule_id": rule_id, "facts": {}})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
