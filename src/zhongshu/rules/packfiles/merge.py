"""From checked documents to packs: figures with their sources, amendments laid over a base."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from zhongshu.rules.model import Amendment, Figure, Mark, Pack, Rule, Text
from zhongshu.rules.packfiles import sections
from zhongshu.rules.packfiles.document import Document

SOURCES_FILE = "sources.yaml"
Sources = Mapping[str, str]


def _day(document: Document, key: str) -> dt.date:
    try:
        return dt.date.fromisoformat(document.content[key])
    except ValueError as error:
        raise document.wrong((key,), f"{document.content[key]} is not a day") from error


def base(document: Document, sources: Sources) -> Pack:
    """The pack as first issued; refuses (BadInput) what contradicts itself."""
    content = document.content
    parts = _parts(document, sources)
    rules = parts["rules"]
    figures: dict[str, Figure] = {}
    for key, entry in content["figures"].items():
        figures.update(_figures(document, key, entry, sources))
    _check(document, figures.values(), rules)
    ends = content.get("effective_to")
    return Pack(
        id=content["id"],
        disease=content["disease"],
        edition=Text(**content["edition"]),
        effective_from=_day(document, "effective_from"),
        effective_to=_day(document, "effective_to") if ends else None,
        supersedes=content.get("supersedes"),
        jurisdiction=content["jurisdiction"],
        sources=_cited(document, ("sources",), content["sources"], sources),
        version=content["id"],
        amendments=(),
        _figures=figures,
        topic=content.get("topic", "control"),
        may_tighten=tuple(content.get("may_tighten", ())),
        effective_note=content.get("effective_note", ""),
        **parts,
    )


def amended(pack: Pack, document: Document, sources: Sources) -> Pack:
    """`pack` with one amendment more; refuses (BadInput) one that fits nothing in it."""
    content = document.content
    begins = _day(document, "effective_from")
    if begins <= pack.effective_from:
        raise document.wrong(("effective_from",), f"not after {pack.id}'s {pack.effective_from}")
    figures = dict(pack.figures())
    removed = _removed(document, figures)
    for key in removed:
        del figures[key]
    changed: dict[str, Figure] = {}
    for key, entry in content.get("figures", {}).items():
        changed.update(_figures(document, key, entry, sources, before=figures))
    figures |= changed
    parts = _parts(document, sources, before=pack)
    _check(document, changed.values(), parts["rules"])
    said = content.get("transition")
    amendment = Amendment(
        id=content["id"],
        title=Text(**content["edition"]),
        effective_from=begins,
        sources=_cited(document, ("sources",), content["sources"], sources),
        transition=Text(said["zh"], said["en"]) if said else None,
        removed=removed,
        suffix=content["suffix"],
        retroactive=bool(said and said.get("retroactive")),
        dropped=tuple(
            (section, name) for section, ids in content.get("drop", {}).items() for name in ids
        ),
    )
    return dataclasses.replace(
        pack,
        version=f"{pack.version}+{content['suffix']}",
        amendments=(*pack.amendments, amendment),
        _figures=figures,
        **parts,
    )


def _removed(document: Document, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    found: list[str] = []
    for place, pattern in enumerate(document.content.get("remove", [])):
        below = pattern.endswith("*")
        start = pattern.removesuffix("*")
        hits = [key for key in figures if (key.startswith(start) if below else key == pattern)]
        if not hits:
            raise document.wrong(("remove", str(place)), f"nothing is called {pattern}")
        found += hits
    return tuple(found)


def _parts(
    document: Document, sources: Sources, *, before: Pack | None = None
) -> dict[str, dict[str, Any]]:
    """{section: parts by id}: those of `before`, less what is dropped, with what is new."""
    content, set_by = document.content, document.content["id"]

    def cite(rule_id: str, numbers: list[str]) -> str:
        return "; ".join(_cited(document, ("rules", rule_id, "source"), numbers, sources))

    new: dict[str, dict[str, Any]] = {
        "rules": sections.rules(content, set_by=set_by, cite=cite),
        "clocks": sections.clocks(content, set_by=set_by),
        "escalations": sections.escalations(content, set_by=set_by),
        "schedules": sections.schedules(content, set_by=set_by),
        "thresholds": sections.thresholds(content, set_by=set_by),
    }
    old = dict(before.sections()) if before else {}
    for section, ids in content.get("drop", {}).items():
        for place, name in enumerate(ids):
            if name not in old[section]:
                raise document.wrong(("drop", section, str(place)), f"nothing is called {name}")
    gone = content.get("drop", {})
    return {
        section: {k: v for k, v in old.get(section, {}).items() if k not in gone.get(section, ())}
        | parts
        for section, parts in new.items()
    }


def _figures(
    document: Document,
    key: str,
    entry: Mapping[str, Any],
    sources: Sources,
    *,
    before: Mapping[str, Figure] | None = None,
) -> dict[str, Figure]:
    """The figure `key`, or one per kind where `each` is given.

    before: figures to inherit from what an amendment leaves out.
    """
    if "value" in entry:
        kinds: dict[str | None, Any] = {None: entry["value"]}
    else:
        kinds = dict(entry["each"])
    made = {}
    for kind, value in kinds.items():
        full = key if kind is None else f"{key}.{kind}"
        old = (before or {}).get(full)
        made[full] = _figure(document, (key, full), entry, value, sources, old=old, kind=kind)
    return made


def _figure(
    document: Document,
    keys: tuple[str, str],
    entry: Mapping[str, Any],
    value: Any,
    sources: Sources,
    *,
    old: Figure | None,
    kind: str | None,
) -> Figure:
    written, full = keys
    path = ("figures", written)
    missing = [name for name in ("unit", "rule", "zh", "en") if name not in entry]
    if old is None and missing:
        raise document.wrong(
            path, f"the pack has no such figure; a new one needs {', '.join(missing)}"
        )
    mark = Mark(entry["mark"])
    cited = _cited(document, (*path, "source"), entry.get("source", []), sources)
    note = entry.get("note", "")
    if mark is Mark.DESIGN:
        note = f"design; {note}" if note else "design"
    return Figure(
        key=full,
        value=tuple(value) if isinstance(value, list) else value,
        unit=entry.get("unit") or (old.unit if old else ""),
        rule_id=entry.get("rule") or (old.rule_id if old else ""),
        mark=mark,
        source="; ".join(cited),
        note=note,
        title=Text(
            entry.get("zh") or (old.title.zh if old else ""),
            entry.get("en") or (old.title.en if old else ""),
        ),
        minimum=entry.get("minimum", old.minimum if old else None),
        maximum=entry.get("maximum", old.maximum if old else None),
        kind=kind if old is None else old.kind,
        set_by=document.content["id"],
        stricter=entry.get("stricter", old.stricter if old else None),
    )


def _cited(
    document: Document, path: tuple[str, ...], numbers: Iterable[str], sources: Sources
) -> tuple[str, ...]:
    for number in numbers:
        if number not in sources:
            raise document.wrong(path, f"source {number} is not listed in {SOURCES_FILE}")
    return tuple(f"[{number}] {sources[number]}" for number in numbers)


def _check(document: Document, figures: Iterable[Figure], rules: Mapping[str, Rule]) -> None:
    for figure in figures:
        written = figure.key if figure.kind is None else figure.key.removesuffix(f".{figure.kind}")
        path: tuple[str, ...] = ("figures", written)
        if path not in document.lines:
            path = ("figures", figure.key)
        if figure.rule_id not in rules:
            raise document.wrong(path, f"the rule {figure.rule_id} is not described under 'rules'")
        values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
        for value in values:
            if isinstance(value, bool | str):
                continue
            low, high = figure.minimum, figure.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                raise document.wrong(path, f"{value:g} is outside its own bounds {low} to {high}")
