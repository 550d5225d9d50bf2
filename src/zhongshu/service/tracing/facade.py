"""What others may use of tracing: questions over the visits of the lake.

The hot index answers where it is a copy of the truth and knows nothing later than asked; else the
Parquet files do, with the same answer.
"""

from __future__ import annotations

from zhongshu.service.tracing.asked import only, windows_of
from zhongshu.service.tracing.cells import Count
from zhongshu.service.tracing.changes import REASONS
from zhongshu.service.tracing.companions import Companions, companions
from zhongshu.service.tracing.finding import Found, find
from zhongshu.service.tracing.fresh import Fresh, fresh
from zhongshu.service.tracing.ground import Place
from zhongshu.service.tracing.inquiries import KINDS, PURPOSES, Asking
from zhongshu.service.tracing.inquiries import listed as inquiries
from zhongshu.service.tracing.kept import from_day as kept_from
from zhongshu.service.tracing.models import Inquiry
from zhongshu.service.tracing.question import (
    ENGINES,
    Engine,
    engine_of,
    index,
    trace,
    tracer,
)
from zhongshu.service.tracing.questions import Common, Timeline, Venue, common, timeline, venue
from zhongshu.service.tracing.retrace import Retraced, keep_ready, retrace

__all__ = [
    "ENGINES",
    "KINDS",
    "PURPOSES",
    "REASONS",
    "Asking",
    "Common",
    "Companions",
    "Count",
    "Engine",
    "Found",
    "Fresh",
    "Inquiry",
    "Place",
    "Retraced",
    "Timeline",
    "Venue",
    "common",
    "companions",
    "engine_of",
    "find",
    "fresh",
    "index",
    "inquiries",
    "keep_ready",
    "kept_from",
    "only",
    "retrace",
    "timeline",
    "trace",
    "tracer",
    "venue",
    "windows_of",
]
