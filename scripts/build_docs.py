"""Writes the reference pages that are drawn from the product itself.

python scripts/build_docs.py            writes docs/reference/{cli,api,states,packs,facts}.md,
                                        docs/reference/packs and docs/manual
python scripts/build_docs.py --check    says which of them differ; exit code 1 when one does
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from zhongshu.cli import main
from zhongshu.rules import states

sys.path.insert(0, str(Path(__file__).resolve().parent))
import manual
import packpages

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
Command = Any  # click's, as typer gives it


def commands() -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every visible command with its path, in the order of `--help`."""
    yield from _walk(typer.main.get_command(main._app), ("zhongshu",))


def _walk(command: Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Command]]:
    if command.hidden:
        return
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, one in below.items():
        yield from _walk(one, (*path, name))


def cli_page() -> str:
    lines = [
        "# Command line",
        "",
        "Drawn from the commands themselves by `scripts/build_docs.py`; `--help` says the same.",
        "",
        "Exit codes: 0 done; 1 a fault of the program, or a run or check that did not end well;",
        "2 understood and refused (one sentence says why and what to do).",
    ]
    for path, command in commands():
        options = [one for one in command.params if one.name != "help"]
        arguments = [one for one in options if one.param_type_name == "argument"]
        usage = " ".join([*path, *(one.name.upper() for one in arguments)])
        lines += ["", f"## `{usage}`", "", " ".join((command.help or "").split())]
        if options:
            lines += ["", "| option | meaning | default |", "|---|---|---|"]
            lines += [_option(one) for one in options]
    return "\n".join(lines) + "\n"


def _option(one: Any) -> str:
    name = one.name.upper() if one.param_type_name == "argument" else one.opts[0]
    default = "required" if one.required else one.default
    shown = "" if default in (None, "", False) else f"{default}"
    return f"| `{name}` | {getattr(one, 'help', '') or ''} | {shown} |"


def api_page() -> str:
    paths = json.loads((ROOT / "schemas" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    lines = [
        "# HTTP API",
        "",
        "The contract is `schemas/openapi.json` (OpenAPI 3.1), made from the code and",
        "drift-checked; the console's client is generated from it.  This page says what the",
        "schema cannot.",
        "",
        "- **Signing in.** `POST /api/v1/session` with a one-time secret or a password sets a",
        "  session cookie and a CSRF cookie.  Unsafe methods need the header `X-CSRFToken`.",
        "- **As known at.** Every list and figure takes `as_of` (ISO 8601); without it, the",
        "  headquarters' now.  `scope` is a division code within one's rights; without it, the",
        "  unit of the first post.",
        "- **Rights.** Every operation needs one permission (see [States and",
        "  permissions](states.md)).  What lies outside one's scope looks the same as what does",
        "  not exist: 404.",
        "- **Lists** are keyset-paged: `{items, next}`; ask again with `after=<next>`, `limit` up",
        "  to 200.  Nothing is counted to show a page.",
        "- **Writing twice.** Decisions, directive actions and runs take the header",
        "  `Idempotency-Key`: the same key and request again get the same answer.",
        "- **Errors** are `{code, message: {zh, en}, facts}`: 400 cannot be read, 401 not signed",
        "  in, 403 not allowed, 404 not there, 409 not in this state.  `code` is stable.",
        "- **Text** made by the server is `{zh, en}`.  Names are masked; one opens an identity",
        "  by `POST /api/v1/cases/{id}/identity` with a purpose, and that is on record.",
        "",
        "| operation | what |",
        "|---|---|",
    ]
    for path, operations in paths.items():
        for method, operation in operations.items():
            said = " ".join(operation.get("description", "").split())
            what = said or operation.get("summary", "")
            lines.append(f"| `{method.upper()} {path}` | {what} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "api.md": api_page,
    "states.md": states.page,
}


def differing() -> list[str]:
    """Pages below docs/ that are not what the product says now."""
    stale = [
        f"reference/{name}"
        for name, page in PAGES.items()
        if not (path := REFERENCE / name).is_file() or path.read_text(encoding="utf-8") != page()
    ]
    stale += [f"reference/{name}" for name in packpages.stale()]
    return stale + [f"manual/{name}" for name in manual.differing()]


def write(stale: list[str]) -> None:
    for name in stale:
        page = PAGES.get(name.removeprefix("reference/"))
        if page is not None:
            (ROOT / "docs" / name).write_text(page(), encoding="utf-8")
    packpages.write()
    manual.write()


if __name__ == "__main__":
    found = differing()
    if "--check" in sys.argv[1:]:
        for name in found:
            print(f"docs/{name} is out of date: python scripts/build_docs.py")
        sys.exit(bool(found))
    write(found)
    for name in found:
        print(f"docs/{name} written")
