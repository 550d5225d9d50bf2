"""One pack file: YAML to plain values, checked, every complaint with file, line and key."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from zhongshu.kernel.errors import BadInput

Where = tuple[str, ...]
# The C parser where the wheel has it: ten times as fast, and the same lines.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclasses.dataclass(frozen=True)
class Document:
    """The plain content of a YAML file and the line each key stands on."""

    file: str
    content: dict[str, Any]
    lines: dict[Where, int]

    def wrong(self, path: Where, what: str) -> BadInput:
        """The refusal for `what` being wrong at `path` (the nearest line known is named)."""
        line = next(
            (self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1
        )
        key = " > ".join(path) or "file"
        return BadInput(
            "packs.invalid",
            f"{self.file}, line {line}, {key}: {what}",
            file=self.file,
            line=line,
            key=key,
        )


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON Schema of pack files (also published as schemas/pack.schema.json)."""
    file = Path(__file__).parents[1] / "pack.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def read_yaml(file: Path) -> Document:
    """Refuses (BadInput) what is not YAML, not a mapping, or has one key twice."""
    lines: dict[Where, int] = {}
    try:
        loader = _Loader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        content = _plain(loader, node, (), lines, file.name)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise BadInput(
            "packs.unreadable", f"{file.name}{where}: not readable as YAML: {problem}."
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput("packs.unreadable", f"{file.name}: not UTF-8 text.") from error
    if not isinstance(content, dict):
        raise BadInput("packs.unreadable", f"{file.name}: a pack is a mapping of keys to values.")
    return Document(file.name, content, lines)


def read_pack(file: Path) -> Document:
    """A pack file that keeps to the schema; refuses (BadInput) one that does not."""
    document = read_yaml(file)
    validator = jsonschema.Draft202012Validator(schema())
    error = jsonschema.exceptions.best_match(validator.iter_errors(document.content))
    if error is not None:
        path = tuple(str(part) for part in error.absolute_path)
        raise document.wrong(path, _in_words(error))
    return document


def _in_words(error: jsonschema.ValidationError) -> str:
    # The only choice in the schema that a value of the wrong type cannot fail by itself.
    if error.validator == "oneOf" and error.absolute_path and error.absolute_path[0] == "figures":
        return "give 'value', or 'each' with one value per kind, and not both"
    return str(error.message)


def _plain(
    loader: Any, node: Any, path: Where, lines: dict[Where, int], file: str
) -> Any:
    if node is None:
        return None
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(loader, node, path, lines, file))
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(loader, item, (*path, str(place)), lines, file)
            for place, item in enumerate(node.value)
        ]
    if node.tag == "tag:yaml.org,2002:timestamp":  # JSON knows no dates
        return node.value
    return loader.construct_object(node, deep=True)


def _entries(
    loader: Any, node: yaml.MappingNode, path: Where, lines: dict[Where, int], file: str
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise BadInput(
                "packs.key_twice",
                f"{file}, line {line}: the key '{key}' stands here a second time.",
                file=file,
                line=line,
                key=key,
            )
        seen.add(key)
        value = _plain(loader, value_node, (*path, key), lines, file)
        lines[(*path, key)] = line
        yield key, value
