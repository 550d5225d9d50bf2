"""Policy packs: base plus dated amendments, merged and checked.

    pack = reader.in_force("cn-covid-9", on=dt.date(2022, 11, 12))
    pack.value("isolation.close_contact.central_days")   # 5

An old decision replays: it names the pack's version, and `load` gives that version again.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from pathlib import Path

from zhongshu.kernel.errors import NotFound
from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles.document import read_pack, read_yaml
from zhongshu.rules.packfiles.merge import SOURCES_FILE, amended, base


def load(pack_id: str, *, folder: Path | None = None) -> Pack:
    """A base pack as first issued, an amendment with all before it merged in, or a version
    such as ``cn-covid-9+20``.  Refuses (NotFound) an unknown id."""
    for pack in _packs(folder or _shipped()):
        if pack_id in (pack.version, pack.amendments[-1].id if pack.amendments else pack.id):
            return pack
    raise _unknown(pack_id, folder)


def in_force(pack_id: str, on: dt.date, *, folder: Path | None = None) -> Pack:
    """The base pack `pack_id` with the amendments in force on the Beijing day `on`.

    Refuses (NotFound) an unknown id or a day outside the pack's validity.
    """
    stages = [pack for pack in _packs(folder or _shipped()) if pack.id == pack_id]
    if not stages:
        raise _unknown(pack_id, folder)
    first = stages[0]
    if on < first.effective_from or (first.effective_to is not None and on > first.effective_to):
        raise NotFound(
            "packs.not_in_force",
            f"The pack {pack_id} is not in force on {on}; it runs from {first.effective_from} "
            f"to {first.effective_to or 'further notice'}.",
            pack_id=pack_id,
            on=on.isoformat(),
        )
    reached = [s for s in stages if all(a.effective_from <= on for a in s.amendments)]
    return reached[-1]


def pack_ids(*, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the base packs, sorted."""
    return tuple(sorted({pack.id for pack in _packs(folder or _shipped())}))


def _unknown(pack_id: str, folder: Path | None) -> NotFound:
    known = ", ".join(pack_ids(folder=folder))
    return NotFound("packs.unknown", f"There is no pack '{pack_id}'; there are {known}.")


def _shipped() -> Path:
    return Path(__file__).parent / "packs"


@functools.cache
def _packs(folder: Path) -> tuple[Pack, ...]:
    """Every stage of every pack: the base, then with one amendment more each."""
    documents = [
        read_pack(file)
        for file in sorted(folder.iterdir(), key=lambda item: item.name)
        if file.name.endswith(".yaml") and file.name != SOURCES_FILE
    ]
    sources = _sources(folder)
    bases = [document for document in documents if "amends" not in document.content]
    amendments = [document for document in documents if "amends" in document.content]
    known = {document.content["id"] for document in bases}
    for document in amendments:
        if document.content["amends"] not in known:
            raise document.wrong(("amends",), f"no pack {document.content['amends']} is here")
    found: list[Pack] = []
    for document in bases:
        pack = base(document, sources)
        found.append(pack)
        mine = [d for d in amendments if d.content["amends"] == pack.id]
        for amendment in sorted(mine, key=lambda d: str(d.content["effective_from"])):
            pack = amended(pack, amendment, sources)
            found.append(pack)
    return tuple(found)


def _sources(folder: Path) -> Mapping[str, str]:
    file = folder / SOURCES_FILE
    if not file.is_file():
        return {}
    listed: dict[str, str] = read_yaml(file).content["sources"]
    return listed
