"""One service app reaches another only through its facade."""

from __future__ import annotations

import ast
from pathlib import Path

from zhongshu import service

ROOT = Path(service.__file__).parent
# Not apps: what all share, and the picture made of them all.
OPEN = {"kit"}


def imports(path: Path) -> set[str]:
    """Dotted names of what a file imports from the service."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("zhongshu.service.")}


def test_one_app_reaches_another_only_through_its_facade() -> None:
    trespassers = []
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        own = path.relative_to(ROOT).parts[0]
        for name in imports(path):
            parts = name.split(".")[2:]
            if len(parts) < 2 or parts[0] in {own, *OPEN}:
                continue
            if parts[1] != "facade":
                trespassers.append(f"{path.relative_to(ROOT)}: {name}")
    assert trespassers == []


def test_only_the_vault_names_the_persons_table() -> None:
    """Row security apart, which guards it; the facade's functions are the one door."""
    named = [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*.py"))
        if "people_person" in path.read_text(encoding="utf-8")
        and path.relative_to(ROOT).parts[0] not in ("people", "rowsecurity")
    ]
    assert named == []
