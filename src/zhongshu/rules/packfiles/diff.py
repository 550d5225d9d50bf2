"""What differs between two versions of a pack, entry by entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.rules.model import Figure, Pack
from zhongshu.rules.packfiles.plain import part

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """section: ``figures``, ``rules`` ...; before, after: the entry as plain values, None where
    there is none."""

    section: str
    key: str
    what: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    rule_id: str


def changes(before: Pack, after: Pack) -> Iterator[Change]:
    """Everything that differs, sections in the order of a file, entries in the order of `after`,
    what was removed at the end of its section."""
    yield from _section("figures", before.figures(), after.figures())
    new = dict(after.sections())
    for section, old in before.sections():
        yield from _section(section, old, new[section])


def _section(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in (*new, *(key for key in old if key not in new)):
        was, now = _entry(old.get(key)), _entry(new.get(key))
        if was != now:
            what = CHANGED if was and now else ADDED if now else REMOVED
            rule_id = (new.get(key) or old[key]).rule_id
            yield Change(section, key, what, was, now, rule_id)


def _entry(one: Any) -> dict[str, Any] | None:
    if one is None:
        return None
    if isinstance(one, Figure):
        told = {
            "value": list(one.value) if isinstance(one.value, tuple) else one.value,
            "unit": one.unit,
            "mark": one.mark.value,
            "minimum": one.minimum,
            "maximum": one.maximum,
            "stricter": one.stricter,
        }
        return {name: value for name, value in told.items() if value is not None}
    return part(one)
