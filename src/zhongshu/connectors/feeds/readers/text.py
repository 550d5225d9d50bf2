"""Text files: which encoding, and the refusal of what is not text."""

from __future__ import annotations

import codecs
from pathlib import Path

from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.reasons import refusal

_BLOCK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAGIC = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")


def refuse_large(path: Path, limits: Limits) -> None:
    """Refuse by size and by number of lines, reading in blocks: memory stays flat."""
    size = path.stat().st_size
    if size == 0:
        raise refusal("feeds.empty")
    if size > limits.max_bytes:
        raise refusal("feeds.too_large", found=size, limit=limits.max_bytes, unit="bytes")
    lines = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            lines += block.count(b"\n")
            if lines > limits.max_rows + 1:
                raise refusal(
                    "feeds.too_large", found=f">{limits.max_rows}", limit=limits.max_rows,
                    unit="rows",
                )  # fmt: skip


def utf8(path: Path, expected: str) -> bytes:
    """The file's text as UTF-8 without a byte-order mark.

    Tried in this order: what a mark says, UTF-8, GB18030.  Refuses binary content.
    """
    data = path.read_bytes()
    if data.startswith(_MAGIC):
        raise refusal("feeds.binary", expected=expected)
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif data.startswith(_UTF16):
        return _decoded(data, "utf-16", expected)
    if b"\0" in data:
        raise refusal("feeds.binary", expected=expected)
    if data.isascii():
        return _some(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030", expected)
    return _some(data)


def _decoded(data: bytes, encoding: str, expected: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal("feeds.encoding") from None
    if "\0" in text:
        raise refusal("feeds.binary", expected=expected)
    return _some(text.encode("utf-8"))


def _some(data: bytes) -> bytes:
    if not data.strip():
        raise refusal("feeds.empty")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # line ends of old Macs
    return data.lstrip(b"\r\n")
