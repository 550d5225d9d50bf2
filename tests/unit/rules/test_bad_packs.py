"""Each bad pack is refused with a sentence and the number of the line to mend."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
import yaml

from zhongshu.kernel.errors import BadInput
from zhongshu.rules import reader
from zhongshu.rules.packfiles import library
from zhongshu.rules.packfiles.checks import literals

SHIPPED = Path(reader.__file__).parent / "packs"

DATA = Path(__file__).parents[2] / "data"
FILES = {file.name: file.read_text(encoding="utf-8") for file in (DATA / "small_packs").iterdir()}
MISTAKES = yaml.safe_load((DATA / "small_packs_bad.yaml").read_text(encoding="utf-8"))
B, A, C = "cold.yaml", "cold-1.yaml", "cold-taiyuan.yaml"
BASE, AMENDMENT, OVERLAY = FILES[B], FILES[A], FILES[C]


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in reader.problems(folder=folder) if not problem.remark]


def test_the_pack_that_the_mistakes_are_made_in_is_sound(tmp_path):
    assert told(written(tmp_path, FILES)) == []


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: row["says"][:40])
def test_a_mistake_is_told_with_its_file_its_line_and_a_sentence(tmp_path, row):
    assert row["where"] in FILES[row["file"]]
    text = FILES[row["file"]].replace(row["where"], row["write"], 1)
    folder = written(tmp_path, {**FILES, row["file"]: text})
    found = reader.problems(folder=folder)
    lines = text.splitlines()
    hits = [
        one
        for one in found
        if row["says"] in one.what
        and one.file == row["file"]
        and row["line"] in lines[one.line - 1]
        and not one.remark
    ]
    assert hits, "\n".join(map(str, found))


def test_every_mistake_of_a_file_is_told_not_only_the_first(tmp_path):
    text = (
        BASE.replace("disease: cold", "disease: cold\ncolour: red")
        .replace("value: 7, unit: d, rule: C-1", "value: 12, unit: d, rule: C-1")
        .replace("report: event-report}", "report: event-raport}")
        .replace("{var: degree}", "{var: degre}")
        .replace("C-3: {mark: R", "C-3: {mark: X")
    )
    found = told(written(tmp_path, {**FILES, B: text}))
    for said in ("'colour'", "outside its own bounds", "'event-raport'", "'degre'", '"X"'):
        assert sum(said in one for one in found) == 1, (said, found)
    # The rule that could not be read is not told again for each figure that names it.
    assert not any("C-3 is not described" in one for one in found)


def test_a_pack_with_a_mistake_is_refused_by_the_reader_and_another_is_not(tmp_path):
    warm = BASE.replace("id: cold", "id: warm").replace("disease: cold", "disease: warm")
    folder = written(
        tmp_path, {**FILES, B: BASE.replace("disease: cold", "diseas: cold"), "warm.yaml": warm}
    )
    with pytest.raises(BadInput, match=r"cold\.yaml, line 1.*'disease' is missing"):
        reader.load("cold", folder=folder)
    assert reader.load("warm", folder=folder).disease == "warm"


SECOND = AMENDMENT.replace("cold-1", "cold-2").replace("suffix: one", "suffix: two")


def test_two_amendments_of_one_day_that_touch_the_same_thing_need_an_order(tmp_path):
    (found,) = told(written(tmp_path, {**FILES, "cold-2.yaml": SECOND}))
    assert found.startswith("cold-2.yaml, line 8, figures > cold.home_days: cold-1 begins on the")
    ordered = SECOND.replace("amends: cold", "amends: cold-1").replace("value: 5", "value: 4")
    folder = written(tmp_path, {"cold-2.yaml": ordered})
    assert told(folder) == []
    pack = reader.applicable(disease="cold", on=dt.date(2020, 6, 1), folder=folder)
    assert (pack.version, pack.value("cold.home_days")) == ("cold+one+two", 4)


def test_two_amendments_of_one_day_that_touch_different_things_both_hold(tmp_path):
    other = SECOND.replace("cold.home_days: {value: 5", "cold.days: {value: 8")
    folder = written(tmp_path, {**FILES, "cold-2.yaml": other})
    assert told(folder) == []
    pack = reader.applicable(disease="cold", on=dt.date(2020, 6, 1), folder=folder)
    assert (pack.value("cold.days"), pack.value("cold.home_days")) == (8, 5)


def test_an_amendment_may_not_be_older_than_the_one_it_names(tmp_path):
    older = SECOND.replace("amends: cold", "amends: cold-1").replace("2020-06-01", "2020-05-01")
    (found,) = told(written(tmp_path, {**FILES, "cold-2.yaml": older}))
    assert "cold-2.yaml, line 5" in found
    assert "2020-05-01 is before cold-1, which it changes, on 2020-06-01" in found


def test_a_removal_that_breaks_much_is_one_sentence_at_its_own_line(tmp_path):
    text = AMENDMENT.replace("figures:", "remove: [cold.*, report.h, remind.pct]\nfigures:")
    later = SECOND.replace("2020-06-01", "2020-07-01")
    found = told(written(tmp_path, {**FILES, A: text, "cold-2.yaml": later}))
    lines = [n for n, one in enumerate(text.splitlines(), 1) if "remove" in one]
    broken = [one for one in found if "no longer work" in one]
    assert len(broken) == len(lines) * 3, found
    assert all(one.startswith(f"cold-1.yaml, line {lines[0]}, remove > ") for one in broken)
    assert not any("cold-2.yaml" in one.partition(": ")[0] for one in found), found


def test_an_overlay_past_its_bounds_is_told_once_whatever_number_of_versions_it_meets(tmp_path):
    past = OVERLAY.replace("value: 20", "value: 5")
    (found,) = told(written(tmp_path, {**FILES, C: past}))
    assert found == (
        "cold-taiyuan.yaml, line 9, figures > threshold.cases: "
        "5 is outside its own bounds, 10 to 30 in cold"
    )


def test_what_may_stand_in_a_rule_literally():
    for expr in (
        {"===": [{"var": "degree"}, 2]},
        {"in": [{"var": "degree"}, [1, 2]]},
        {">": [{"var": "counties"}, 1]},
        {">": [{"days_since": [{"var": "a"}, {"var": "b"}]}, 0]},
        {"*": [{"hours_since": [{"var": "a"}, {"var": "b"}]}, 3600]},
        {"if": [{"var": "a"}, 1, 0]},
    ):
        assert list(literals.faults(expr)) == [], expr
    for expr in (
        {"===": [{"var": "cases"}, 30]},
        {"in": [{"var": "cases"}, [1, 30]]},
        {">": [{"days_since": [{"var": "a"}, {"var": "b"}]}, 1]},
        {"+": [{"figure": "a"}, 1]},
        {"*": [{"figure": "a"}, 7]},
        {"count": [{"var": "tests"}, {">": [{"var": "ct"}, 35]}]},
    ):
        assert len(list(literals.faults(expr))) == 1, expr


def test_amendments_that_name_each_other_go_round_in_a_circle(tmp_path):
    one = AMENDMENT.replace("amends: cold", "amends: cold-2")
    two = SECOND.replace("amends: cold", "amends: cold-1")
    found = told(written(tmp_path, {**FILES, A: one, "cold-2.yaml": two}))
    assert (
        "cold-1.yaml, line 2, amends: this goes round in a circle: cold-1 -> cold-2 -> cold-1"
        in found
    )


NEXT = BASE.replace("id: cold", "id: cold-next")


@pytest.mark.parametrize(
    ("begins", "supersedes", "said"),
    [
        (
            "2021-06-01",
            "",
            "cold holds for the same disease, topic and jurisdiction until 2021-12-31",
        ),
        ("2021-06-01", "supersedes: cold", "end it before 2021-06-01"),
        ("2022-01-01", "supersedes: cold-next", "goes round in a circle: cold-next -> cold-next"),
    ],
)
def test_packs_of_one_disease_may_not_hold_at_the_same_time(tmp_path, begins, supersedes, said):
    text = NEXT.replace("effective_from: 2020-01-01", f"effective_from: {begins}")
    text = text.replace("effective_to: 2021-12-31", supersedes)
    found = told(written(tmp_path, {**FILES, "cold-next.yaml": text}))
    assert any("cold-next.yaml, line " in one and said in one for one in found), found


def test_a_lower_unit_cannot_write_a_pack_of_its_own_beside_the_countrys(tmp_path):
    text = NEXT.replace("jurisdiction: country", 'jurisdiction: "140100000000"')
    (found,) = told(written(tmp_path, {**FILES, "cold-next.yaml": text}))
    assert "cold-next.yaml, line 6, jurisdiction: cold of the whole country" in found


def test_two_overlays_of_one_unit_may_not_set_one_figure_at_the_same_time(tmp_path):
    other = OVERLAY.replace("cold-taiyuan", "cold-taiyuan-b").replace(
        "suffix: taiyuan", "suffix: tyb"
    )
    (found,) = told(written(tmp_path, {**FILES, "b.yaml": other}))
    assert "b.yaml, line 9, figures > threshold.cases: cold-taiyuan of the same unit" in found


def test_an_escalation_or_rule_that_nothing_uses_is_remarked_and_not_refused(tmp_path):
    text = BASE.replace("    escalate: standard\n", "").replace(", escalate: standard}", "}")
    text = text.replace("  C-3:", "  C-4: {mark: D, zh: 空, en: Idle}\n  C-3:")
    problems = reader.problems(folder=written(tmp_path, {**FILES, B: text}))
    assert [(problem.key, problem.remark) for problem in problems] == [
        ("rules > C-4", True),
        ("escalations > standard", True),
    ]
    assert reader.load("cold", folder=tmp_path).rule("C-4")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a pack is a mapping of keys to values"),
        (b"- a\n- b\n", "a pack is a mapping of keys to values"),
        (b"\xb8\xf7\xcf\xe7", "not UTF-8 text"),
        (b"just words", "a pack is a mapping of keys to values"),
        (b"a: b: c\n", "not readable as YAML"),
        (b"a: \x00\n", "not readable"),
        (b"id: 3\n", "the key 'disease' is missing"),
        (b"id: [x]\namends: {}\noverlays: 1\n", "is not of type string"),
    ],
)
def test_a_file_that_is_no_pack_at_all_is_refused_in_words(tmp_path, content, said):
    (tmp_path / "odd.yaml").write_bytes(content)
    assert any(said in one for one in told(tmp_path))
    assert library.added(SHIPPED, [tmp_path / "odd.yaml"])
    with pytest.raises(BadInput, match=r"odd\.yaml"):
        reader.load("odd", folder=tmp_path)


def test_what_ships_has_no_mistake():
    assert [str(one) for one in reader.problems(folder=SHIPPED) if not one.remark] == []


def test_one_mistake_in_a_copy_of_what_ships_is_one_sentence(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(SHIPPED, folder)
    path = folder / "cn-covid-9.yaml"
    text = path.read_text(encoding="utf-8")
    line = next(
        n for n, one in enumerate(text.splitlines(), 1) if "trace.window_days_before:" in one
    )
    path.write_text(
        text.replace("value: 2, unit: d, rule: WHO-1", "value: 9, unit: d, rule: WHO-1", 1)
    )
    (found,) = told(folder)
    assert found.startswith(
        f"cn-covid-9.yaml, line {line}, figures > trace.window_days_before: 9 is"
    )


def test_a_source_in_one_language_is_told_where_it_is_cited(tmp_path):
    files = {**FILES, "sources.yaml": 'sources: {"1": A notice}\n'}
    found = told(written(tmp_path, files))
    assert any(
        said.endswith("source 1 of sources.yaml: write it in both languages: {zh: ..., en: ...}")
        for said in found
    )
