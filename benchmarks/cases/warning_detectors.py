"""Our single-stream detectors beside R's surveillance on the series it ships, in one run.

All series are tested in one call, aligned at their last week; R tests one after the other.  What R
does otherwise than the papers is compared as R does it where we can do the same, and named where
we cannot: `benchmarks/cases/detectors.R` says what its rows are.
"""

from __future__ import annotations

import csv
import dataclasses
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from zhongshu.engines.warning.model import Method
from zhongshu.engines.warning.published import bayes, cusum, ears_plain, glr, incontrol, rki
from zhongshu.engines.warning.published.bayes import Bayes
from zhongshu.engines.warning.published.cusum import Cusum, Transform
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.glr import Change, Glr
from zhongshu.engines.warning.published.incontrol import Waves
from zhongshu.engines.warning.published.rki import Rki
from zhongshu.engines.warning.tested import Columns, Floats, Tested

SCRIPT = Path(__file__).parent / "detectors.R"
PEER = "R surveillance"
R_CLOCK = 0.001  # s
WEEKS, KNOWN_ALPHA = 52, 0.1
Line = dict[str, Any]
Array = np.ndarray[Any, Any]
Run = Callable[[Floats, Columns, Floats], Tested]


@dataclasses.dataclass(frozen=True)
class Case:
    """peer: the function of R.  run: ours, with R's in-control mean, which only some take.
    compared: field of `Tested` against R's `upper` or `statistic`."""

    peer: str
    run: Run
    compared: str = "upper"
    goal: float | None = 1e-6


def _ears(params: Plain) -> Run:
    return lambda counts, at, _: ears_plain.plain(counts, at, params)


def _glr(params: Glr, *, given: bool = False) -> Run:
    return lambda counts, at, mean: glr.glr(counts, at, params, mean=mean if given else None)


def _cusum(transform: Transform) -> Run:
    return lambda counts, at, _: cusum.cusum(counts, at, Cusum(transform=transform))


def _bayes(params: Bayes) -> Case:
    strict = dataclasses.replace(params, alpha=0.01)
    return Case("algo.bayes", lambda counts, at, _: bayes.bayes(counts, at, strict))


def _rki(params: Rki) -> Case:
    return Case("algo.rki", lambda counts, at, _: rki.rki(counts, at, params))


_POISSON = Glr(bound=False)
_NEGBIN = dataclasses.replace(_POISSON, waves=Waves(alpha=KNOWN_ALPHA))
_DOUBLED = dataclasses.replace(_NEGBIN, size=float(np.log(2)))
_EPIDEMIC = dataclasses.replace(_POISSON, change=Change.EPIDEMIC, window=20)
_EPIDEMIC_NEGBIN = dataclasses.replace(_EPIDEMIC, waves=_NEGBIN.waves)
CASES: Mapping[str, Case] = {
    "c1": Case("earsC", _ears(Plain(Method.C1, alpha=0.001))),
    "c2": Case("earsC", _ears(Plain(Method.C2, min_sigma=0.5, alpha=0.01))),
    "c3": Case("earsC", _ears(Plain(Method.C3, min_sigma=0.5, alpha=0.025, as_surveillance=True))),
    "bayes1": _bayes(bayes.BAYES_1),
    "bayes2": _bayes(bayes.BAYES_2),
    "bayes3": _bayes(bayes.BAYES_3),
    "rki1": _rki(rki.RKI_1),
    "rki2": _rki(rki.RKI_2),
    "rki3": _rki(rki.RKI_3),
    "standard": Case("algo.cusum", _cusum(Transform.STANDARD), "statistic"),
    "rossi": Case("algo.cusum", _cusum(Transform.ROSSI), "statistic"),
    "glr_poisson": Case("algo.glrnb", _glr(_POISSON), "statistic"),
    "lr_negbin": Case("algo.glrnb", _glr(_DOUBLED, given=True), "statistic"),
    "glr_negbin_defined": Case("optimize of R", _glr(_NEGBIN, given=True), "statistic"),
    "epi_poisson_defined": Case("optimize of R", _glr(_EPIDEMIC, given=True), "statistic"),
    "epi_negbin_defined": Case("optimize of R", _glr(_EPIDEMIC_NEGBIN, given=True), "statistic"),
}


def lines() -> list[Line]:
    """Alarms and bounds or statistics against R's, and the time of both, for each method."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["Rscript", str(SCRIPT), folder], check=True, capture_output=True)
        return compare(Path(folder))


def compare(folder: Path) -> list[Line]:
    """`lines` from what R has written into `folder`."""
    names, counts = _series(_read(folder / "series.csv"))
    told = _told(_read(folder / "results.csv"), names)
    spent: dict[str, float] = defaultdict(float)
    for row in _read(folder / "seconds.csv"):
        spent[row["how"]] += float(row["seconds"])
    found = [
        _lines_of(how, case, counts, told, spent.get(how.removesuffix("_defined")))
        for how, case in CASES.items()
    ]
    found += [_stops_early(how, told) for how in ("glr_negbin", "epi_poisson")]
    return [line for some in [*found, _alpha(counts, told)] for line in some]


def _series(rows: list[dict[str, str]]) -> tuple[list[str], Floats]:
    """All series in one array, aligned at the end; nan before a series begins."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        values[row["name"]].append(_number(row["count"]))
    longest = max(map(len, values.values()))
    counts = np.full((len(values), longest), np.nan)
    for n, one in enumerate(values.values()):
        counts[n, longest - len(one) :] = one
    return list(values), counts


