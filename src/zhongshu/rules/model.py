"""What a policy pack is once it has been read: frozen, merged, dated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.errors import BadInput, NotFound

Scalar = bool | int | float | str
Value = Scalar | tuple[Scalar, ...]


class Mark(enum.StrEnum):
    """How sure a figure is; only `READ` counts as verified."""

    READ = "V"
    RECALLED = "R"
    DESIGN = "D"


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    zh: str
    en: str


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, to be shown wherever a figure with its id was applied."""

    rule_id: str
    text: Text
    mark: Mark

    @property
    def verified(self) -> bool:
        return self.mark is Mark.READ


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the domain.

    value: a number in `unit`, a word, yes/no, or a tuple of such.
    verified: read in a source; otherwise the local command centre should confirm it.
    source: the sources in words, empty where there is none; note: starts with "design" where the
        figure is our own.
    minimum, maximum: no decision and no local pack may go beyond (None: open).
    kind: last part of the key where one figure has a value per kind, else None.
    set_by: id of the pack or amendment that set the value.
    """

    key: str
    value: Value
    unit: str
    rule_id: str
    mark: Mark
    source: str
    note: str
    title: Text
    minimum: float | None
    maximum: float | None
    kind: str | None
    set_by: str

    @property
    def verified(self) -> bool:
        return self.mark is Mark.READ


@dataclasses.dataclass(frozen=True, slots=True)
class Amendment:
    """A dated overlay that is part of a merged pack.

    transition: what happens to people already under the old rule (None: nothing is said).
    """

    id: str
    title: Text
    effective_from: dt.date
    sources: tuple[str, ...]
    transition: Text | None
    removed: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Pack:
    """A base pack with the amendments in force, merged.

    version: base id and the suffixes of its amendments, e.g. ``cn-covid-9+20``.
    """

    id: str
    disease: str
    edition: Text
    effective_from: dt.date
    effective_to: dt.date | None
    supersedes: str | None
    jurisdiction: str
    sources: tuple[str, ...]
    version: str
    amendments: tuple[Amendment, ...]
    rules: Mapping[str, Rule]
    _figures: Mapping[str, Figure]

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

    def digest(self) -> str:
        """SHA-256 over every key, value, unit and rule id: two packs with one digest decide
        alike."""
        rows = [[f.key, f.value, f.unit, f.rule_id] for f in self._figures.values()]
        text = json.dumps(sorted(rows), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
