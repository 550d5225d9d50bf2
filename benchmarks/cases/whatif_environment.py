"""Peers of the what-if engines live in environments of their own: never imported by the product,
never in its dependency files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

CACHE = Path.home() / ".cache" / "zhongshu-benchmarks"


def python_of(package: str, version: str) -> Path:
    """The interpreter of an environment that holds `package`, made on first use."""
    folder = CACHE / f"{package}-{version}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        subprocess.run(["uv", "venv", "--quiet", "--clear", str(folder)], check=True)
        subprocess.run(
            ["uv", "pip", "install", "--quiet", "--python", str(python), f"{package}=={version}"],
            check=True,
        )
        done.write_text(version, encoding="utf-8")
    return python


def ask(python: Path, script: Path, question: Any) -> Any:
    """What a peer's script prints as JSON, given the question as JSON on its input."""
    told = subprocess.run(
        [str(python), str(script)],
        check=False,
        input=json.dumps(question),
        capture_output=True,
        text=True,
    )
    if told.returncode:
        raise SystemExit(f"{script.name} failed:\n{told.stderr[-2000:]}")
    return json.loads(told.stdout.strip().splitlines()[-1])
