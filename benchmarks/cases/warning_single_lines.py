"""Our default for one series in the 42 scenarios, beside its peers, in one run.

An outbreak is detected where a week from its first to its last case is above the threshold (POD,
Noufaily et al. 2013, section 4).  Thresholds are fixed beforehand on TUNING so that a share of 1 %
or 0.5 % of weeks passes them where there is no current outbreak, all scenarios together, and are
used on the REPORTED series; what share passes there is told beside.  Chosen on TUNING too: the sum
of two weeks (exponentially weighted means found 3-4 of 100 fewer, cumulative sums 5), and to free
the dispersion once of what weights cut off (until it agrees with itself it was too large).  The
line between a nominal and a realised share uses no tuned threshold: it is the normal quantile that
the product uses.

Peers: our Farrington method with its published defaults, by its exceedance score (count - expected)
/ (bound - expected), also without its rule of five cases in four weeks (the score jumps at that
rule, so a share is not met exactly); and the true mean and dispersion, which no method can know.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import special, stats

from benchmarks.cases import warning_scenarios as made
from benchmarks.cases.warning_scenarios import Floats, Series
from zhongshu.engines.warning.history import accumulate, baseline
from zhongshu.engines.warning.published import farrington
from zhongshu.kernel.random import stream

HOW = baseline.Options(
    season=made.SEASON
)  # the scenarios' year has 52 weeks; all else is the default
RULE = accumulate.Sum()  # the default
START, END = made.CURRENT
EARLIER = RULE.window - 1  # weeks tested before the current ones, for the sum
AT = np.arange(START - EARLIER, END)
SHARES = (0.01, 0.005)
POD_GOALS = (0.60, 0.52)
TRUTH, TRUTH_SUM = "true mean known", "true mean known, sum of two weeks"
OURS, OURS_ALONE = "ours, sum of two weeks", "ours, a week alone"
PEER, PEER_ALL = "Farrington, published defaults", "Farrington, any number of cases"
# On TUNING: `python -m benchmarks.cases.warning_single_lines` prints them.
THRESHOLDS: Mapping[str, tuple[float, float]] = {
    OURS: (2.283, 2.541),
    OURS_ALONE: (2.266, 2.511),
    PEER: (1.0, 1.197),
    PEER_ALL: (1.032, 1.261),
    TRUTH: (2.34, 2.588),
    TRUTH_SUM: (2.349, 2.612),
}
Line = dict[str, Any]


def _truth(counts: Floats, series: Series) -> Floats:
    """z [series, AT] with the true mean and dispersion."""
    y, mean, phi = counts[:, AT], series.mean[:, AT], series.phi
    size = mean / np.maximum(phi - 1, 1e-9)
    clustered, plain = stats.nbinom(size, 1 / phi), stats.poisson(mean)
    above = np.where(phi > 1, clustered.sf(y), plain.sf(y))
    mass = np.where(phi > 1, clustered.pmf(y), plain.pmf(y))
    return np.asarray(-special.ndtri(np.clip(above + _chance(series) * mass, 1e-300, 1 - 1e-16)))


def _chance(series: Series) -> Floats:
    """The same for all methods: they differ by what they know, not by their luck."""
    return stream(len(series.quiet), "warning single").random((len(series.quiet), len(AT)))


def _ours(counts: Floats, series: Series) -> Floats:
    return baseline.expected(counts, AT, HOW, chance=_chance(series)).z


def _farrington(counts: Floats) -> tuple[Floats, Floats]:
    """Exceedance scores [series, AT]: 0 where too few were seen, and without that rule."""
    options = farrington.Flexible()
    found = farrington.flexible(counts, AT, options)
    over, room = counts[:, AT] - found.expected, found.upper - found.expected
    score = np.where(room > 0, over / np.where(room > 0, room, 1.0), np.where(over > 0, np.inf, 0))
    least, weeks = options.enough
    last = np.sum([counts[:, AT - back] for back in range(weeks)], axis=0)
    return np.where(last >= least, score, 0.0), score


def scores(counts: Floats, series: Series) -> dict[str, Floats]:
    """[series, current weeks] of every method: the higher, the odder."""
    ours, truth = _ours(counts, series), _truth(counts, series)
    peer, peer_all = _farrington(counts)
    found = {
        OURS: accumulate.score(ours, RULE),
        OURS_ALONE: ours,
        PEER: peer,
        PEER_ALL: peer_all,
        TRUTH: truth,
        TRUTH_SUM: accumulate.score(truth, RULE),
    }
    return {name: score[:, EARLIER:] for name, score in found.items()}


def thresholds() -> dict[str, tuple[float, ...]]:
    """On TUNING; see THRESHOLDS."""
    series = made.made(made.TUNING)
    quiet = scores(series.quiet, series)
    return {
        name: tuple(round(float(np.quantile(score, 1 - share)), 3) for share in SHARES)
        for name, score in quiet.items()
    }


def line(name: str, value: float, unit: str, **more: Any) -> Line:
    plain: Line = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": f"scenarios: {name}", "value": round(value, 4), "unit": unit, **(plain | more)}


def lines() -> list[Line]:
    series = made.made(made.REPORTED)
    quiet, struck = scores(series.quiet, series), scores(series.counts, series)
    rows = [
        row
        for n, share in enumerate(SHARES)
        for row in detection(series, quiet, struck, n, f"{100 * share:g} %")
    ]
    rows += calibration(series, quiet[OURS], "")
    rows += calibration(series, scores_without_past(series), ", no past outbreaks")
    return [*rows, *speed(series), daily()]


def detection(
    series: Series, quiet: dict[str, Floats], struck: dict[str, Floats], n: int, share: str
) -> list[Line]:
    """POD of all methods at one share, ours first; beside it the better of the published peer's."""
    during = series.during[:, START:END]
    pod, passed = {}, {}
    for name in THRESHOLDS:
        above = struck[name] > THRESHOLDS[name][n]
        pod[name] = float((above & during).any(axis=1).mean())
        passed[name] = round(float((quiet[name] > THRESHOLDS[name][n]).mean()), 5)
    rows = []
    for name in THRESHOLDS:
        unit = f"share of {len(series.quiet)} outbreaks"
        more: Line = {"false_alarms": passed[name]}
        if name == OURS:
            peer = max(PEER, PEER_ALL, key=lambda one: pod[one])
            ratio = round(pod[OURS] / pod[peer], 3)
            more |= {"peer": {"name": peer, "value": round(pod[peer], 4)}, "ratio": ratio}
            more |= {"goal": POD_GOALS[n], "met": pod[OURS] >= POD_GOALS[n]}
        rows.append(line(f"detected at {share} false alarms, {name}", pod[name], unit, **more))
    return rows


