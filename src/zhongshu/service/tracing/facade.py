"""What others may use of tracing: questions over the visits of the lake.

The hot index answers where it is a copy of the truth and knows nothing later than asked; else the
Parquet files do, with the same answer.
"""

from __future__ import annotations

from zhongshu.service.tracing.asked import only, windows_of
from zhongshu.service.tracing.question import (
    ENGINES,
    Engine,
    engine_of,
    index,
    trace,
    tracer,
)
from zhongshu.service.tracing.retrace import Retraced, retrace

__all__ = [
    "ENGINES",
    "Engine",
    "Retraced",
    "engine_of",
    "index",
    "only",
    "retrace",
    "trace",
    "tracer",
    "windows_of",
]
