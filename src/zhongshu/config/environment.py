"""The environment, read once.  Nothing below this package looks at it."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Environment:
    """Where things are.

    var: everything this installation writes (database, lake, raw feeds, keys, reports).
    database_url: an outside PostgreSQL, or None for the embedded one in ``var/pg``.
    console: the built console.
    packs: the installation's own policy packs, amendments and overlays, or None.
    roads: a road service or a folder with a distance matrix, or None for straight lines.
    spark: address of a Spark cluster for tracing, or None.
    spark_lake: the lake as that cluster sees it; as here when nothing is said.
    spark_python: the interpreter on its executors; as here when nothing is said.
    """

    var: Path
    database_url: str | None
    console: Path
    host: str
    port: int
    packs: Path | None
    roads: str | None
    spark: str | None
    spark_lake: str
    spark_python: str

    @property
    def pg(self) -> Path:
        return self.var / "pg"

    @property
    def lake(self) -> Path:
        return self.var / "lake"

    @property
    def raw(self) -> Path:
        return self.var / "raw"

    @property
    def world(self) -> Path:
        return self.var / "world"

    @property
    def reports(self) -> Path:
        return self.var / "reports"


def read() -> Environment:
    root = Path(__file__).resolve().parents[3]
    var = Path(os.environ.get("ZHONGSHU_VAR", "var")).resolve()
    return Environment(
        var=var,
        database_url=os.environ.get("ZHONGSHU_DATABASE_URL") or None,
        console=Path(os.environ.get("ZHONGSHU_CONSOLE", root / "console" / "dist")),
        host=os.environ.get("ZHONGSHU_HOST", "127.0.0.1"),
        port=int(os.environ.get("ZHONGSHU_PORT", "8000")),
        packs=Path(packs).resolve() if (packs := os.environ.get("ZHONGSHU_PACKS", "")) else None,
        roads=os.environ.get("ZHONGSHU_ROADS") or None,
        spark=os.environ.get("ZHONGSHU_SPARK") or None,
        spark_lake=os.environ.get("ZHONGSHU_SPARK_LAKE") or str(var / "lake"),
        spark_python=os.environ.get("ZHONGSHU_SPARK_PYTHON") or sys.executable,
    )
