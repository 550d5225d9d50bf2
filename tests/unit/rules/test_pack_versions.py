"""Which version of a pack holds for whom on a day, and that an old one is found again unchanged."""

import datetime as dt
import itertools
import shutil
from pathlib import Path

import pytest

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules import reader

SHIPPED = Path(reader.__file__).parent / "packs"
SMALL = Path(__file__).parents[2] / "data" / "small_packs"
SHANXI = "140000000000/"
TAIYUAN = f"{SHANXI}140100000000/"
XIAODIAN = f"{TAIYUAN}140105000000/"


def day(text):
    return dt.date.fromisoformat(text)


def file(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(SMALL, folder)
    return folder


@pytest.fixture
def local(tmp_path):
    """A folder of the installation's own packs, read beside those that ship."""
    folder = tmp_path / "local"
    folder.mkdir()
    reader.use_local(folder)
    yield folder
    reader.use_local(None)


def overlay(name, *, suffix, unit, value=20, begins="2020-03-01", ends="", base="cold"):
    return (
        f"id: {name}\noverlays: {base}\nsuffix: {suffix}\njurisdiction: '{unit}'\n"
        f"edition: {{zh: 地方, en: Local}}\neffective_from: {begins}\n{ends}\nsources: []\n"
        f"figures: {{threshold.cases: {{value: {value}, mark: D}}}}\n"
    )


def amendment(name, *, suffix, begins, days, retroactive=None, amends="cold"):
    said = (
        f"transition: {{zh: 过渡, en: Transition, mark: D, retroactive: {retroactive}}}\n"
        if retroactive
        else ""
    )
    return (
        f"id: {name}\namends: {amends}\nsuffix: {suffix}\nedition: {{zh: 修订, en: Change}}\n"
        f"effective_from: {begins}\nsources: []\n{said}"
        f"figures: {{cold.home_days: {{value: {days}, mark: D}}}}\n"
    )


# Which pack


@pytest.mark.parametrize(
    ("on", "version"),
    [
        ("2020-01-01", "cold"),
        ("2020-05-31", "cold"),
        ("2020-06-01", "cold+one"),
        ("2021-12-31", "cold+one"),  # the last day still counts
    ],
)
def test_the_pack_of_a_disease_on_a_day(on, version):
    assert reader.applicable(disease="cold", on=day(on), folder=SMALL).version == version


@pytest.mark.parametrize(
    ("on", "asked"),
    [("2019-12-31", {}), ("2022-01-01", {}), ("2020-06-01", {"topic": "reporting"})],
)
def test_where_no_pack_holds_it_is_said(on, asked):
    with pytest.raises(NotFound) as refusal:
        reader.applicable(disease="cold", on=day(on), folder=SMALL, **asked)
    assert refusal.value.code == "packs.none_applies"


def test_a_disease_without_a_pack_of_its_own_is_under_the_one_for_any(small):
    law = (small / "cold.yaml").read_text(encoding="utf-8")
    law = law.replace("id: cold", "id: law").replace("disease: cold", "disease: any")
    file(small, "law.yaml", law)
    found = [
        reader.applicable(disease=d, on=day("2020-02-01"), folder=small) for d in ("flu", "cold")
    ]
    assert [pack.id for pack in found] == ["law", "cold"]
    every = reader.all_applicable(day("2020-02-01"), folder=small)
    assert [pack.id for pack in every] == ["cold", "law"]


def test_two_packs_that_hold_at_once_are_never_chosen_between(small):
    again = (small / "cold.yaml").read_text(encoding="utf-8").replace("id: cold", "id: cold-b")
    file(small, "cold-b.yaml", again)
    with pytest.raises(BadInput) as refusal:
        reader.applicable(disease="cold", on=day("2020-02-01"), folder=small)
    assert refusal.value.code == "packs.ambiguous"
    assert "cold and cold-b" in refusal.value.message


# Transition


STEPS = {
    "a.yaml": amendment("cold-a", suffix="a", begins="2020-07-01", days=4),
    "b.yaml": amendment("cold-b", suffix="b", begins="2020-08-01", days=6, retroactive="true"),
    "c.yaml": amendment("cold-c", suffix="c", begins="2020-09-01", days=7, retroactive="false"),
}


@pytest.mark.parametrize(
    ("since", "on", "version"),
    [
        (None, "2020-07-15", "cold+one+a"),
        ("2020-06-15", "2020-07-15", "cold+one"),  # finishes under the old rule
        ("2020-07-01", "2020-07-15", "cold+one+a"),  # began on the very day
        ("2020-06-15", "2020-08-15", "cold+one+a+b"),  # b reaches back and was written on a
        ("2020-06-15", "2020-09-15", "cold+one+a+b"),  # c says that it does not
        ("2020-09-01", "2020-09-15", "cold+one+a+b+c"),
        ("2020-02-01", "2020-06-15", "cold"),
        ("2020-02-01", "2020-08-01", "cold+one+a+b"),
    ],
)
def test_what_began_later_reaches_somebody_only_if_it_says_so(small, since, on, version):
    for name, text in STEPS.items():
        file(small, name, text)
    pack = reader.applicable(
        disease="cold", on=day(on), since=day(since) if since else None, folder=small
    )
    assert pack.version == version


@pytest.mark.parametrize(
    ("transition", "found"),
    [
        ("", "cold-next"),
        ("transition: {zh: 过渡, en: Go over, mark: D, retroactive: true}\n", "cold-next"),
        ("transition: {zh: 过渡, en: Finish, mark: D, retroactive: false}\n", "cold+one"),
    ],
)
def test_a_new_edition_takes_everybody_unless_it_says_that_it_does_not(small, transition, found):
    text = (small / "cold.yaml").read_text(encoding="utf-8")
    text = text.replace("id: cold", "id: cold-next").replace("2021-12-31", "2023-12-31")
    text = text.replace("effective_from: 2020-01-01", "effective_from: 2022-01-01")
    file(small, "cold-next.yaml", f"supersedes: cold\n{transition}{text}")
    pack = reader.applicable(
        disease="cold", on=day("2022-01-03"), since=day("2021-12-30"), folder=small
    )
    assert pack.version == found


# Local overlays


@pytest.mark.parametrize(
    ("path", "version", "cases"),
    [
        ("", "cold+one", 30),
        (SHANXI, "cold+one", 30),
        (TAIYUAN, "cold+one+taiyuan", 20),
        (XIAODIAN, "cold+one+taiyuan+xd", 15),
        ("360000000000/360100000000/", "cold+one", 30),
    ],
)
def test_overlays_hold_along_the_path_from_the_top_down(small, path, version, cases):
    file(small, "xd.yaml", overlay("cold-xd", suffix="xd", unit="140105000000", value=15))
    pack = reader.applicable(disease="cold", on=day("2020-07-01"), path=path, folder=small)
    assert (pack.version, pack.value("threshold.cases")) == (version, cases)
    assert reader.load(version, folder=small).digest() == pack.digest()


def test_a_county_cannot_loosen_what_its_city_has_tightened(small):
    file(small, "xd.yaml", overlay("cold-xd", suffix="xd", unit="140105000000", value=25))
    pack = reader.applicable(disease="cold", on=day("2020-07-01"), path=XIAODIAN, folder=small)
    assert pack.value("threshold.cases") == 20
    assert pack.figure("threshold.cases").set_by == "cold-taiyuan"


@pytest.mark.parametrize(
    ("on", "version"),
    [
        ("2020-02-29", "cold"),
        ("2020-03-01", "cold+taiyuan"),
        ("2020-04-30", "cold+taiyuan"),
        ("2020-05-01", "cold"),
    ],
)
def test_an_overlay_holds_from_its_first_day_to_its_last(small, on, version):
    ends = "effective_to: 2020-04-30"
    text = overlay("cold-taiyuan", suffix="taiyuan", unit="140100000000", ends=ends)
    file(small, "cold-taiyuan.yaml", text)
    pack = reader.applicable(disease="cold", on=day(on), path=TAIYUAN, folder=small)
    assert pack.version == version


def test_an_overlay_that_a_later_amendment_overtakes_no_longer_holds_and_is_told(small):
    """The stricter value of yesterday can be past the bounds of tomorrow."""
    text = (
        "id: cold-2\namends: cold\nsuffix: two\nedition: {zh: 修订, en: Change}\n"
        "effective_from: 2020-08-01\nsources: []\n"
        "figures: {threshold.cases: {value: 12, maximum: 15, mark: D}}\n"
    )
    file(small, "cold-2.yaml", text)
    versions = [
        reader.applicable(disease="cold", on=day(on), path=TAIYUAN, folder=small)
        for on in ("2020-07-31", "2020-08-01")
    ]
    assert [pack.version for pack in versions] == ["cold+one+taiyuan", "cold+one+two"]
    assert versions[1].value("threshold.cases") == 12
    (problem,) = reader.problems(folder=small)
    assert str(problem).startswith("cold-taiyuan.yaml, line 9")
    # What was decided under it before is still explained by it.
    assert reader.load("cold+one+taiyuan", folder=small).value("threshold.cases") == 20


# The installation's own folder


NOTICE = """\
id: {id}
amends: cn-covid-9
suffix: {suffix}
edition: {{zh: 通知, en: Notice}}
effective_from: 2022-10-01
sources: []
figures:
  report.case_h: {{value: {hours}, mark: R}}
"""


def test_a_notice_of_the_night_holds_the_next_day_without_a_new_product(local):
    on = dt.date(2022, 10, 2)
    assert reader.in_force("cn-covid-9", on).version == "cn-covid-9"
    file(local, "notice.yaml", NOTICE.format(id="notice-7", suffix="n7", hours=1))
    assert reader.in_force("cn-covid-9", on).version == "cn-covid-9+n7"
    assert reader.in_force("cn-covid-9", on).value("report.case_h") == 1
    assert reader.in_force("cn-covid-9", dt.date(2022, 11, 12)).version == "cn-covid-9+n7+20"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NOTICE.format(id="notice-7", suffix="n7", hours=9), "9 is outside its own bounds"),
        (NOTICE.format(id="cn-covid-9-20", suffix="n7", hours=1), "'cn-covid-9-20' is already"),
        (NOTICE.format(id="notice-7", suffix="20", hours=1), "the suffix '20' is already"),
        (NOTICE.format(id="notice-7", suffix="n7", hours=1) + "x", "not readable as YAML"),
        (
            NOTICE.format(id="n", suffix="n", hours=1).replace(
                "figures", "remove: [isolation.second.*]\nfigures"
            ),
            "nothing is called isolation.second.*",  # the twenty measures could not be laid on it
        ),
        ((SMALL / "cold.yaml").read_text("utf-8").replace("disease: cold", "disease: covid-19")
         .replace("2020-01-01", "2022-10-01").replace("2021-12-31", "2022-12-31"),
         "cn-covid-9 holds for the same disease, topic and jurisdiction"),
    ],
)  # fmt: skip
def test_a_bad_local_pack_is_set_aside_and_told_and_the_rest_stays_in_force(local, text, said):
    before = {name: reader.load(name).digest() for name in reader.pack_ids()}
    sound = overlay("ok", suffix="ok", unit="140100000000", base="cold")
    file(local, "cold.yaml", (SMALL / "cold.yaml").read_text("utf-8"))
    file(local, "ok.yaml", sound)
    sources = (SMALL / "sources.yaml").read_text("utf-8")
    file(local, "sources.yaml", sources.replace('"1"', '"local1"'))
    file(local, "bad.yaml", text.replace("id: cold\n", "id: own\n"))
    assert any(said in str(problem) for problem in reader.problems())
    for name, digest in before.items():
        assert reader.load(name).digest() == digest
    assert reader.in_force("cn-covid-9", dt.date(2022, 10, 2)).version == "cn-covid-9"
    pack = reader.applicable(disease="cold", on=day("2020-07-01"), path=TAIYUAN)
    assert pack.version == "cold+ok"


