"""In which order amendments of one pack follow each other, and what makes an order impossible.

By day; on one day, an amendment after the one it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhongshu.rules.packfiles.context import Context

PARENTS = ("amends", "overlays")


def parent(content: Mapping[str, object]) -> str | None:
    """Id of the pack or amendment a document changes; None for a base."""
    return next((str(content[name]) for name in PARENTS if name in content), None)


def chain(start: str, parents: Mapping[str, str | None]) -> tuple[tuple[str, ...], bool]:
    """(ids from `start` down to its base, whether they go round in a circle)."""
    found = [start]
    while (above := parents.get(found[-1])) is not None:
        if above in found:
            return (*found, above), True
        found.append(above)
    return tuple(found), False


def ordered(amendments: Iterable[Context]) -> list[Context]:
    """Amendments of one pack as they follow each other; what has no day is left out.

    Complains about an amendment that is older than the one it names, and about two of one day
    that touch the same thing where neither names the other.
    """
    known = {one.id: one for one in amendments}
    parents = {name: parent(one.content) for name, one in known.items()}
    dated = {name: one for name, one in known.items() if one.day("effective_from") is not None}
    depth = {name: len(chain(name, parents)[0]) for name in dated}
    found = sorted(dated, key=lambda name: (_day(dated[name]), depth[name], name))
    for name in found:
        above = parents[name]
        if above in dated and _day(dated[name]) < _day(dated[above]):
            what = (
                f"{_day(dated[name])} is before {above}, which it changes, on {_day(dated[above])}"
            )
            dated[name].say(("effective_from",), what)
    _same_day(found, dated, parents)
    return [dated[name] for name in found]


def _same_day(
    found: Sequence[str], dated: Mapping[str, Context], parents: Mapping[str, str | None]
) -> None:
    for place, name in enumerate(found):
        for other in found[:place]:
            if _day(dated[other]) != _day(dated[name]) or other in chain(name, parents)[0]:
                continue
            both = sorted(touched(dated[name]) & touched(dated[other]))
            if both:
                section, key = both[0]
                what = (
                    f"{other} begins on the same day and also changes {key}; let one of the two "
                    "name the other under 'amends', so that it is clear which holds"
                )
                dated[name].say((section, key), what)


def touched(context: Context) -> set[tuple[str, str]]:
    """(section, id) of everything a document changes, removals as they are written."""
    content = context.content
    found = {("figures", key.removesuffix(".*")) for key in content.get("remove", [])}
    for section in ("rules", "figures", "clocks", "escalations", "schedules", "thresholds"):
        found |= {(section, key) for key in content.get(section, {})}
    for section, ids in content.get("drop", {}).items():
        found |= {(section, name) for name in ids}
    return found


def _day(context: Context) -> str:
    return str(context.content["effective_from"])
