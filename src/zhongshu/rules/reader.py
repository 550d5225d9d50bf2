"""Policy packs: which one holds for whom on a day, with its amendments and local overlays merged.

    pack = reader.applicable(disease="covid-19", on=dt.date(2022, 11, 12))
    pack.version                                         # cn-covid-9+20
    pack.value("isolation.close_contact.central_days")   # 5

An old decision replays: it names the pack's version, and `load` gives that version again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules.model import Pack
from zhongshu.rules.packfiles import library
from zhongshu.rules.packfiles.document import Problem
from zhongshu.rules.packfiles.family import Family, Version
from zhongshu.rules.packfiles.library import Library

ANY, COUNTRY = "any", "country"
CONTROL, COMMAND, PRIVACY = "control", "command", "privacy"  # topics code asks for
SHIPPED = Path(__file__).parent / "packs"
# Folder of the installation's own packs: wiring, set once by the composition root.
_local: dict[str, Path | None] = {"folder": None}


def use_local(folder: Path | None) -> None:
    """Reads the packs of `folder` too, wherever none is named.  Called once, by the settings."""
    _local["folder"] = folder


def problems(*, folder: Path | None = None) -> tuple[Problem, ...]:
    """What is wrong with any pack file; a local file among them is not in force."""
    return _library(folder).problems


def pack_ids(*, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the base packs, sorted."""
    return tuple(sorted(_library(folder).families))


def versions(pack_id: str, *, folder: Path | None = None) -> tuple[Pack, ...]:
    """Every version of a base pack in the order in which it came into force, without overlays."""
    family = _family(pack_id, folder)
    return tuple(_pack(family, suffixes) for suffixes in family.timeline())


def load(pack_id: str, *, folder: Path | None = None) -> Pack:
    """A base pack as first issued, an amendment with all before it merged in, or a version
    such as ``cn-covid-9+20+taiyuan``.  Refuses (NotFound) an unknown id."""
    name, *suffixes = pack_id.split("+")
    families = _library(folder).families
    if name in families:
        family = families[name]
        version = family.version(tuple(suffixes))
        if version is not None:
            return _sound(family, version)
    for family in families.values() if not suffixes else ():
        for place, content in enumerate(family.amendments):
            if content["id"] == pack_id:
                return _pack(family, family.timeline()[place + 1])
    raise _unknown(pack_id, folder)


def in_force(pack_id: str, on: dt.date, *, path: str = "", folder: Path | None = None) -> Pack:
    """The base pack `pack_id` with the amendments in force on the Beijing day `on`, and the local
    overlays along `path`.

    Refuses (NotFound) an unknown id or a day outside the pack's validity.
    """
    family = _family(pack_id, folder)
    first = _pack(family, ())
    if on < first.effective_from or (first.effective_to is not None and on > first.effective_to):
        raise NotFound(
            "packs.not_in_force",
            f"The pack {pack_id} is not in force on {on}; it runs from {first.effective_from} "
            f"to {first.effective_to or 'further notice'}.",
            pack_id=pack_id,
            on=on.isoformat(),
        )
    return _merged(family, on, path, None, folder)


def to_read(pack_id: str, on: dt.date, *, path: str = "", folder: Path | None = None) -> Pack:
    """As `in_force`; before the pack's first day as first issued, after its last as it ended.

    For pages about a pack, never for deciding.
    """
    first = _pack(_family(pack_id, folder), ())
    last = first.effective_to or dt.date.max
    nearest = min(max(on, first.effective_from), last)
    return in_force(pack_id, nearest, path=path, folder=folder)


def applicable(
    *,
    disease: str,
    topic: str = CONTROL,
    on: dt.date,
    path: str = "",
    since: dt.date | None = None,
    folder: Path | None = None,
) -> Pack:
    """The one pack that holds for a disease and topic on the Beijing day `on`.

    path: division path of the place, e.g. ``140000000000/140100000000/``; packs and overlays of
        the units on it count, the country's always.
    since: day on which the subject came under the rule.  What began later reaches it only if it
        is retroactive; a retroactive amendment brings those before it with it, because it was
        written on top of them.
    A disease with no pack of its own for the topic is under the pack for ``any``.  Refuses
    (NotFound) where none holds, and (BadInput) where two do.
    """
    for name in dict.fromkeys((disease, ANY)):
        found = [
            family
            for family in _holding(on, path, folder)
            if (family.header["disease"], family.header.get("topic", CONTROL)) == (name, topic)
        ]
        if len(found) > 1:
            ids = " and ".join(family.id for family in found)
            raise BadInput(
                "packs.ambiguous",
                f"On {on} {ids} hold for {name}, {topic} at the same time; end one of them.",
                disease=name,
                topic=topic,
            )
        if found:
            return _merged(found[0], on, path, since, folder)
    raise NotFound(
        "packs.none_applies",
        f"No pack for {disease}, {topic} is in force on {on}.",
        disease=disease,
        topic=topic,
        on=on.isoformat(),
    )