def test_what_was_decided_under_a_local_file_that_no_longer_fits_is_still_explained(local):
    file(local, "notice.yaml", NOTICE.format(id="notice-7", suffix="n7", hours=1))
    digest = reader.load("cn-covid-9+n7").digest()
    other = NOTICE.format(id="notice-1", suffix="n1", hours=2)  # of one day, touching the same
    file(local, "a.yaml", other)
    assert any("begins on the same day" in str(problem) for problem in reader.problems())
    assert reader.in_force("cn-covid-9", dt.date(2022, 10, 2)).version == "cn-covid-9+n1"
    assert reader.load("cn-covid-9+n7").digest() == digest


# Replay


def every_version(folder):
    for pack_id in reader.pack_ids(folder=folder):
        yield from reader.versions(pack_id, folder=folder)


def later_amendment(pack, *, begins):
    key, figure = next(iter(pack.figures().items()))
    value = f'"{figure.value}"' if isinstance(figure.value, str) else figure.value
    value = list(value) if isinstance(value, tuple) else value
    shown = str(value).lower() if isinstance(value, bool) else value
    return (
        f"id: later-{pack.id}\namends: {pack.id}\nsuffix: later\n"
        f"edition: {{zh: 后来的修订, en: A later change}}\n"
        f"effective_from: {begins}\nsources: []\n"
        "rules:\n  ZZ-1:\n"
        "    {mark: D, zh: 试, en: Test, of: person, when: true, then: {level: low}}\n"
        f"figures:\n  {key}: {{value: {shown}, mark: D}}\n"
        f"  later.figure: {{value: 1, unit: '1', rule: ZZ-1, mark: D, zh: 试, en: Test}}\n"
    )


