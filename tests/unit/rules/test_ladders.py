"""One ladder for all packs: whose, since when, where, and what is said where it is missing."""

import dataclasses
import datetime as dt
import shutil

import pytest

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import clocks, publishing, reader

CHAIN, STANDARD = "chain-of-command", [50, 80, 100, 150]
BEFORE, AFTER = dt.date(2022, 11, 30), dt.date(2022, 12, 1)
PROVINCE, CITY = "140000000000/", "140000000000/140100000000/"
AMENDED = """
id: chain-of-command-1
amends: chain-of-command
suffix: one
edition: {zh: 合成的修订, en: A synthetic amendment}
effective_from: 2022-12-01
sources: []
transition: {retroactive: true, mark: D, zh: 已起算的一并适用, en: Also for clocks that run}
figures:
  directive.remind_pct: {value: 40, mark: D}
"""
OVERLAID = """
id: chain-of-command-taiyuan
overlays: chain-of-command
suffix: taiyuan
edition: {zh: 合成的地方规定, en: A synthetic local rule}
effective_from: 2022-12-01
sources: []
jurisdiction: "140100000000"
figures:
  directive.remind_pct: {value: 20, mark: D}
"""


@pytest.fixture
def folder(tmp_path):
    """A copy of some packs that ship, to lay others upon."""
    for name in (CHAIN, "cholera", "typhoid", "sources"):
        shutil.copy(reader.SHIPPED / f"{name}.yaml", tmp_path)
    return tmp_path


def ladder(pack, clock, *, folder, on, path=""):
    command = reader.command(on=on, path=path, folder=folder)
    rungs = clocks.ladder(pack.clocks[clock], pack=pack, command=command)
    return [rung.pct for rung in rungs]


def test_only_the_chain_of_command_has_a_ladder_and_its_figures():
    steps = reader.load(CHAIN).escalations["standard"].steps
    keys = {step.at_pct for step in steps}
    assert len(keys) == len(STANDARD)
    for pack_id in reader.pack_ids():
        for pack in reader.versions(pack_id):
            if pack_id != CHAIN:
                assert not pack.escalations, pack.version
                assert not keys & set(pack.figures()), pack.version


def test_every_clock_that_escalates_has_its_steps_on_every_day_of_its_pack():
    seen = 0
    for pack_id in reader.pack_ids():
        for pack in reader.versions(pack_id):
            last = pack.amendments[-1] if pack.amendments else pack
            command = reader.command(on=last.effective_from)
            for clock in pack.clocks.values():
                found = clocks.ladder(clock, pack=pack, command=command)
                assert [rung.pct for rung in found] == (STANDARD if clock.escalate else [])
                seen += bool(clock.escalate)
    assert seen > 100


def test_one_amendment_of_one_figure_moves_the_clocks_of_all_packs_from_its_day(folder):
    (folder / "one.yaml").write_text(AMENDED, encoding="utf-8")
    assert reader.problems(folder=folder) == ()
    for pack_id, clock in (("cholera", "event-report"), ("typhoid", "event-report")):
        pack = reader.load(pack_id, folder=folder)
        assert ladder(pack, clock, folder=folder, on=BEFORE) == STANDARD
        assert ladder(pack, clock, folder=folder, on=AFTER) == [40, *STANDARD[1:]]


def test_an_amendment_that_does_not_reach_back_leaves_what_began_before_it(folder):
    text = AMENDED.replace("retroactive: true", "retroactive: false")
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    found = {
        since: reader.command(on=AFTER, since=since, folder=folder).value("directive.remind_pct")
        for since in (BEFORE, AFTER)
    }
    assert found == {BEFORE: 50, AFTER: 40}


def test_a_city_may_have_itself_reminded_earlier_and_nobody_else(folder):
    (folder / "taiyuan.yaml").write_text(OVERLAID, encoding="utf-8")
    assert reader.problems(folder=folder) == ()
    pack = reader.load("cholera", folder=folder)
    here = {"folder": folder, "on": AFTER}
    assert ladder(pack, "event-report", path=CITY, **here) == [20, *STANDARD[1:]]
    assert ladder(pack, "event-report", path=PROVINCE, **here) == STANDARD