def command(
    *, on: dt.date, path: str = "", since: dt.date | None = None, folder: Path | None = None
) -> Pack | None:
    """The chain of command in force, whose escalations every pack may name; None where none is.

    As `applicable` for any disease and the topic ``command``.
    """
    try:
        return applicable(disease=ANY, topic=COMMAND, on=on, path=path, since=since, folder=folder)
    except NotFound:
        return None


def all_applicable(
    on: dt.date, path: str = "", *, since: dt.date | None = None, folder: Path | None = None
) -> tuple[Pack, ...]:
    """Every pack that holds on the Beijing day `on` along `path`, by id."""
    return tuple(_merged(family, on, path, since, folder) for family in _holding(on, path, folder))


def jurisdictions(*, folder: Path | None = None) -> frozenset[str]:
    """Codes of the units that have a pack or overlay of their own; elsewhere the country's hold,
    so that places can be looked at together."""
    families = _library(folder).families.values()
    own = {str(content["jurisdiction"]) for family in families for content in family.overlays}
    return frozenset(own | {str(family.header["jurisdiction"]) for family in families}) - {COUNTRY}


def _merged(
    family: Family, on: dt.date, path: str, since: dt.date | None, folder: Path | None
) -> Pack:
    first = _pack(family, ())
    older = first.supersedes
    if since is not None and since < first.effective_from and not first.retroactive and older:
        before = first.effective_from - dt.timedelta(days=1)
        return _merged(_family(older, folder), before, path, since, folder)
    suffixes = _amendments(family, on, since)
    for suffix in _overlays(family, on, path, since):
        version = family.version((*suffixes, suffix))
        if version is not None and version.sound:
            suffixes = (*suffixes, suffix)  # one that does not fit is told by `problems`
    return _pack(family, suffixes)


def _amendments(family: Family, on: dt.date, since: dt.date | None) -> tuple[str, ...]:
    last = 0
    for place, one in enumerate(_pack(family, family.timeline()[-1]).amendments, start=1):
        reaches = since is None or one.effective_from <= since or one.retroactive
        if one.effective_from <= on and reaches:
            last = place
    return family.timeline()[last]


def _overlays(family: Family, on: dt.date, path: str, since: dt.date | None) -> Iterator[str]:
    """Suffixes of the overlays along `path`, from the country down."""
    units = path.split("/")
    found = []
    for content in family.overlays:
        begins, ends = str(content["effective_from"]), content.get("effective_to")
        reaches = since is None or begins <= since.isoformat() or _retroactive(content)
        today = begins <= on.isoformat() <= str(ends or dt.date.max)
        if today and reaches and content["jurisdiction"] in units:
            place = units.index(str(content["jurisdiction"]))
            found.append((place, begins, str(content["suffix"])))
    yield from (suffix for _, _, suffix in sorted(found))


def _retroactive(content: Mapping[str, object]) -> bool:
    said = content.get("transition")
    return isinstance(said, Mapping) and bool(said.get("retroactive"))


def _holding(on: dt.date, path: str, folder: Path | None) -> Iterator[Family]:
    """Families whose base holds on a day along a path; nothing else of them is looked at."""
    day, units = on.isoformat(), {COUNTRY, *path.split("/")}
    for _, family in sorted(_library(folder).families.items()):
        header = family.header
        ends = header.get("effective_to") or dt.date.max.isoformat()
        if header["effective_from"] <= day <= ends and header["jurisdiction"] in units:
            yield family


def _library(folder: Path | None) -> Library:
    shipped = folder or SHIPPED
    local = _local["folder"] if folder is None else None
    marks = (
        library.signature(folder) if folder else (),  # what is shipped does not change
        library.signature(local) if local else (),
    )
    return library.of(shipped, local, marks)


def _family(pack_id: str, folder: Path | None) -> Family:
    try:
        return _library(folder).families[pack_id]
    except KeyError:
        raise _unknown(pack_id, folder) from None


def _pack(family: Family, suffixes: tuple[str, ...]) -> Pack:
    version = family.version(suffixes)
    assert version is not None
    return _sound(family, version)


def _sound(family: Family, version: Version) -> Pack:
    """The pack of a version; refuses (BadInput) one with a mistake in it or its family."""
    for problem in (*family.problems, *version.problems):
        if not problem.remark:
            raise problem.refusal()
    assert version.pack is not None
    return version.pack


def _unknown(pack_id: str, folder: Path | None) -> BadInput | NotFound:
    for problem in problems(folder=folder):
        if problem.file == f"{pack_id}.yaml":
            return problem.refusal()
    known = ", ".join(pack_ids(folder=folder))
    return NotFound(
        "packs.unknown", f"There is no pack '{pack_id}'; there are {known}.", pack_id=pack_id
    )
