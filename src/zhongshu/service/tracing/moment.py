"""What a trace as of a moment is asked with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.kernel import tables
from zhongshu.rules.model import Pack
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.tracerules import trace_rules
from zhongshu.service.tracing import question
from zhongshu.service.tracing.asked import windows_of
from zhongshu.service.tracing.index import Index, Span


@dataclasses.dataclass(frozen=True)
class Moment:
    """All that a trace as of a moment is asked with.

    asked: `model.CASES` of every open case, canonical pseudonyms.  found: whom the last traces
    found (`contacts.FOUND`), canonical.
    """

    here: Index
    pack: Pack
    rules: model.TraceRules
    as_of: dt.datetime
    span: Span
    asked: pa.Table
    isolations: pa.Table
    households: pa.Table
    aliases: pa.Table

    @functools.cached_property
    def digest(self) -> str:
        """Of pack and method: whatever answers may depend on besides facts."""
        words = json.dumps([self.pack.digest(), model.VERSION, self.rules.as_json()])
        return hashlib.sha256(words.encode()).hexdigest()

    @functools.cached_property
    def read_from(self) -> dt.datetime:
        first: dt.datetime | None = pc.min(self.asked["window_from"]).as_py()
        return first or self.as_of

    @functools.cached_property
    def open(self) -> frozenset[int]:
        """Ids of the open cases."""
        return frozenset(self.asked["case_id"].to_pylist())

    def found(self) -> pl.DataFrame:
        return tables.frame(model.canonical(contacts.found(), self.aliases))


def at(as_of: dt.datetime, pack: Pack, root: Path | None = None) -> Moment:
    """What is known at `as_of` of cases and persons."""
    here, rules = question.index(root), trace_rules(pack)
    asked = windows_of(cases.open_cases(as_of), pack=pack, until=as_of)
    span = question.span_of(asked, rules, as_of)
    known = here.people(span)
    return Moment(
        here,
        pack,
        rules,
        as_of,
        span,
        model.canonical(asked, known.aliases),
        contacts.isolations(as_of),
        known.households,
        known.aliases,
    )
