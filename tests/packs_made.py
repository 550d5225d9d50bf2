"""A synthetic pack with one of everything, for the twins."""

from __future__ import annotations

from pathlib import Path

from zhongshu.rules import reader
from zhongshu.rules.model import Pack

FOLDER = Path(__file__).parent / "data" / "packs"


def pack() -> Pack:
    return reader.load("made-up", folder=FOLDER)
