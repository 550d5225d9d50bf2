import ast
import json
from pathlib import Path

import pytest

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.reference import read
from zhongshu.rules import reader
from zhongshu.rules.packfiles import shape

STAGES = ("cn-covid-9", "cn-covid-9-20", "cn-covid-9-10")


def test_the_published_schema_is_the_one_the_reader_uses():
    published = Path(__file__).parents[3] / "schemas" / "pack.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == shape.schema()


@pytest.mark.parametrize("stage", STAGES)
def test_every_figure_tells_its_rule_its_unit_and_its_name_in_two_languages(stage):
    pack = reader.load(stage)
    assert len(pack.figures()) > 150
    for key, figure in pack.figures().items():
        assert figure.key == key
        assert figure.unit
        assert pack.rule(figure.rule_id).text.zh
        assert any("一" <= letter <= "鿿" for letter in figure.title.zh), key
        assert not any("一" <= letter <= "鿿" for letter in figure.title.en), key


@pytest.mark.parametrize("stage", STAGES)
def test_only_what_was_read_in_a_source_is_verified(stage):
    for figure in reader.load(stage).figures().values():
        assert figure.verified is (figure.mark == "V")
        if figure.verified:
            assert figure.source, figure.key


def chinese(text):
    return any("一" <= letter <= "鿿" for letter in text)


def shipped_words():
    """(where, text) of every note and source of every pack as issued and amended."""
    for pack_id in reader.pack_ids():
        for pack in reader.versions(pack_id):
            yield from ((pack.version, source) for source in pack.sources)
            yield from ((pack.version, note) for note in (pack.effective_note,) if note)
            for figure in pack.figures().values():
                said = (figure.source, figure.note)
                yield from ((figure.key, text) for text in said if text is not None)


def test_notes_and_sources_are_in_both_languages_and_leave_the_mark_to_the_mark():
    told = list(shipped_words())
    assert len(told) > 1000
    assert [one for one in told if not chinese(one[1].zh) or chinese(one[1].en)] == []
    assert [one for one in told if one[1].en.startswith(("design", "R:", "D:"))] == []


def test_an_amended_figure_names_its_amendment_and_keeps_its_words():
    before = reader.load("cn-covid-9").figure("isolation.close_contact.central_days")
    after = reader.load("cn-covid-9-20").figure("isolation.close_contact.central_days")
    assert (before.set_by, after.set_by) == ("cn-covid-9", "cn-covid-9-20")
    assert after.title == before.title
    assert after.unit == before.unit
    assert "Xinhua" in after.source.en
    assert "新华社" in after.source.zh


def test_the_serial_interval_is_that_of_the_pairs_that_ship():
    days = [
        (pair["infectee_onset"] - pair["infector_onset"]).days
        for pair in read.table("transmission_pairs").to_pylist()
        if pair["infectee_onset"] and pair["infector_onset"]
    ]
    mean = sum(days) / len(days)
    spread = (sum((day - mean) ** 2 for day in days) / (len(days) - 1)) ** 0.5
    pack = reader.load("cn-covid-9")
    assert pack.value("estimate.serial_interval_mean") == round(mean, 1)
    assert pack.value("estimate.serial_interval_sd") == round(spread, 1)


def test_an_unknown_pack_figure_or_rule_is_refused_by_name():
    with pytest.raises(NotFound, match="cn-covid-9"):
        reader.load("cn-plague-1")
    pack = reader.load("cn-covid-9")
    with pytest.raises(NotFound, match=r"zone\.colour"):
        pack.figure("zone.colour")
    with pytest.raises(NotFound, match="X-1"):
        pack.rule("X-1")
    with pytest.raises(BadInput, match="fangcang"):
        pack.number("isolation.case.place")


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"\xb8\xf7\xcf\xe7", b"just words"])
def test_a_file_that_is_no_pack_at_all_is_refused_in_words(tmp_path, content):
    (tmp_path / "odd.yaml").write_bytes(content)
    with pytest.raises(BadInput, match=r"odd\.yaml"):
        reader.load("odd", folder=tmp_path)


def keys_asked_for():
    """(file, key) of every figure that code asks a variable called `pack` for by a literal."""
    source = Path(reader.__file__).parents[1]
    for file in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"figure", "value", "number", "numbers", "group", "get"}
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "pack"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield file.name, node.args[0].value


def test_every_figure_the_code_asks_for_is_in_some_edition_of_the_pack():
    packs = [pack for name in reader.pack_ids() for pack in reader.versions(name)]
    known = {key for pack in packs for key in pack.figures()}
    groups = {key.rpartition(".")[0] for key in known}
    asked = list(keys_asked_for())
    assert len(asked) > 3
    assert [pair for pair in asked if pair[1] not in known | groups] == []