@pytest.mark.parametrize("when", ["first", "last"])
def test_every_version_there_ever_was_loads_the_same_after_a_later_amendment(tmp_path, when):
    """Also after one that is dated before the others, as notices found late are."""
    before = {pack.version: pack.digest() for pack in every_version(SHIPPED)}
    assert len(before) > 10
    folder = tmp_path / "packs"
    shutil.copytree(SHIPPED, folder)
    for pack in [p for p in every_version(SHIPPED) if not p.amendments]:
        begins = pack.effective_from + dt.timedelta(days=1)
        if when == "last":
            begins = pack.effective_to or max(dt.date(2026, 12, 31), begins)
        file(folder, f"later-{pack.id}.yaml", later_amendment(pack, begins=begins))
    assert [str(p) for p in reader.problems(folder=folder) if not p.remark] == []
    for version, digest in before.items():
        assert reader.load(version, folder=folder).digest() == digest, version
    now = {pack.version for pack in every_version(folder)}
    assert sum("+later" in version for version in now) >= len(reader.pack_ids())


@pytest.mark.parametrize(
    "version", ["cold+two", "cold+taiyuan+one", "cold+one+one", "warm", "cold+", "+one", ""]
)
def test_a_version_that_never_was_is_refused(version):
    with pytest.raises(NotFound, match="there are cold"):
        reader.load(version, folder=SMALL)


