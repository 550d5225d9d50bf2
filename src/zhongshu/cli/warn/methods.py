"""One method, by the name an operator gives it, over a grid of counts."""

from __future__ import annotations

import dataclasses
import enum

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning import methods, solve
from zhongshu.engines.warning.history import accumulate, baseline
from zhongshu.engines.warning.inputs import Grid
from zhongshu.engines.warning.methods import Step
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears, farrington
from zhongshu.engines.warning.tested import Columns, Floats
from zhongshu.kernel.errors import BadInput

DEFAULT, DAILY = "default", Method.C2.value  # what judges a short history, also the daily run's
_SHORTER = {"bayes": "bayes_1", "rki": "rki_1"}
NAMES = (DEFAULT, *_SHORTER, *methods.WAYS)
_OWN = {Step.DAY: baseline.DAILY, Step.WEEK: baseline.WEEKLY}
_RULE: dict[Step, accumulate.Rule] = {Step.DAY: accumulate.Ewma(), Step.WEEK: accumulate.Sum()}
# Hutwagner et al. 2003; on the own counts the pack has the figure, and a file has no pack.
SHORT_Z = 3.0
_DAILY = EarsParams(grades=(("alarm", SHORT_Z),))
_WARM = 21  # steps before the first asked, for the accumulation: older ones weigh nothing
# A chart has been kept for so long when it is read: a season, so that its level is of the present.
_CHART = {Step.DAY: 28, Step.WEEK: 13}
CHARTS = frozenset({"cusum", "glr", "glr_epidemic"})


class Why(enum.StrEnum):
    """Why a series has no test."""

    NO_REPORT = "no report"
    TOO_SHORT = "too short"
    GAPS = "too many gaps"
    ZERO = "all zero"


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Of each series and step asked, [series, asked]; nan where there is no test.

    p: chance of such a count or a higher one without an outbreak, nan where the method has none.
    score: what is compared with its threshold: z where `p` is of it.  phi: variance over mean.
    method: by series, what was used.
    """

    method: list[str]
    expected: Floats
    upper: Floats
    phi: Floats
    score: Floats
    p: Floats
    alarm: npt.NDArray[np.bool_]
    tested: npt.NDArray[np.bool_]

    @property
    def has_p(self) -> bool:
        return bool((~np.isnan(self.p))[self.tested].all())


def code(name: str) -> str:
    """The method's own name; refuses one that is none."""
    if name not in NAMES:
        raise BadInput("warn.method", f"There is no method {name}; there are {', '.join(NAMES)}.")
    return _SHORTER.get(name, name)


def needs(name: str, step: Step) -> int:
    """Reports, the one tested included; of the default: of our model and of what stands in."""
    if name == DEFAULT:
        return _OWN[step].needed + _OWN[step].left_out + 1
    if name == DAILY:
        return _DAILY.baseline_min_days + _DAILY.lag_days + 1
    return methods.way(name, step).needs(step)


def run(name: str, grid: Grid, at: Columns, *, step: Step, alpha: float) -> Found:
    """Every series tested at the columns `at`, ascending, each with what was reported before.

    alpha: chance of a false alarm, for Farrington and the default on a long history; the others
    have their own level.  The default tests a series by our model of a long history where that is
    there, and otherwise as the daily run does, by EARS C2 with a variance of at least Poisson's.
    It does not join streams and neighbours as the daily run does: for that borders, confirmed
    outbreaks and the pack's budget must be known, and a file has none of them.
    """
    if name == DEFAULT:
        return _default(grid, at, step, alpha)
    if int(at.max()) + 1 < needs(name, step):
        methods.ask(name, grid.counts, at[-1:], step=step)  # refuses, and says what works
    if name == "farrington":
        return _farrington(grid, at, step, alpha)
    begin = at
    if name in CHARTS:
        begin = np.arange(chart_start(name, int(at[0]), step), int(at[-1]) + 1)
    able = begin[begin + 1 >= needs(name, step)]
    told = methods.ask(name, grid.counts, able, step=step)
    place = np.searchsorted(able, at[at >= able[0]])
    parts = (told.expected, told.upper, told.statistic)
    expected, upper, score = (_placed(one[:, place], at, able[0], grid) for one in parts)
    alarm = np.zeros(expected.shape, np.bool_)
    alarm[:, at >= able[0]] = told.alarm[:, place]
    standard = name in {"ears_c1", "ears_c2"}
    p = np.asarray(stats.norm.sf(score)) if standard else np.full_like(score, np.nan)
    blank = np.full_like(score, np.nan)
    return Found([name] * len(grid.keys), expected, upper, blank, score, p, alarm, ~np.isnan(score))