@pytest.mark.parametrize(
    ("write", "said"),
    [
        ("directive.remind_pct: {value: 60, mark: D}", "stricter"),
        ("directive.remind_pct: {value: 5, mark: D}", "5"),
        ("directive.escalate_pct: {value: 90, mark: D}", "may_tighten"),
    ],
)
def test_a_unit_below_neither_waits_longer_nor_calls_its_superiors_earlier(folder, write, said):
    text = OVERLAID.replace("directive.remind_pct: {value: 20, mark: D}", write)
    (folder / "taiyuan.yaml").write_text(text, encoding="utf-8")
    (problem,) = reader.problems(folder=folder)
    assert said in problem.what


def test_a_packs_own_escalation_goes_before_the_chain_of_commands():
    chain, pack = reader.load(CHAIN), reader.load("cholera")
    steps = chain.escalations["standard"].steps[:1]
    own = dataclasses.replace(chain.escalations["standard"], steps=steps)
    figures = pack.figures() | {"directive.remind_pct": chain.figure("directive.remind_pct")}
    other = dataclasses.replace(pack, escalations={"standard": own}, _figures=figures)
    clock = other.clocks["event-report"]
    assert [one.step for one in clocks.ladder(clock, pack=other, command=chain)] == ["remind"]
    assert [source.id for source, _ in clocks.escalations(other, command=chain)] == ["cholera"]
    assert [source.id for source, _ in clocks.escalations(pack, command=chain)] == [CHAIN]
    with pytest.raises(NotFound, match="'standard'"):
        clocks.ladder(clock, pack=pack, command=None)


def problems(folder, text, *, name=CHAIN):
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return reader.problems(folder=folder)


def chain():
    return (reader.SHIPPED / f"{CHAIN}.yaml").read_text(encoding="utf-8")


def test_a_name_nobody_has_is_told_where_it_stands(folder):
    text = (folder / "cholera.yaml").read_text(encoding="utf-8")
    (problem,) = problems(folder, text.replace("standard", "standrad"), name="cholera")
    assert str(problem).startswith("cholera.yaml")
    assert problem.key == "clocks > event-report > escalate"
    assert "no escalation 'standrad'; did you mean 'standard'?" in problem.what


def test_a_chain_of_command_that_begins_too_late_is_told_at_the_packs(folder):
    found = problems(folder, chain().replace("effective_from: 2000", "effective_from: 2010"))
    assert {problem.file for problem in found} == {"cholera.yaml", "typhoid.yaml"}
    assert "on 2006-02-26 there is no escalation 'standard'" in found[0].what


def test_a_chain_of_command_that_ends_is_told_once_where_it_ends(folder):
    (found,) = problems(folder, chain().replace("effective_to: null", "effective_to: 2022-11-30"))
    assert (found.file, found.key) == (f"{CHAIN}.yaml", "effective_to")
    assert "'standard' is still named by chain-of-command, cholera" not in found.what
    assert "'standard' is still named by cholera, typhoid" in found.what


def test_an_amendment_that_takes_the_ladder_away_is_told_once_at_its_line(folder):
    text = AMENDED.replace("figures:", "drop: {escalations: [standard]}\nfigures:")
    (found,) = problems(folder, text, name="one")
    assert (found.file, found.key) == ("one.yaml", "drop > escalations")
    assert "still named by chain-of-command, cholera, typhoid" in found.what


def test_counts_below_the_figure_of_the_pack_for_privacy_are_not_shown():
    retention = reader.load("retention")
    assert publishing.suppress_below(AFTER) == retention.value("publish.suppress_below")
    for pack_id in reader.pack_ids():
        for pack in reader.versions(pack_id):
            assert pack_id == "retention" or not any(
                key.endswith(("suppress_below", "venue_keep_days")) for key in pack.figures()
            ), pack.version
    with pytest.raises(NotFound):
        publishing.suppress_below(dt.date(2010, 1, 1))