CHANGES = [
    ("rules", "then: {colour: red,", "then: {colour: yellow,"),
    ("release", "{known: [{var: released_at}]}", "{known: [{var: isolated}]}"),
    ("clocks", "stop: reported_at, length: report.h, unit: hour, owner: county, escalate",
     "stop: reported_at, length: report.h, unit: hour, owner: city, escalate"),
    ("escalations", "at_pct: warn.pct, levels_up: 1", "at_pct: warn.pct, levels_up: 2"),
    ("schedules", "first_day: 0", "first_day: 1"),
    ("thresholds", "per: site", "per: village"),
    ("figures", "value: 7, unit: d, rule: C-1", "value: 8, unit: d, rule: C-1"),
    ("bounds", "minimum: 5, maximum: 10", "minimum: 5, maximum: 11"),
]  # fmt: skip


@pytest.mark.parametrize(("section", "old", "new"), CHANGES)
def test_the_digest_changes_with_anything_that_decides(small, section, old, new):
    before = reader.load("cold", folder=small).digest()
    text = (small / "cold.yaml").read_text(encoding="utf-8")
    assert old in text, section
    file(small, "cold.yaml", text.replace(old, new, 1))
    assert reader.load("cold", folder=small).digest() != before


def test_the_digest_does_not_change_with_words_marks_and_sources(small):
    before = reader.load("cold", folder=small).digest()
    text = (small / "cold.yaml").read_text(encoding="utf-8")
    for old, new in [
        ("en: Ladder", "en: Steps"),
        ("C-3: {mark: R", "C-3: {mark: D"),
        ("en: Days}", "en: How long}"),
    ]:
        assert old in text
        text = text.replace(old, new)
    file(small, "cold.yaml", text)
    assert reader.load("cold", folder=small).digest() == before


# Over what ships


def test_on_no_day_do_two_packs_of_one_disease_and_topic_hold():
    packs = [pack for pack in every_version(SHIPPED) if not pack.amendments]
    for one, other in itertools.combinations(packs, 2):
        if (one.disease, one.topic) == (other.disease, other.topic):
            ends = [pack.effective_to or dt.date.max for pack in (one, other)]
            assert ends[0] < other.effective_from or ends[1] < one.effective_from, (
                one.id,
                other.id,
            )


def test_every_pack_holds_on_its_first_day_and_is_found_by_its_disease():
    for pack in every_version(SHIPPED):
        if not pack.amendments:
            found = reader.applicable(
                disease=pack.disease, topic=pack.topic, on=pack.effective_from
            )
            assert found.id == pack.id
            assert found in reader.all_applicable(pack.effective_from)