def _told(rows: list[dict[str, str]], names: list[str]) -> dict[str, dict[str, Array]]:
    """how -> what R says, each [series, weeks], nan where it says nothing."""
    place = {name: n for n, name in enumerate(names)}
    told: dict[str, dict[str, Array]] = {}
    columns: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        kept = told.setdefault(
            row["how"],
            {
                what: np.full((len(names), WEEKS), np.nan)
                for what in ("expected", "upper", "statistic", "alarm")
            },
        )
        column = columns[row["how"], row["name"]]
        columns[row["how"], row["name"]] += 1
        for what, values in kept.items():
            values[place[row["name"]], column] = _number(row[what])
    return told


def _ours(case: Case, counts: Floats, mean: Floats, how: str) -> Tested:
    """The last year of all series.  An epidemic chart of R does not know the week before it."""
    if how.startswith("epi"):
        return case.run(counts[:, -WEEKS:], np.arange(WEEKS), mean)
    wide = np.full(counts.shape, np.nan)
    wide[:, -WEEKS:] = mean
    length = counts.shape[1]
    return case.run(counts, np.arange(length - WEEKS, length), wide)


def _lines_of(
    how: str,
    case: Case,
    counts: Floats,
    told: Mapping[str, Mapping[str, Array]],
    theirs: float | None,
) -> list[Line]:
    """theirs: R's seconds; a slow definition is no peer in time, its function in R is."""
    row = told[how]
    there = ~np.isnan(row["alarm"]).all(axis=1)
    counts, row = counts[there], {what: values[there] for what, values in row.items()}
    times = []
    for _ in range(4):
        begin = time.perf_counter()
        found = _ours(case, counts, row["expected"], how)
        times.append(time.perf_counter() - begin)
    said = ~np.isnan(row["alarm"])
    differ = int((found.alarm != (row["alarm"] == 1))[said].sum())
    apart = _apart(getattr(found, case.compared), row[case.compared])
    weeks = int(said.sum())
    ours = float(np.median(times[1:]))
    # R's clock steps by a millisecond: a call that it says took none is no time to compare with
    unseen = theirs is not None and theirs < R_CLOCK
    theirs = None if unseen else theirs
    peer = {
        "name": f"{PEER} ({case.peer}{', under 1 ms a call' if unseen else ''})",
        "value": theirs and round(theirs, 4),
        "same_answer": not differ,
    }
    title = f"{how} on {weeks} weeks of R's data sets"
    goal = {"goal": case.goal, "met": case.goal is None or apart <= case.goal}
    return [
        _line(f"{title}: alarms that differ", differ, "1", peer=peer, goal=0, met=differ == 0),
        _line(f"{title}: {case.compared}, largest relative difference", apart, "1", peer=peer)
        | goal,
        _line(
            f"{title}: time",
            round(ours, 5),
            "s",
            peer=peer,
            ratio=theirs and round(theirs / ours, 1),
        ),
    ]


def _apart(mine: Array, theirs: Array) -> float:
    """Where both say something; below 1 the difference itself."""
    known = ~np.isnan(theirs) & ~np.isnan(mine) & np.isfinite(mine)
    apart = np.abs(mine - theirs)[known] / np.maximum(np.abs(theirs[known]), 1)
    return float(apart.max(initial=0.0))


def _stops_early(how: str, told: Mapping[str, Mapping[str, Array]]) -> list[Line]:
    """glrnb beside its own definition maximised by R's optimize, until either alarms: after that
    they look at other weeks."""
    glrnb, defined = told[how], told[f"{how}_defined"]
    quiet = np.maximum(glrnb["alarm"], defined["alarm"]).cumsum(axis=1) <= 1
    apart = (glrnb["statistic"] - defined["statistic"])[quiet]
    title = f"{how} on {int(quiet.sum())} weeks to the first alarm: weeks where R's glrnb is"
    return [
        _line(
            f"{title} below the maximum that R's optimize finds", int((apart < -1e-6).sum()), "1"
        ),
        _line(f"{title} above it", int((apart > 1e-6).sum()), "1"),
    ]


def _alpha(counts: Floats, told: Mapping[str, Mapping[str, Array]]) -> list[Line]:
    """The overdispersion estimated, and the in-control mean with it, where there is any."""
    row = told["alpha"]
    length = counts.shape[1]
    mean, alpha = incontrol.fit(counts, start=length - WEEKS, stop=length, waves=Waves(alpha=None))
    theirs = row["statistic"][:, 0]
    seen = theirs > 1e-3  # below it counts vary as Poisson, and R's iteration does not settle
    title = f"overdispersion of {int(seen.sum())} series with a seasonal mean"
    peer = {"name": f"{PEER} (algo.glrnb, alpha = NULL)"}
    return [
        _line(
            f"{title}: alpha, largest relative difference",
            float(np.max(np.abs(alpha - theirs)[seen] / theirs[seen])), "1", peer=peer,
        ),
        _line(f"{title}: mean, largest relative difference",
              _apart(mean[seen], row["expected"][seen]), "1", peer=peer),
    ]  # fmt: skip


def _line(name: str, value: float, unit: str, **more: Any) -> Line:
    plain: Line = {"peer": None, "ratio": None, "goal": None, "met": None}
    return {"name": name, "value": value, "unit": unit, **(plain | more)}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    return float("nan") if text in {"NA", "NaN"} else float(text)
