"""One YAML file as plain values, with the line every key stands on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from zhongshu.kernel.errors import BadInput

Where = tuple[str, ...]
# The C parser where the wheel has it: ten times as fast, and the same lines.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
INVALID, UNREADABLE, TWICE = "packs.invalid", "packs.unreadable", "packs.key_twice"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a pack file, in one sentence.

    key: the keys that lead to it, joined by ' > '; remark: worth a look, but no reason to refuse
    the file.
    """

    file: str
    line: int
    key: str
    what: str
    code: str = INVALID
    remark: bool = False

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}"
        return f"{where}, {self.key}: {self.what}" if self.key else f"{where}: {self.what}"

    def refusal(self) -> BadInput:
        return BadInput(self.code, str(self), file=self.file, line=self.line, key=self.key)


@dataclasses.dataclass(frozen=True)
class Document:
    """The plain content of a YAML file and the line each key stands on.

    file: name to show; problems: keys that stand there twice.
    """

    file: str
    content: dict[str, Any]
    lines: dict[Where, int]
    problems: tuple[Problem, ...] = ()
    local: bool = False

    def problem(self, path: Where, what: str, *, remark: bool = False) -> Problem:
        """`what` is wrong at `path`; the line is that of the nearest key that is there."""
        line = next(
            (self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1
        )
        return Problem(self.file, line, " > ".join(path) or "file", what, remark=remark)


def read_yaml(file: Path, *, shown: str | None = None, local: bool = False) -> Document:
    """Refuses (BadInput) what is not UTF-8, not YAML, or not a mapping.

    shown: name of the file in sentences, its own name if not given.
    """
    name = shown or file.name
    reading = _Reading(name)
    try:
        content = reading.content(file.read_text(encoding="utf-8"))
    except yaml.reader.ReaderError as error:
        raise Problem(
            name, 1, "", f"not readable: {error.reason}.", UNREADABLE
        ).refusal() from error
    except yaml.YAMLError as error:
        raise _unreadable(name, error) from error
    except UnicodeDecodeError as error:
        raise Problem(name, 1, "", "not UTF-8 text.", UNREADABLE).refusal() from error
    except OSError as error:
        raise Problem(name, 1, "", f"{error.strerror}.", UNREADABLE).refusal() from error
    if not isinstance(content, dict):
        what = "a pack is a mapping of keys to values."
        raise Problem(name, 1, "", what, UNREADABLE).refusal()
    return Document(name, content, reading.lines, tuple(reading.twice), local)


def _unreadable(name: str, error: yaml.YAMLError) -> BadInput:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    line = mark.line + 1 if mark else 1
    return Problem(name, line, "", f"not readable as YAML: {problem}.", UNREADABLE).refusal()


class _Reading:
    """Turns the nodes of one file into plain values and remembers their lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Where, int] = {}
        self.twice: list[Problem] = []

    def content(self, text: str) -> Any:
        self._loader = _Loader(text)
        return self._plain(self._loader.get_single_node(), ())

    def _plain(self, node: Any, path: Where) -> Any:
        if node is None:
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, str(n))) for n, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":  # JSON knows no dates
            return node.value
        return self._loader.construct_object(node, deep=True)

    def _entries(self, node: yaml.MappingNode, path: Where) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                what = f"the key '{key}' stands here a second time"
                self.twice.append(Problem(self.file, line, " > ".join((*path, key)), what, TWICE))
                continue
            seen.add(key)
            self.lines[*path, key] = line
            yield key, self._plain(value_node, (*path, key))
