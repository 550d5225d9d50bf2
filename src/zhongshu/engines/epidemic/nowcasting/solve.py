"""Nowcast of the days whose reports are incomplete, as draws of their final counts."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zhongshu.engines.epidemic import model
from zhongshu.engines.epidemic.model import Floats
from zhongshu.engines.epidemic.nowcasting import delay, level, triangle
from zhongshu.engines.epidemic.nowcasting.triangle import build
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.kernel.runcard import RunCard

__all__ = ["Nowcast", "build", "nowcast"]

CURVES = 40  # drawn curves of the delay, each with its own fit of the level
CANDIDATES = 32  # shares seen that each draw may choose from


@dataclasses.dataclass(frozen=True)
class Nowcast:
    """Of the last `max_delay` days, oldest first, today last.

    reported: so far, (max_delay,).  draws: final counts, (draws, max_delay), never below reported.
    share_seen: expected share of a day's cases reported by now, (max_delay,).
    """

    reported: Floats
    draws: Floats
    share_seen: Floats
    card: RunCard

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """(levels, max_delay)."""
        return np.asarray(np.quantile(self.draws, levels, axis=0))


def nowcast(table: npt.ArrayLike, *, first_weekday: int, draws: int = 2000, seed: int) -> Nowcast:
    """Final counts of the days of onset that are not complete yet.

    table: reporting triangle, (days, max_delay + 1), as `build` makes it; six to ten weeks of days
        are best.  Reports later than `max_delay` are not foreseen.
    first_weekday: of the first row, Monday 0.

    The delay is estimated first (`delay`), then the level (`level`) for each of many curves of the
    delay; given both, what is still to come is Poisson around the part of the day's own level that
    is not seen.  The level tells the delay nothing.
    Refuses triangles with gaps before today or under a week more days than delays, and no cases.
    """
    counts = triangle.checked(table)
    if not 0 <= first_weekday <= 6 or draws < 100:
        raise BadInput(
            "epidemic.nowcast", "Weekdays are 0 to 6, and at least 100 draws are needed."
        )
    if np.nansum(counts) == 0:
        raise BadInput("epidemic.no_cases", "There is no case in the reporting triangle.")
    chance = stream(seed, "epidemic.nowcast")
    most = counts.shape[1] - 1
    delays = delay.estimate(counts, first_weekday=first_weekday, draws=CURVES, chance=chance)
    shares = delay.seen(delays, each=-(-draws // CURVES), chance=chance)
    so_far = np.nansum(counts, axis=1)
    pairs, likely = level.likely(_known(so_far, shares.reshape(-1, most), first_weekday))
    coming = []
    for share, pair in zip(shares, chance.choice(len(pairs), CURVES, p=likely), strict=True):
        known = _known(so_far, share, first_weekday)
        levels = level.estimate(known, pairs[pair], draws=len(share), chance=chance)
        coming.append(_coming(so_far[-most:], share, levels, chance))
    final = so_far[-most:] + np.concatenate(coming)[:draws]
    card = RunCard(
        "epidemic.nowcast",
        model.VERSION,
        {"first_weekday": first_weekday, "draws": draws},
        {"triangle": hashlib.sha256(counts.tobytes()).hexdigest()},
        seed,
    )
    return Nowcast(so_far[-most:], final, shares.mean(axis=(0, 1)), card)


def _known(so_far: Floats, shares: Floats, first_weekday: int) -> level.Seen:
    days, most = len(so_far), shares.shape[1]
    share, vary = np.ones(days), np.zeros(days)
    share[days - most :] = shares.mean(axis=0)
    vary[days - most :] = shares.var(axis=0) / shares.mean(axis=0) ** 2
    return level.Seen(so_far, share, vary, first_weekday)


def _coming(
    so_far: Floats, shares: Floats, levels: level.Levels, chance: np.random.Generator
) -> Floats:
    """Cases still to come, (draws, days), given a level of the day.

    Each draw chooses among candidates of the share seen by how well they explain what is reported;
    the day's own noise is then a gamma (conjugate), and what is to come is Poisson.
    """
    draws, days = shares.shape
    mean = np.exp(np.minimum(levels.log_mean[:, -days:], 25))
    size = levels.size
    picks = chance.integers(draws, size=(CANDIDATES, draws))
    options = shares[picks]  # (candidates, draws, days)
    expected = mean * options
    chances = so_far * np.log(expected) - (so_far + size) * np.log(size + expected)
    noise = chance.gumbel(size=options.shape)
    best = np.argmax(chances + noise, axis=0)  # drawn in proportion to the chances
    share = np.take_along_axis(options, best[None], axis=0)[0]
    own = chance.gamma(size + so_far, 1 / (size + mean * share))
    return np.asarray(chance.poisson(mean * own * (1 - share)), dtype=np.float64)
