"""Kept reports: ``<root>/<period>/<lang>.<format>`` and ``as_of.txt`` beside them.

The service's doors reach this module by name (``ZHONGSHU_REPORT_PORT``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, cast

from zhongshu.connectors.reports.catalogue import LANGS, Lang
from zhongshu.connectors.reports.gather import gather
from zhongshu.connectors.reports.render import FORMATS, Format, render
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.service.periods import facade as periods

_AS_OF = "as_of.txt"


class Listed(TypedDict):
    period: str
    as_of: dt.datetime
    langs: list[str]
    formats: list[str]


def write(
    root: Path,
    *,
    langs: Sequence[str],
    formats: Sequence[str],
    base_url: str,
    now: dt.datetime | None = None,
) -> list[Path]:
    """Write the report of the last run's period; the files written.

    now: the headquarters' time; the report then speaks of the period up to it, with what was
    decided after the run.  Without it the report speaks of the moment of the run.  Refuses
    (NotFound) before the first run.  A report that is there is replaced in one step.
    """
    run = periods.runs().exclude(state=periods.Run.State.RUNNING).order_by("-as_of").first()
    if run is None:
        raise NotFound(
            "reports.no_run", "No cycle has run yet; run one first (zhongshu cycle run)."
        )
    period = beijing_day(run.as_of)
    end = start_of_day(period + DAY) - dt.timedelta(seconds=1)
    as_of = max(run.as_of, min(now, end)) if now else run.as_of
    found = gather(as_of=as_of, period=period)
    folder = root / period.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lang in langs:
        for form in formats:
            _check(lang, form)
            made = render(
                found, lang=cast(Lang, lang), format=cast(Format, form), base_url=base_url
            )
            written.append(_replace(folder / f"{lang}.{form}", made))
    _replace(folder / _AS_OF, as_of.isoformat().encode())
    return written


def _replace(path: Path, content: bytes) -> Path:
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(content)
    return half.replace(path)


def listed(root: Path) -> list[Listed]:
    """Latest period first."""
    found: list[Listed] = []
    for mark in root.glob(f"*/{_AS_OF}"):
        there = {path.name for path in mark.parent.iterdir()}
        found.append(
            {
                "period": mark.parent.name,
                "as_of": dt.datetime.fromisoformat(mark.read_text(encoding="ascii")),
                "langs": [x for x in LANGS if any(f"{x}.{form}" in there for form in FORMATS)],
                "formats": [x for x in FORMATS if any(f"{lang}.{x}" in there for lang in LANGS)],
            }
        )
    return sorted(found, key=lambda one: one["period"], reverse=True)


def content(root: Path, *, period: str, lang: str, format: str) -> bytes:
    """Refuses (NotFound) a report that is not there, (BadInput) what is no period."""
    _check(lang, format)
    try:
        day = dt.date.fromisoformat(period)
    except ValueError:
        raise BadInput("reports.period", f"'{period}' is not a day like 2022-11-08.") from None
    path = root / day.isoformat() / f"{lang}.{format}"
    if not path.is_file():
        raise NotFound("reports.unknown", f"There is no report of {period} in this form.")
    return path.read_bytes()


def _check(lang: str, form: str) -> None:
    if lang not in LANGS or form not in FORMATS:
        raise BadInput(
            "reports.form",
            f"Reports come in {', '.join(LANGS)} and as {', '.join(FORMATS)}, not {lang}.{form}.",
        )
