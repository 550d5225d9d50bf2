"""Commands, settings, layers, words and links that the documents name exist, and all are named."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.docs.test_pages_run import EVERY, PAGES, ROOT
from zhongshu.connectors.reports import catalogue
from zhongshu.kernel.feeds import FEEDS, TRACED_KINDS
from zhongshu.rules.permissions import Role
from zhongshu.rules.states import TABLES
from zhongshu.service.dispatch.planning.constraints import CONSTRAINTS

SOURCE = ROOT / "src" / "zhongshu"


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build_docs = _script("build_docs")
COMMANDS: dict[tuple[str, ...], Any] = {path[1:]: one for path, one in build_docs.commands()}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# Commands


def mentioned() -> Iterator[tuple[str, list[str]]]:
    """(page, words) of every `zhongshu ...` in a shell block or in inline code."""
    for block in EVERY:
        if block.language == "bash":
            for line in block.text.splitlines():
                words = shlex.split(line, comments=True)
                while words and "=" in words[0]:  # VARIABLE=value before the command
                    words = words[1:]
                if words[:1] == ["zhongshu"]:
                    yield block.page, words[1:]
    for path in PAGES:
        for code in re.findall(r"`([^`\n]*\bzhongshu [a-z][^`\n]*)`", path.read_text("utf-8")):
            words = code[code.index("zhongshu ") :].split()
            yield str(path.relative_to(ROOT)), words[1:]


def _known(words: list[str]) -> tuple[str, ...] | None:
    return next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in COMMANDS), None)


def test_every_command_the_documents_name_exists_with_its_options() -> None:
    found = list(mentioned())
    assert len(found) > 20
    for where, words in found:
        command = _known(words)
        assert command is not None, f"{where}: zhongshu {' '.join(words)}"
        options = {opt for one in COMMANDS[command].params for opt in one.opts}
        for word in words[len(command) :]:
            if word.startswith("--"):
                assert word.split("=")[0] in options, f"{where}: {' '.join(words)}"


def test_shell_blocks_give_each_command_what_it_requires() -> None:
    for block in EVERY:
        for line in block.text.splitlines() if block.language == "bash" else ():
            words = shlex.split(line, comments=True)
            if words[:1] != ["zhongshu"]:
                continue
            command = _known(words[1:])
            assert command is not None
            required = [one for one in COMMANDS[command].params if one.required]
            for one in required:
                if one.param_type_name == "option":
                    assert any(opt in words for opt in one.opts), f"{block.page}: {line}"
            arguments = [one for one in required if one.param_type_name == "argument"]
            assert len(words) - 1 - len(command) >= len(arguments), f"{block.page}: {line}"


def test_the_readmes_two_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    (block,) = [block for block in EVERY if block.page == "README.md" and block.language == "bash"]
    commands = [shlex.split(line, comments=True) for line in block.text.splitlines()]
    assert commands == [["make", "demo"], ["make", "test"]]
    for path in PAGES:
        for target in re.findall(r"[`\n]make ([a-z]+)(?=[ `\n])", path.read_text("utf-8")):
            assert target in targets, f"{path.name}: make {target}"


def test_generated_pages_are_what_the_product_says() -> None:
    assert build_docs.differing() == [], "run python scripts/build_docs.py"


# Settings and layers


def test_every_variable_the_program_reads_is_documented_with_its_default() -> None:
    read: dict[str, str] = {}
    for path in (SOURCE / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("environ.get"):
                name, *default = node.args
                assert isinstance(name, ast.Constant)
                given = default[0] if default else None
                value = given.value if isinstance(given, ast.Constant) else ""
                read[name.value] = str(value or "")
    assert len(read) >= 8
    rows = dict(
        re.findall(r"^\| `(ZHONGSHU_\w+)` \| (.*?) \|", page("docs/reference/settings.md"), re.M)
    )
    assert set(rows) == set(read)
    for name, default in read.items():
        if default:
            assert rows[name] == f"`{default}`", name


def test_no_other_package_reads_a_setting() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] != "config":
            read = re.search(r"environ\S*(get|\[)\W*ZHONGSHU_", path.read_text("utf-8"))
            assert read is None, path


def packages(folder: Path) -> list[str]:
    return [path.parent.name for path in sorted(folder.glob("*/__init__.py"))]


@pytest.mark.parametrize("folder", ["", "engines", "service", "connectors"])
def test_every_layer_engine_app_and_connector_is_in_the_architecture(folder: str) -> None:
    text = page("docs/explanation/architecture.md")
    for name in packages(SOURCE / folder):
        assert f"`{name}`" in text, name


def test_the_architecture_names_the_steps_of_the_cycle_in_order() -> None:
    source = (SOURCE / "service" / "periods" / "cycle" / "run.py").read_text("utf-8")
    steps = re.findall(r'^    \("(\w+)", ', source, re.MULTILINE)
    assert len(steps) >= 8
    assert " -> ".join([*steps, "propose"]) in page("docs/explanation/architecture.md")


def test_the_readme_names_every_layer() -> None:
    text = page("README.md")
    for name in packages(SOURCE):
        assert f"`{name}`" in text or f"src/zhongshu/{name}`" in text, name


# Words


def test_the_glossary_has_every_feed_place_role_and_state() -> None:
    text = page("docs/glossary.md")
    for feed in FEEDS.values():
        assert re.search(rf"\| {feed.zh} \| {feed.sender} .*\| `{feed.name}` \|", text), feed.name
    for code in (*TRACED_KINDS, *Role):
        assert f"`{code}`" in text, code
    for noun, table in TABLES.items():
        (row,) = re.findall(rf"^\| {noun} \| (`.*?) \| (.*?) \|$", text, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row[0]) == list(table), noun
        assert len(row[1].split("、")) == len(table), noun


def console_words() -> dict[str, str]:
    words: dict[str, str] = json.loads(page("console/src/shared/i18n/zh.json"))
    return words


def test_roles_and_states_are_called_as_in_the_console() -> None:
    words, text = console_words(), page("docs/glossary.md")
    for role in Role:
        assert f"| {words[f'role.{role}']} | `{role}` |" in text, role
    for noun in set(TABLES) - {"period"}:
        said = "、".join(words[f"{noun}State.{state}"] for state in TABLES[noun])
        assert f"| {said} |" in text, noun


@pytest.mark.parametrize(
    ("family", "of_console"),
    [
        ("kinds", "proposalKind"),
        ("steps", "step"),
        ("zone_states", "zoneState"),
        ("signal_states", "signalState"),
        ("modes", "mode"),
    ],
)
def test_the_report_says_it_in_the_consoles_words(family: str, of_console: str) -> None:
    words, report = console_words(), catalogue.load("zh").messages
    mine = {key: word for key, word in report.items() if key.startswith(f"{family}.")}
    assert len(mine) >= 3
    for key, word in mine.items():
        assert word == words[f"{of_console}.{key.removeprefix(family + '.')}"], key


def test_a_plan_of_dispatch_says_what_binds_in_the_consoles_words() -> None:
    words = console_words()
    mine = {code: said["zh"] for code, said in CONSTRAINTS.items()}
    family = "dispatchConstraint."
    theirs = {key.removeprefix(family): w for key, w in words.items() if key.startswith(family)}
    assert mine == theirs


# Links, dependencies, decisions


def test_links_between_pages_lead_somewhere() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text("utf-8")):
            if "://" in target or target.endswith(".png"):
                continue
            assert (path.parent / target).resolve().exists(), f"{path.name}: {target}"


def test_every_page_is_reached_from_the_index() -> None:
    indexes = (
        "docs/README.md",
        "docs/adr/README.md",
        "docs/manual/README.md",
        "docs/reference/packs.md",
    )
    index = "".join(page(one) for one in indexes)
    for path in PAGES:
        if path.is_relative_to(ROOT / "docs") and path.name != "README.md":
            assert path.name in index, path


def test_every_dependency_is_judged_and_none_is_gpl() -> None:
    text = page("docs/adr/0010-dependencies.md")
    judged = dict(re.findall(r"^\| ([@\w./-]+) \|.*\| (.*?) \|$", text, re.MULTILINE))
    wanted: set[str] = set()
    for name in ("base.in", "dev.in", "uv.in", "spark.in"):
        lines = page(f"requirements/{name}").splitlines()
        wanted |= {re.split(r"[\[<>=]", line)[0] for line in lines if line and line[0] not in "-#"}
    package = json.loads(page("console/package.json"))
    wanted |= {*package["dependencies"], *package["devDependencies"]}
    assert {name for name in judged if name != "package"} == wanted
    lesser = {name for name, licence in judged.items() if "LGPL" in licence}
    assert lesser == {"psycopg", "docxtpl"}
    assert not [name for name, licence in judged.items() if re.search(r"(?<!L)GPL", licence)]


def test_no_page_is_left_out_of_version_control() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "docs", "README.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert {str(path.relative_to(ROOT)) for path in PAGES if path.name != "CHANGELOG.md"} <= set(
        listed
    )


def test_the_limits_say_how_many_figures_are_unverified() -> None:
    from zhongshu.rules import reader  # noqa: PLC0415 - only here

    marks = [figure.mark.value for figure in reader.load("cn-covid-9").figures().values()]
    said = (
        f"In `cn-covid-9` {marks.count('V')} of {len(marks)} were read in a source; "
        f"{marks.count('R')} are recalled and {marks.count('D')} are our own design defaults"
    )
    assert said in page("docs/explanation/limits.md")
