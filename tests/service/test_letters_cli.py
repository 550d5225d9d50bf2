"""`zhongshu letters`: the same letters from the command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.service import builders as b
from tests.service import chains_made as made
from tests.service.chains_made import Met
from zhongshu.cli import letters as command
from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound
from zhongshu.service.letters import facade as letters
from zhongshu.service.people.models import AccessRecord

pytestmark = pytest.mark.django_db


class Here:
    """An installation whose database is the test's."""

    def open(self) -> None:
        pass

    def wall(self) -> dt.datetime:
        return b.NOW


def run(*words: str) -> str:
    answer = CliRunner().invoke(command.app, list(words), obj=Here(), env={"COLUMNS": "200"})
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.output


@pytest.fixture
def _counties() -> None:
    case = made.neighbours()
    made.trace(case, Met(2), Met(12))
    b.user("sender", (b.COUNTY, "data_team"))
    b.user("beside", (b.ZONE, "data_team"))


@pytest.mark.usefixtures("_counties")
def test_letters_are_made_listed_and_written(tmp_path: Path) -> None:
    told = run("make", "C1", "--as", "sender", "--note", "请协查")
    assert "协查〔2022〕第2号" in told
    assert "新荣区" in told
    assert "通报〔2022〕第1号" in run("list", "--case", "C1")
    assert "0 letters" in run("list", "--overdue")
    to = tmp_path / "letter.csv"
    run("file", "2022-2", "--as", "sender", "--format", "csv", "--out", str(to))
    assert b.id_no(12) in to.read_text("utf-8-sig")
    assert to.stat().st_mode & 0o777 == 0o600
    assert AccessRecord.objects.get().actor == "sender"


@pytest.mark.usefixtures("_counties")
@pytest.mark.parametrize("where", ["nowhere/x.xlsx", "."])
def test_what_cannot_be_written_opens_no_name(tmp_path: Path, where: str) -> None:
    run("make", "C1", "--as", "sender")
    with pytest.raises(BadInput) as refusal:
        run("file", "2022-2", "--as", "sender", "--out", str(tmp_path / where))
    assert refusal.value.code == "files.not_writable"
    assert not AccessRecord.objects.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("_counties")
def test_a_file_that_is_not_opened_leaves_the_one_before(tmp_path: Path) -> None:
    run("make", "C1", "--as", "sender")
    to = tmp_path / "letter.csv"
    to.write_text("before")
    with pytest.raises(BadInput):
        run("file", "2022-2", "--as", "sender", "--out", str(to), "--purpose", "curiosity")
    assert [one.name for one in tmp_path.iterdir()] == ["letter.csv"]
    assert to.read_text() == "before"


@pytest.mark.usefixtures("_counties")
@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("make", "C1", "--as", "beside"), NotFound),
        (("make", "C9", "--as", "sender"), NotFound),
        (("file", "2022-7", "--as", "sender", "--out", "x"), NotFound),
    ],
)
def test_what_is_out_of_reach_looks_as_if_it_were_not_there(
    words: tuple[str, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        run(*words)


@pytest.mark.usefixtures("_counties")
def test_a_commander_may_see_but_not_send() -> None:
    b.user("chief", (b.PROVINCE, "commander"))
    with pytest.raises(NotAllowed):
        run("make", "C1", "--as", "chief")


@pytest.mark.usefixtures("_counties")
@pytest.mark.parametrize("number", ["协查〔2022〕第2号", "2022-2", "2022 2"])
def test_a_number_may_be_written_in_short(number: str) -> None:
    run("make", "C1", "--as", "sender")
    found: Any = letters.by_number(number, b.scope(b.OTHER_COUNTY))
    assert found.number == "协查〔2022〕第2号"
