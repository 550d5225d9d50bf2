"""Does a file keep to the schema?  Every mistake in one sentence, and what is left without it."""

from __future__ import annotations

import copy
import difflib
import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from zhongshu.rules.packfiles.context import ONE_LANGUAGE
from zhongshu.rules.packfiles.document import Document, Problem, Where

SECTIONS = ("rules", "figures", "clocks", "escalations", "schedules", "thresholds")
Broken = frozenset[tuple[str, str]]  # (section, id) of entries that were left out


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON Schema of pack files (also published as schemas/pack.schema.json)."""
    file = Path(__file__).parents[1] / "pack.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def check(document: Document) -> tuple[dict[str, Any] | None, tuple[Problem, ...], Broken]:
    """(content without its mistakes, the mistakes, the entries left out).

    The content is None where the head of the file is wrong, so that nothing else can be judged.
    """
    content = copy.deepcopy(document.content)
    problems: list[Problem] = []
    broken: set[tuple[str, str]] = set()
    usable = True
    for error in _validator().iter_errors(document.content):
        path = _path(error)
        problems += (document.problem(where, what) for where, what in _sentences(error, path))
        if error.validator == "additionalProperties":
            _without(content, path, _unknown(error))
        elif len(path) > 1 and path[0] in SECTIONS:
            broken.add((path[0], path[1]))
            content.get(path[0], {}).pop(path[1], None)
        else:
            usable = False
    return (content if usable else None), tuple(sorted(set(problems))), frozenset(broken)


def _path(error: jsonschema.ValidationError) -> Where:
    path = tuple(str(part) for part in error.absolute_path)
    return (*path, str(error.instance)) if "propertyNames" in error.absolute_schema_path else path


def _without(content: Any, path: Where, names: Iterable[str]) -> None:
    for part in path:
        content = content.get(part) if isinstance(content, dict) else content[int(part)]
        if content is None:
            return
    for name in names:
        content.pop(name, None)


def nearest(word: str, known: Iterable[str]) -> str:
    """'; did you mean X?' where something like `word` is known, else ''."""
    found = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


def _unknown(error: jsonschema.ValidationError) -> list[str]:
    written: Any = error.instance
    return [name for name in written if name not in _known(error)]


def _known(error: jsonschema.ValidationError) -> Mapping[str, Any]:
    known: Any = error.schema
    return dict(known["properties"])


def _sentences(error: jsonschema.ValidationError, path: Where) -> Iterator[tuple[Where, str]]:
    if error.validator == "additionalProperties":
        for name in _unknown(error):
            yield (*path, name), f"unknown key '{name}'{nearest(name, _known(error))}"
    else:
        make = _SENTENCES.get(str(error.validator))
        yield path, make(error.instance, error.validator_value, error) if make else error.message


def _choice(_value: Any, rule: Any, error: jsonschema.ValidationError) -> str:
    if not all("required" in one for one in rule):
        return error.message
    ways = [" and ".join(f"'{name}'" for name in one["required"]) for one in rule]
    return f"give {' or '.join(ways)}, and not both"


def _enum(value: Any, rule: Any, _error: jsonschema.ValidationError) -> str:
    words = [str(word) for word in rule]
    return f"{_shown(value)} is not one of {', '.join(words)}{nearest(str(value), words)}"


def _form(value: Any, rule: Any, error: jsonschema.ValidationError) -> str:
    noun = "the name " if error.parent is not None or "propertyNames" in error.schema_path else ""
    return f"{noun}{_shown(value)} is not of the form {rule}"


def _type(value: Any, rule: Any, error: jsonschema.ValidationError) -> str:
    asked: Any = error.schema
    if isinstance(value, str) and {"zh", "en"} <= set(asked.get("required", ())):
        return f"{_shown(value)} is in one language; {ONE_LANGUAGE}"
    kinds = rule if isinstance(rule, list) else [rule]
    return f"{_shown(value)} is not of type {' or '.join(map(str, kinds))}"


def _empty(_value: Any, _rule: Any, _error: jsonschema.ValidationError) -> str:
    return "may not be empty"


def _of(_value: Any, _rule: Any, _error: jsonschema.ValidationError) -> str:
    return "a rule with logic names the kind of subject it judges under 'of'"


def _missing(_value: Any, _rule: Any, error: jsonschema.ValidationError) -> str:
    missing = str(error.message).split("'")[1]
    if missing == "source":
        return "what is marked V names the source it was read in: the key 'source' is missing"
    return f"the key '{missing}' is missing"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."


_SENTENCES = {
    "required": _missing,
    "dependentRequired": _of,
    "oneOf": _choice,
    "enum": _enum,
    "pattern": _form,
    "type": _type,
    "minItems": _empty,
    "minProperties": _empty,
    "minLength": _empty,
}
