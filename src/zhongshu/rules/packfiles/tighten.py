"""May a lower unit set this figure so?  Only where the pack allows it, stricter, within bounds.

The national notices forbid adding measures below (层层加码), so the answer is no unless the pack
says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.rules.model import Figure, Pack
from zhongshu.rules.packfiles import figures
from zhongshu.rules.packfiles.document import Document, Where

HIGHER = "higher"


def matches(key: str, pattern: str) -> bool:
    """Is `key` meant by `pattern`?  A trailing ``.*`` takes all below."""
    if pattern.endswith("*"):
        return key.startswith(pattern.removesuffix("*"))
    return key == pattern


def allowed(pack: Pack, key: str) -> bool:
    return any(matches(key, pattern) for pattern in pack.may_tighten)


def refusal(pack: Pack, figure: Figure) -> str | None:
    """Why the local value in `figure` is refused, in words; None: it is not.

    pack: without any overlay.
    """
    old = pack.figure(figure.key)
    if not allowed(pack, figure.key):
        return (
            f"{pack.version} does not let a lower unit change '{figure.key}': it is not named "
            f"under may_tighten, and measures may not be added below (层层加码)"
        )
    new, was = _number(figure), _number(old)
    if new is None or was is None or old.stricter is None:
        return (
            f"{pack.version} does not say which value of '{figure.key}' is the stricter one, so "
            "no lower unit may change it"
        )
    if (figure.minimum, figure.maximum) != (old.minimum, old.maximum):
        return "a local overlay sets values; the bounds are those of the pack"
    if new != was and not _further(old.stricter, new, was):
        return (
            f"{new:g} {old.unit} instead of {was:g} would loosen {old.rule_id} of {pack.version}; "
            f"a lower unit may only tighten, and {old.stricter} is stricter here"
        )
    outside = figures.bounds(figure)
    return f"{outside[0]} in {pack.version}" if outside else None


def stricter(pack: Pack, changed: Mapping[str, Figure]) -> dict[str, Figure]:
    """Those of `changed` that are stricter than what `pack` has."""
    found = {}
    for key, figure in changed.items():
        new, was = _number(figure), _number(pack.figure(key))
        way = pack.figure(key).stricter
        if new is not None and was is not None and way is not None and _further(way, new, was):
            found[key] = figure
    return found


def path(document: Document, figure: Figure) -> Where:
    """Where the figure is written in its document, whether under its key or under its group."""
    for key in (figure.key, figure.key.rpartition(".")[0]):
        if ("figures", key) in document.lines:
            return ("figures", key)
    return ("figures",)


def _further(way: str, new: float, was: float) -> bool:
    return new > was if way == HIGHER else new < was


def _number(figure: Figure) -> float | None:
    value = figure.value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