def chart_start(name: str, column: int, step: Step) -> int:
    """Where the chart begins that is read at `column`: as long ago as such charts are kept, or as
    soon as it can begin."""
    return min(max(column - _CHART[step] + 1, needs(name, step) - 1), column)


def _placed(values: Floats, at: Columns, first: int, grid: Grid) -> Floats:
    out = np.full((len(grid.keys), len(at)), np.nan)
    out[:, at >= first] = values
    return out


def _default(grid: Grid, at: Columns, step: Step, alpha: float) -> Found:
    """Ours, and where its history is too short the daily test."""
    ours, short = _ours(grid, at, step, alpha), _c2(grid, at)
    long = ours.tested
    mixed = {
        name: np.where(long, getattr(ours, name), getattr(short, name))
        for name in ("expected", "upper", "phi", "score", "p", "alarm", "tested")
    }
    used = [DEFAULT if one[-1] else DAILY for one in long]
    return Found(used, **mixed)


def state_of(grid: Grid) -> npt.NDArray[np.int64] | None:
    """Weekday of each day; None for weeks."""
    if grid.calendar.step_days != 1:
        return None
    return np.array([day.weekday() for day in grid.calendar.ends()], dtype=np.int64)


def _ours(grid: Grid, at: Columns, step: Step, alpha: float) -> Found:
    asked = np.arange(max(int(at[0]) - _WARM, 0), int(at[-1]) + 1)
    told = baseline.expected(grid.counts, asked, _OWN[step], state=state_of(grid))
    score = accumulate.score(told.z, _RULE[step])
    place = np.searchsorted(asked, at)
    shown = score[:, place]
    with np.errstate(invalid="ignore"):
        alarm = shown > accumulate.threshold(alpha, _RULE[step])
    return Found(
        method=[DEFAULT] * len(grid.keys),
        expected=told.expected[:, place],
        upper=told.upper(alpha)[:, place],
        phi=told.phi[:, place],
        score=shown,
        p=np.asarray(stats.norm.sf(shown)),
        alarm=alarm,
        tested=~np.isnan(shown),
    )


def _c2(grid: Grid, at: Columns) -> Found:
    """As the daily run judges a short history (`solve.fires`): from so many standard deviations of
    the days before, whatever alpha; the p beside it is Student's."""
    told = ears.statistic(grid.counts, Method.C2, _DAILY)
    alarm = solve.fires(told, grid.counts, Method.C2, _DAILY)[:, at]
    score, mean, sd, p = (one[:, at] for one in (told.z, told.mean, told.sd, told.p_value()))
    tested = ~np.isnan(score)
    return Found(
        method=[DAILY] * len(grid.keys),
        expected=np.where(tested, mean, np.nan),
        upper=np.where(tested, mean + SHORT_Z * sd, np.nan),
        phi=np.full_like(score, np.nan),
        score=score,
        p=p,
        alarm=alarm,
        tested=tested,
    )


def _farrington(grid: Grid, at: Columns, step: Step, alpha: float) -> Found:
    params = dataclasses.replace(methods.way("farrington", step).usual[step], alpha=alpha)
    told = farrington.flexible(grid.counts, at, params)
    now = grid.counts[:, at]
    tested = ~np.isnan(told.expected)
    mean, phi = np.where(tested, told.expected, 1.0), np.where(tested, told.phi, 1.0)
    size = mean / np.maximum(phi - 1, 1e-9)
    p = stats.nbinom.sf(np.nan_to_num(now) - 1, size, size / (size + mean))
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (now - told.expected) / (told.upper - told.expected)
    return Found(
        method=["farrington"] * len(grid.keys),
        expected=told.expected,
        upper=told.upper,
        phi=told.phi,
        score=score,
        p=np.where(tested, p, np.nan),
        alarm=told.alarm,
        tested=tested,
    )


def why(name: str, grid: Grid, series: int, column: int, *, step: Step) -> tuple[Why, str]:
    """Why a series has no test at a column, and in words what would work."""
    length = int(grid.lengths[series]) - (grid.calendar.periods - 1 - column)
    if not 0 <= column < grid.calendar.periods or np.isnan(grid.counts[series, column]):
        return Why.NO_REPORT, f"Nothing was reported for this {step}; a gap is never a zero."
    wanted = needs(DAILY if name == DEFAULT else name, step)
    if length < wanted:
        if name == DEFAULT:
            return Why.TOO_SHORT, (
                f"The series has {length} {step}{'' if length == 1 else 's'}; the default needs "
                f"{wanted} for the short test and {needs(DEFAULT, step)} for the long one."
            )
        return Why.TOO_SHORT, methods.advise(length, step=step, asked=[name]).sentence
    if grid.silent[series]:
        return Why.ZERO, "All reports are zero; a chart needs a mean above zero, EARS C2 does not."
    return Why.GAPS, f"Too many {step}s of what it compares with have no report."
