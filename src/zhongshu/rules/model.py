"""What a policy pack is once it has been read: frozen, merged, dated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules.parts import (
    Clock,
    Condition,
    Criterion,
    Escalation,
    EscalationStep,
    Expression,
    Logic,
    Mark,
    Outcome,
    Part,
    Release,
    Rule,
    Schedule,
    Stage,
    Text,
    Threshold,
)

__all__ = [
    "Amendment",
    "Clock",
    "Condition",
    "Criterion",
    "Escalation",
    "EscalationStep",
    "Expression",
    "Figure",
    "Logic",
    "Mark",
    "Outcome",
    "Pack",
    "Part",
    "Release",
    "Rule",
    "Scalar",
    "Schedule",
    "Stage",
    "Text",
    "Threshold",
    "Value",
]

Scalar = bool | int | float | str
Value = Scalar | tuple[Scalar, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the domain.

    value: a number in `unit`, a word, yes/no, or a tuple of such.
    verified: read in a source; otherwise the local command centre should confirm it.
    source: the sources in words, None where there is none; note: what a reader must know besides.
    minimum, maximum: no decision and no local pack may go beyond (None: open).
    kind: last part of the key where one figure has a value per kind, else None.
    stricter: ``higher`` or ``lower`` where one of the two is the stricter value, else None.
    set_by: id of the pack, amendment or local overlay that set the value.
    """

    key: str
    value: Value
    unit: str
    rule_id: str
    mark: Mark
    source: Text | None
    note: Text | None
    title: Text
    minimum: float | None
    maximum: float | None
    kind: str | None
    set_by: str
    stricter: str | None = None

    @property
    def verified(self) -> bool:
        return self.mark is Mark.READ


