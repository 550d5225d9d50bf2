"""What the console is built against: the schema, the words, the files, the headers."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string
from ninja import Schema

from zhongshu.api import assembly, messages, schema
from zhongshu.api.enginewords import ENGINES, PLANNERS
from zhongshu.config import settings as wiring

SOURCE = Path(schema.__file__).resolve().parents[1]
REFUSALS = {"Refused", "NotFound", "NotAllowed", "WrongState", "BadInput", "_refuse"}
# Raised where only the command line or the intake reads them; they carry their own words.
ELSEWHERE = ("cli", "connectors/feeds", "engines", "lake", "jobs", "config")


def test_the_committed_schema_is_what_the_code_says() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "zhongshu.api.schema", "--check"],
        env={"PYTHONPATH": str(SOURCE.parent), "ZHONGSHU_VAR": str(settings.ZHONGSHU_VAR)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def test_no_two_shapes_share_a_name() -> None:
    modules = [inspect.getmodule(op.view_func) for _, op in assembly.operations()]
    shapes = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Schema)
    }
    counts = Counter(shape.__name__ for shape in shapes)
    assert [name for name, count in counts.items() if count > 1] == []


def refusal_codes(under: tuple[str, ...] = ("",), *, but: tuple[str, ...] = ELSEWHERE) -> set[str]:
    """First arguments of the refusals raised under these folders, by default anywhere the API can
    reach."""
    codes = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(under) or (but and name.startswith(but)):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in REFUSALS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    codes.add(first.value)
    return codes


def test_every_refusal_has_its_chinese_words() -> None:
    assert refusal_codes() - set(messages.ZH) == set()


def test_every_refusal_of_the_daily_engines_has_its_chinese_words() -> None:
    codes = refusal_codes(
        ("engines/warning", "engines/epidemic", "engines/zoning", "engines/whatif"), but=()
    )
    assert len(codes) > 60
    assert codes == set(ENGINES)


def test_refusals_of_planners_have_their_chinese_words() -> None:
    codes = refusal_codes(("engines/beds", "engines/teams", "engines/testing"), but=())
    assert len(codes) > 10
    assert codes <= {*PLANNERS, "input.missing_value"}


def test_what_the_api_reaches_by_name_is_there() -> None:
    queue = import_string(wiring.ZHONGSHU_QUEUE_RUN)
    assert list(inspect.signature(queue).parameters) == ["as_of"]
    assert not inspect.signature(import_string(wiring.ZHONGSHU_QUEUE_SELFTEST)).parameters
    whatif = import_string(wiring.ZHONGSHU_QUEUE_WHATIF)
    assert list(inspect.signature(whatif).parameters) == ["comparison"]
    drill = import_string(wiring.ZHONGSHU_QUEUE_DRILL)
    assert list(inspect.signature(drill).parameters) == ["drill"]
    cluster = import_string(wiring.ZHONGSHU_TRACE_CLUSTER)
    assert list(inspect.signature(cluster).parameters) == ["cases", "until", "rest"]
    port = import_module(wiring.ZHONGSHU_REPORT_PORT)
    assert list(inspect.signature(port.listed).parameters) == ["root"]
    assert list(inspect.signature(port.content).parameters) == ["root", "period", "lang", "format"]


def test_every_label_is_in_both_languages() -> None:
    for words in (*messages.LABELS.values(), messages.FAULT):
        assert words["zh"]
        assert words["en"]
        assert words["en"].isascii()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "keep"),
    [
        ("/", 200, "no-cache"),
        ("/cases/17", 200, "no-cache"),
        ("/assets/app-1a2b.js", 200, "public, max-age=31536000, immutable"),
        ("/assets/missing.js", 404, None),
        ("/favicon.ico", 404, None),
        ("/../secret", 404, None),
        ("/%2e%2e/secret.txt", 404, None),
    ],
)
def test_the_console_is_served_and_nothing_beside_it(
    path: str, status: int, keep: str | None
) -> None:
    root = Path(settings.ZHONGSHU_CONSOLE)
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<html></html>")
    (root / "assets" / "app-1a2b.js").write_text("1")
    (root.parent / "secret").write_text("secret")
    (root.parent / "secret.txt").write_text("secret")
    client = Client()
    answer = client.get(path)
    assert b"secret" not in answer.content
    assert answer.status_code in (status, 200)
    if keep is not None:
        assert (answer.status_code, answer["Cache-Control"]) == (status, keep)
        assert "script-src 'self';" in answer["Content-Security-Policy"]
        again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304


@pytest.mark.django_db
def test_a_console_that_was_not_built_says_so() -> None:
    answer = Client().get("/")
    assert (answer.status_code, "尚未构建" in answer.content.decode()) == (503, True)
