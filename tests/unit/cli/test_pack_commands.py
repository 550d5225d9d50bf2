"""`zhongshu pack`: what it prints and with which exit code."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhongshu.cli.main import _app
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules import reader

SMALL = Path(__file__).parents[2] / "data" / "small_packs"


class Here:
    def wall(self):
        return dt.datetime(2022, 11, 12, 4, tzinfo=dt.UTC)


def run(*words):
    return CliRunner().invoke(_app, ["pack", *map(str, words)], obj=Here())


def test_sound_files_are_counted_and_end_well():
    done = run("lint", SMALL)
    assert (done.exit_code, done.output.strip()) == (0, "4 files: no mistakes")


def test_what_ships_is_sound_and_every_pack_counts():
    done = run("lint")
    assert (done.exit_code, done.output.strip()) == (
        0,
        f"{len(reader.pack_ids())} packs: no mistakes",
    )


def test_each_mistake_is_one_line_with_file_and_line_and_the_exit_code_is_that_of_a_refusal(
    tmp_path,
):
    shutil.copytree(SMALL, tmp_path / "p")
    file = tmp_path / "p" / "cold.yaml"
    text = file.read_text("utf-8").replace("value: 7, unit: d", "value: 70, unit: d")
    file.write_text(text.replace("{var: degree}", "{var: degre}"), "utf-8")
    done = run("lint", tmp_path / "p")
    assert done.exit_code == 2
    lines = done.output.strip().splitlines()
    assert lines[-1] == "4 files: 2 mistakes"
    places = [line.partition(": ")[0] for line in lines[:-1]]
    keys = ["figures > cold.days", "schedules > contact > when > === > 0 > var"]
    written = file.read_text("utf-8").splitlines()
    for place, key, marked in zip(places, keys, ("cold.days: {", "when: {"), strict=True):
        name, line, told = place.split(", ")
        assert (name, told) == (str(file), key)
        assert marked in written[int(line.removeprefix("line ")) - 1]


def test_remarks_are_shown_only_when_asked_for(tmp_path):
    shutil.copytree(SMALL, tmp_path / "p")
    file = tmp_path / "p" / "cold.yaml"
    text = file.read_text("utf-8").replace("  C-3:", "  C-4: {mark: D, zh: 空, en: Idle}\n  C-3:")
    file.write_text(text, "utf-8")
    assert "C-4" not in run("lint", tmp_path / "p").output
    done = run("lint", "--remarks", tmp_path / "p")
    assert done.exit_code == 0
    assert "C-4" in done.output
    assert "(remark)" in done.output


def test_a_copy_of_what_ships_is_judged_alone(tmp_path):
    shutil.copytree(reader.SHIPPED, tmp_path / "p")
    assert run("lint", "--alone", tmp_path / "p").exit_code == 0
    assert "is already that of" in run("lint", tmp_path / "p").output


def test_a_file_that_is_not_there_is_a_refusal():
    done = run("lint", "/nonesuch.yaml")
    assert isinstance(done.exception, BadInput)
    assert done.exception.code == "packs.no_file"


def test_the_list_says_which_version_is_in_force_on_the_day():
    done = run("list")
    (line,) = [line for line in done.output.splitlines() if "cn-covid-9 " in line]
    assert "cn-covid-9+20" in line


@pytest.mark.parametrize("pack_id", reader.pack_ids())
def test_every_pack_can_be_shown_whole(pack_id):
    done = run("show", pack_id)
    assert done.exit_code == 0
    pack = reader.to_read(pack_id, dt.date(2022, 11, 12))
    assert f"{len(pack.figures())} figures" in done.output
    for section, parts in pack.sections():
        for name in parts:
            assert name in done.output or section == "rules", name


def test_the_difference_names_what_is_other_and_only_that():
    done = run("diff", "cn-covid-9", "cn-covid-9+20")
    (line,) = [one for one in done.output.splitlines() if "value 7, minimum 7" in one]
    assert "figures" in line
    assert "changed" in line
    assert "value 5, minimum 5" in line
    assert "unit" not in line


def test_a_rule_is_explained_in_words_with_its_figures_and_sources():
    done = run("explain", "cn-covid-9", "ISO-1")
    pack = reader.load("cn-covid-9+20")
    assert pack.rule("ISO-1").text.zh[:20] in done.output
    assert "cn-covid-9+20" in done.output
    assert "isolation.close_contact.central_days" in done.output
    assert "[5] " in done.output


@pytest.mark.parametrize(("degree", "said"), [(1, "holds"), (2, "does not hold")])
def test_with_facts_it_says_what_the_rule_says_of_them_and_why(tmp_path, degree, said):
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps({"contact_degree": degree, "last_exposure": "2022-11-10T08:00+08:00"})
    )
    done = run("explain", "cn-covid-9", "HC-3-CONTACT", "--facts", facts)
    assert done.exit_code == 0, done.exception
    assert f"\n{said}\n" in done.output
    assert f"Degree of contact {degree}" in done.output
    assert f"接触层级 {degree}" in done.output
    assert "===" not in done.output
    assert done.output.count("then: the code becomes red") == (2 if degree == 1 else 1)


def test_what_cannot_be_explained_is_refused(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text("[1")
    assert isinstance(run("explain").exception, BadInput)
    assert isinstance(run("explain", "cn-covid-9", "X-1").exception, NotFound)
    bad = run("explain", "cn-covid-9", "ISO-1", "--facts", facts)
    assert isinstance(bad.exception, BadInput)
    assert bad.exception.code == "packs.facts"


def test_an_outcome_is_said_in_words_and_clocks_by_their_names():
    done = run("explain", "cn-covid-9", "ISO-1")
    assert "then: measure central isolation" in done.output
    assert "则: 时限开始 密接管控" in done.output
    assert "measure:" not in done.output


def test_read_recalled_and_our_own_design_are_told_apart():
    done = run("show", "cn-covid-9")
    for words in ("V read", "R recalled", "D our design"):
        assert words in done.output
    assert "unverified" not in done.output + run("list").output


def test_a_pack_that_has_ended_or_not_begun_says_so():
    ended = run("show", "cn-covid-9", "--on", "2025-01-01").output
    assert "cn-covid-9 ended on 2023-01-07" in ended
    assert "cn-covid-9 begins on" in run("show", "cn-covid-9", "--on", "2020-01-01").output
    assert "ended on" not in run("show", "cn-covid-9", "--on", "2022-12-31").output
