"""From documents to packs: a base, amendments laid over it, local overlays on top.

Every function complains to its context and gives the best pack it can, so that a linter sees all
mistakes of a file at once; the reader refuses a pack that anybody complained about.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.model import Amendment, Figure, Pack
from zhongshu.rules.packfiles import figures, sections, tighten
from zhongshu.rules.packfiles.context import Context
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Text

NEVER = dt.date.max
NOT_THERE = "a local overlay may not add a figure that the pack does not have"


def base(context: Context) -> Pack | None:
    """The pack as first issued; None where it has no first day."""
    content = context.content
    begins, ends = context.day("effective_from"), context.day("effective_to")
    if begins is None:
        return None
    if ends is not None and ends < begins:
        context.say(("effective_to",), f"{ends} is before effective_from {begins}")
    said = content.get("transition")
    return Pack(
        id=context.id,
        disease=content["disease"],
        edition=Text(**content["edition"]),
        effective_from=begins,
        effective_to=ends,
        supersedes=content.get("supersedes"),
        jurisdiction=content["jurisdiction"],
        sources=context.cited(("sources",), content["sources"]),
        version=context.id,
        amendments=(),
        topic=content.get("topic", "control"),
        may_tighten=tuple(content.get("may_tighten", ())),
        effective_note=_maybe(content.get("effective_note")),
        transition=_maybe(said),
        retroactive=said is None or bool(said.get("retroactive")),
        _figures=figures.read(context),
        **_parts(context),
    )


def amended(pack: Pack, context: Context) -> Pack | None:
    """`pack` with one amendment more; None where it has no first day."""
    content = context.content
    begins = context.day("effective_from")
    if begins is None:
        return None
    last = pack.effective_to or NEVER
    if begins <= pack.effective_from:
        context.say(("effective_from",), f"not after {pack.id}'s {pack.effective_from}")
    elif begins > last:
        context.say(("effective_from",), f"{begins} is after {pack.id} ended on {last}")
    kept, removed = _without(context, pack.figures())
    amendment = dataclasses.replace(
        _amendment(context, begins),
        removed=removed,
        dropped=tuple(
            (section, name) for section, ids in content.get("drop", {}).items() for name in ids
        ),
    )
    changed: dict[str, Any] = {
        "version": f"{pack.version}+{content['suffix']}",
        "amendments": (*pack.amendments, amendment),
        "_figures": kept | figures.read(context, kept),
        **_parts(context, before=pack),
    }
    return dataclasses.replace(pack, **changed)


def overlaid(pack: Pack, context: Context, *, plain: Pack) -> Pack | None:
    """`pack` with the stricter figures of a lower unit; None where it has no first day.

    plain: the same without any overlay; the values are judged against it.  Of a figure that a
    unit further up has already made stricter, the stricter value holds.
    """
    content = context.content
    begins, ends = context.day("effective_from"), context.day("effective_to")
    if begins is None:
        return None
    if ends is not None and ends < begins:
        context.say(("effective_to",), f"{ends} is before effective_from {begins}")
    changed = figures.read(context, plain.figures(), bounded=False)
    for figure in changed.values():
        if plain.get(figure.key) is None:
            context.say(tighten.path(context.document, figure), NOT_THERE)
            continue
        why = tighten.refusal(plain, figure)
        if why is not None:
            context.say(tighten.path(context.document, figure), why)
    amendment = dataclasses.replace(
        _amendment(context, begins), effective_to=ends, jurisdiction=content["jurisdiction"]
    )
    return dataclasses.replace(
        pack,
        version=f"{pack.version}+{content['suffix']}",
        amendments=(*pack.amendments, amendment),
        _figures={**pack.figures(), **tighten.stricter(pack, changed)},
    )


def _amendment(context: Context, begins: dt.date) -> Amendment:
    content = context.content
    said = content.get("transition")
    return Amendment(
        id=context.id,
        title=Text(**content["edition"]),
        effective_from=begins,
        sources=context.cited(("sources",), content["sources"]),
        transition=_maybe(said),
        removed=(),
        suffix=content["suffix"],
        retroactive=bool(said and said.get("retroactive")),
    )


def _maybe(said: Mapping[str, Any] | None) -> Text | None:
    return Text(said["zh"], said["en"]) if said else None


def _without(
    context: Context, before: Mapping[str, Figure]
) -> tuple[dict[str, Figure], tuple[str, ...]]:
    """(figures that stay, keys removed)."""
    gone: list[str] = []
    for place, pattern in enumerate(context.content.get("remove", [])):
        hits = [key for key in before if tighten.matches(key, pattern)]
        if not hits:
            what = f"nothing is called {pattern}{nearest(pattern, before)}"
            context.say(("remove", str(place)), what)
        gone += hits
    return {key: figure for key, figure in before.items() if key not in gone}, tuple(gone)


def _parts(context: Context, *, before: Pack | None = None) -> dict[str, dict[str, Any]]:
    """{section: parts by id}: those of `before`, less what is dropped, with what is new."""
    old: dict[str, Mapping[str, Any]] = dict(before.sections()) if before else {}
    gone = set(_dropped(context, old))
    return {
        section: {k: v for k, v in old.get(section, {}).items() if (section, k) not in gone} | new
        for section, new in sections.read(context).items()
    }


def _dropped(context: Context, old: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for section, ids in context.content.get("drop", {}).items():
        for place, name in enumerate(ids):
            if name not in old[section]:
                what = f"nothing is called {name}{nearest(name, old[section])}"
                context.say(("drop", section, str(place)), what)
            yield section, name