def calibration(series: Series, score: Floats, what: str) -> list[Line]:
    """Realised over nominal false alarms at 1 %: overall, and the extremes of groups."""
    passed = score > accumulate.threshold(SHARES[0], RULE)
    over = float(passed.mean()) / SHARES[0]
    unit = f"times nominal, {passed.size} weeks"
    rows = [line(f"false alarms at 1 %{what}", over, unit, goal=[0.8, 1.2], met=0.8 <= over <= 1.2)]
    sloped = np.array([trend for _, trend, _ in made.SCENARIOS] * len(made.REPORTED))
    for name, of in (("7 groups", series.group), ("14 groups (trend)", 2 * series.group + sloped)):
        each = [float(passed[of == one].mean()) / SHARES[0] for one in np.unique(of)]
        for word, value in (("lowest", min(each)), ("highest", max(each))):
            title = f"false alarms at 1 %, {word} of {name}{what}"
            met = 0.5 <= value <= 1.5
            rows.append(line(title, value, "times nominal", goal=[0.5, 1.5], met=met))
    return rows


def scores_without_past(series: Series) -> Floats:
    """Ours on baselines without any outbreak, where the weights have nothing to weigh."""
    rng = stream(made.REPORTED[0], "warning clean")
    excess = np.maximum(series.phi - 1, 1e-9)
    rate = np.where(series.phi > 1, rng.gamma(series.mean / excess, excess), series.mean)
    z = _ours(rng.poisson(rate).astype(np.float64), series)
    return accumulate.score(z, RULE)[:, EARLIER:]


def speed(series: Series) -> list[Line]:
    """On one core, the model fitted again for every week."""
    counts = series.counts[: 4 * len(made.SCENARIOS)]
    seconds = min(_timed(lambda: baseline.expected(counts, AT, HOW)) for _ in range(3))
    peer = min(
        _timed(lambda: farrington.flexible(counts, AT, farrington.Flexible())) for _ in range(3)
    )
    weeks = counts.shape[0] * len(AT) / 1000
    return [
        line(
            "1,000 weeks tested, a fit each", seconds / weeks, "s of one core",
            peer={"name": PEER, "value": round(peer / weeks, 4)}, ratio=round(peer / seconds, 2),
            goal=0.10, met=seconds / weeks <= 0.10,
        )
    ]  # fmt: skip


def daily() -> Line:
    """117 counties x 20 streams, five years of days with weekdays and moving days off."""
    rng = stream(1, "warning daily")
    day = np.arange(5 * 365 + 1)
    festival = np.isin(day % 365, range(20, 27)) | ((day + 11) % 365 < 2)
    state = np.where(festival, 7, day % 7)
    level = np.where(state == 7, 0.5, np.where(state >= 5, 0.7, 1.1))
    level = level * np.exp(0.3 * np.cos(2 * np.pi * day / baseline.YEAR_DAYS))
    mean = rng.lognormal(2.0, 1.0, (117 * 20, 1)) * level
    counts = rng.poisson(rng.gamma(mean, 1.0)).astype(np.float64)
    at = np.array([len(day) - 2, len(day) - 1])
    share_in = np.ones(len(day))
    share_in[-2:] = 0.9, 0.6
    seconds = _timed(
        lambda: baseline.expected(counts, at, baseline.DAILY, state=state, share_in=share_in)
    )
    name = f"{len(counts)} daily streams of {len(day)} days, two days tested, a fit each"
    return line(name, seconds, "s of one core", goal=20, met=seconds < 20)


def _timed(work: Callable[[], Any]) -> float:
    """Seconds of one core: the work is one thread's, whatever else runs beside it."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


if __name__ == "__main__":
    print(thresholds())
