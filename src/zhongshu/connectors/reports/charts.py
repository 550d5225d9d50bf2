"""Small charts: SVG for the page, block characters for Word's cells."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from zhongshu.connectors.reports.facts import Point

_BLOCKS = "▁▂▃▄▅▆▇█"
_INK, _BAND, _GRID = "#1f4e79", "#c9d8e8", "#d5dae0"
_WIDTH, _HEIGHT = 340, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 10, 20


def sparkline(values: Sequence[float | None]) -> str:
    """One block a day from zero to the highest; a day without a report is a dot, never a zero."""
    top = max((value for value in values if value is not None), default=0.0)

    def block(value: float | None) -> str:
        if value is None:
            return "·"
        return _BLOCKS[round(max(value, 0.0) / top * (len(_BLOCKS) - 1)) if top > 0 else 0]

    return "".join(block(value) for value in values)


def bar(value: float | None, top: float, *, width: int = 24) -> str:
    """A bar of block characters, at least one for anything above zero."""
    if not value or value < 0 or top <= 0:
        return ""
    return "█" * max(1, round(value / top * width))


def _nice(top: float) -> float:
    """The next of 1, 2, 5 times a power of ten, at or above `top`."""
    step = 1.0
    while step * 10 <= top:
        step *= 10
    return next((step * times for times in (1, 2, 5, 10) if step * times >= top), step)


class _Frame:
    """Axes from zero to a round number over the points' days, in SVG user units."""

    def __init__(self, points: Sequence[Point]) -> None:
        highest = [v for p in points for v in (p.value, p.high) if v is not None]
        self.top = _nice(max(highest, default=1.0) or 1.0)
        self.step = (_WIDTH - _LEFT - _RIGHT) / max(len(points), 1)
        self.points = points

    def x(self, index: int) -> float:
        return _LEFT + (index + 0.5) * self.step

    def y(self, value: float) -> float:
        return _TOP + (1 - value / self.top) * (_HEIGHT - _TOP - _BOTTOM)

    def axes(self) -> list[str]:
        lines = []
        for share in (0.0, 0.5, 1.0):
            y = self.y(self.top * share)
            lines.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                f'stroke="{_GRID}"/><text x="{_LEFT - 5}" y="{y + 3:.1f}" '
                f'text-anchor="end">{self.top * share:,g}</text>'
            )
        every = max(1, len(self.points) // 5)
        for index in range(len(self.points) - 1, -1, -every):
            day = self.points[index].date
            lines.append(
                f'<text x="{self.x(index):.1f}" y="{_HEIGHT - 6}" '
                f'text-anchor="middle">{day.month:02d}-{day.day:02d}</text>'
            )
        return lines


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def bars(title: str, points: Sequence[Point]) -> str:
    """Counts a day; a day without a report leaves a gap with a dot."""
    frame = _Frame(points)
    parts = frame.axes()
    for index, point in enumerate(points):
        x, width = frame.x(index), frame.step * 0.72
        if point.value is None:
            parts.append(f'<circle cx="{x:.1f}" cy="{frame.y(0) - 3:.1f}" r="1.4" fill="#888"/>')
            continue
        y = frame.y(point.value)
        parts.append(
            f'<rect x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{frame.y(0) - y:.1f}" fill="{_INK}"/>'
        )
    return _svg(title, parts)


def band(title: str, points: Sequence[Point], *, reference: float | None = None) -> str:
    """A line with its interval; `reference` draws a dashed level (Rt = 1)."""
    frame = _Frame(points)
    parts = frame.axes()
    known = [
        (frame.x(index), point.value, point.low, point.high)
        for index, point in enumerate(points)
        if point.value is not None
    ]
    edge = [(x, frame.y(high)) for x, _, _, high in known if high is not None]
    edge += [(x, frame.y(low)) for x, _, low, _ in reversed(known) if low is not None]
    if edge:
        parts.append(f'<polygon points="{_path(edge)}" fill="{_BAND}"/>')
    if reference is not None and reference <= frame.top:
        y = frame.y(reference)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="#b3261e" stroke-dasharray="4 3"/>'
        )
    line = [(x, frame.y(value)) for x, value, _, _ in known]
    parts.append(
        f'<polyline points="{_path(line)}" fill="none" stroke="{_INK}" stroke-width="1.6"/>'
    )
    return _svg(title, parts)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