@dataclasses.dataclass(frozen=True, slots=True)
class Amendment:
    """A dated change, national or local, that is part of a merged pack.

    transition: what happens to people already under the old rule (None: nothing is said).
    retroactive: they go over to the new rule; otherwise they finish under the old one.
    dropped: (section, id) of parts that no longer hold.
    jurisdiction: division code of a local overlay, None for an amendment of the pack itself.
    effective_to: last day of an overlay, None while it goes on.
    """

    id: str
    title: Text
    effective_from: dt.date
    sources: tuple[Text, ...]
    transition: Text | None
    removed: tuple[str, ...]
    suffix: str = ""
    retroactive: bool = False
    dropped: tuple[tuple[str, str], ...] = ()
    jurisdiction: str | None = None
    effective_to: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class Pack:
    """A base pack with the amendments in force, merged.

    version: base id and the suffixes of its amendments, e.g. ``cn-covid-9+20``.
    topic: what the pack is about: ``control``, ``reporting``, ``grading`` and so on.
    disease: ``any`` where it holds for all diseases.
    effective_note: how sure the first day is, where it was not read in a source.
    may_tighten: keys of figures that a lower unit may set stricter; a trailing ``.*`` takes all
        below.  Nothing else may be added below (层层加码 is forbidden).
    """

    id: str
    disease: str
    edition: Text
    effective_from: dt.date
    effective_to: dt.date | None
    supersedes: str | None
    jurisdiction: str
    sources: tuple[Text, ...]
    version: str
    amendments: tuple[Amendment, ...]
    rules: Mapping[str, Rule]
    _figures: Mapping[str, Figure]
    topic: str = "control"
    may_tighten: tuple[str, ...] = ()
    effective_note: Text | None = None
    retroactive: bool = True
    transition: Text | None = None
    clocks: Mapping[str, Clock] = dataclasses.field(default_factory=dict)
    escalations: Mapping[str, Escalation] = dataclasses.field(default_factory=dict)
    schedules: Mapping[str, Schedule] = dataclasses.field(default_factory=dict)
    thresholds: Mapping[str, Threshold] = dataclasses.field(default_factory=dict)

    def figures(self) -> Mapping[str, Figure]:
        """All figures by key, in the order of the pack."""
        return self._figures

    def get(self, key: str) -> Figure | None:
        """The figure, or None where this edition has none."""
        return self._figures.get(key)

    def figure(self, key: str) -> Figure:
        """The figure; refuses (NotFound) a key this edition does not have."""
        try:
            return self._figures[key]
        except KeyError:
            raise NotFound(
                "packs.no_figure",
                f"The pack {self.version} has no figure '{key}'.",
                key=key,
                version=self.version,
            ) from None

    def value(self, key: str) -> Any:
        """The value alone, for a caller who knows its type."""
        return self.figure(key).value

    def number(self, key: str) -> float:
        """The value as a number; a value that is not one is refused (BadInput)."""
        found = self.figure(key).value
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise BadInput("packs.not_a_number", f"The figure '{key}' is {found!r}.", key=key)
        return found

    def numbers(self, key: str) -> tuple[int, ...]:
        """The value as a list of whole numbers, e.g. day numbers; () where there is no figure."""
        figure = self.get(key)
        if figure is None:
            return ()
        values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
        return tuple(int(value) for value in values)

    def group(self, prefix: str) -> dict[str, Any]:
        """{last part: value} of the figures right below `prefix`, e.g. minutes by place kind.

        Empty where this edition has none.
        """
        start = f"{prefix}."
        found = {
            key.removeprefix(start): figure.value
            for key, figure in self._figures.items()
            if key.startswith(start)
        }
        return {name: value for name, value in found.items() if "." not in name}

    def rule(self, rule_id: str) -> Rule:
        """The rule in words; refuses (NotFound) an id the pack does not know."""
        try:
            return self.rules[rule_id]
        except KeyError:
            raise NotFound(
                "packs.no_rule", f"The pack {self.version} has no rule {rule_id}.", rule_id=rule_id
            ) from None

    def check_within(self, key: str, value: float) -> None:
        """Refuses (BadInput) a value outside the figure's minimum and maximum.

        The upper bound is a rule too: the national notices forbid adding measures.
        """
        figure = self.figure(key)
        low, high = figure.minimum, figure.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            asked = f"{low if low is not None else '...'} to {high if high is not None else '...'}"
            raise BadInput(
                "packs.out_of_bounds",
                f"{value:g} {figure.unit} is outside {asked} for '{key}' ({figure.rule_id}).",
                key=key,
                value=value,
                minimum=low,
                maximum=high,
                rule_id=figure.rule_id,
            )

    def sections(self) -> Iterator[tuple[str, Mapping[str, Part]]]:
        """(name, parts by id) of everything that is not a figure."""
        yield "rules", self.rules
        yield "clocks", self.clocks
        yield "escalations", self.escalations
        yield "schedules", self.schedules
        yield "thresholds", self.thresholds

    def digest(self) -> str:
        """SHA-256 over all that decides: figures with unit, rule and bounds, and the logic of
        rules, clocks, escalations, schedules and thresholds; two packs with one digest decide
        alike.  Words, marks and sources are left out."""
        told: dict[str, Any] = {
            "figures": [
                [f.key, f.value, f.unit, f.rule_id, f.minimum, f.maximum, f.stricter]
                for _, f in sorted(self._figures.items())
            ],
            "may_tighten": sorted(self.may_tighten),
        }
        for name, parts in self.sections():
            told[name] = {
                key: _deciding(part)
                for key, part in parts.items()
                if not (isinstance(part, Rule) and part.logic is None)
            }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


_WORDS = {"text", "note", "mark", "source", "legal_basis", "set_by"}


def _deciding(part: object) -> Any:
    """`part` as plain values without its words."""
    if dataclasses.is_dataclass(part) and not isinstance(part, type):
        return {
            field.name: _deciding(getattr(part, field.name))
            for field in dataclasses.fields(part)
            if field.name not in _WORDS
        }
    if isinstance(part, tuple):
        return [_deciding(item) for item in part]
    return part
