"""What early warning is asked and what it answers."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "1"

SERIES = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("date", pa.date32()),
        ("count", pa.int64()),  # null: no report that day, which is never zero
    ]
)
_DAY_COUNT = pa.struct([("date", pa.date32()), ("count", pa.int64())])
_MODELLED_DAY = pa.struct(
    [
        ("date", pa.date32()),
        ("count", pa.int64()),
        ("expected", pa.float64()),  # null without a model of a long history, as upper
        ("upper", pa.float64()),  # the count it would have called unusual
    ]
)
_PART = pa.struct(
    [
        ("stream", pa.string()),
        ("method", pa.string()),
        ("observed", pa.int64()),  # null without a report, as z and what follows from it
        ("expected", pa.float64()),
        ("sd", pa.float64()),
        ("z", pa.float64()),
        ("p_value", pa.float64()),
        ("upper", pa.float64()),
        ("why", pa.string()),  # why by this method, of `Why`; empty for the best one
        ("has", pa.int32()),  # days since its first report, and days it needed
        ("needs", pa.int32()),
        ("history", pa.list_(_MODELLED_DAY)),
    ]
)
_BESIDE = pa.struct([("unit", pa.string()), ("z", pa.float64())])
JOINT = "joint"  # stream and method of all streams of a unit together
SIGNALS = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("date", pa.date32()),
        ("observed", pa.int64()),
        ("expected", pa.float64()),
        ("sd", pa.float64()),  # after the floor
        ("z", pa.float64()),  # for C3 its own statistic
        ("p_value", pa.float64()),  # null for C3, which has none
        ("method", pa.string()),
        ("grade", pa.string()),
        ("baseline_days", pa.int32()),  # days with a report behind `expected`
        ("history", pa.list_(_DAY_COUNT)),  # the evidence, oldest first, missing days null
        # of the streams behind it; of JOINT the figures above are those of `lead`, but z and
        # p_value are of all together
        ("lead", pa.string()),
        ("streams", pa.list_(_PART)),
        ("neighbours", pa.list_(_BESIDE)),  # score of units beside it; null where none is made
        ("score", pa.float64()),
        ("probability", pa.float64()),  # of an outbreak, null where it cannot be known
    ]
)
JUDGED = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("method", pa.string()),
        ("why", pa.string()),
        ("has", pa.int32()),
        ("needs", pa.int32()),
    ]
)
UNTESTED = pa.schema([("unit", pa.string()), ("stream", pa.string()), ("reason", pa.string())])
TESTS = pa.schema(
    [
        ("unit", pa.string()),
        ("stream", pa.string()),
        ("method", pa.string()),  # the first that could test it
        ("p_value", pa.float64()),  # null for C3
    ]
)


class Untested(enum.StrEnum):
    """Why a series had no test today."""

    NO_REPORT = "no_report"  # nothing came for this day
    SHORT_BASELINE = "short_baseline"  # fewer reported days before it than asked for
    PARTIAL = "partial"  # too small a share of the day's reports is in, or nobody believes them


class Why(enum.StrEnum):
    """Why a series was not judged with all streams together."""

    SHORT_HISTORY = "short_history"  # for the model of a long history: EARS judged it
    NOT_CALIBRATED = "not_calibrated"  # too few tested days to calibrate: the model alone did


class Method(enum.StrEnum):
    """Hutwagner et al. 2003 (doi:10.1093/jurban/jtg042).  C1: the baseline ends yesterday.  C2: it
    ends `lag_days` earlier, so that a slow rise does not hide itself.  C3: C2 of three days."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


# Hutwagner et al. 2003: C3 sums what exceeds one sd over three days and signals above two.
C3_DAYS, C3_FREE, C3_THRESHOLD = 3, 1.0, 2.0


@dataclasses.dataclass(frozen=True)
class EarsParams:
    """grades: (name, least z), ascending; the first one's z is the threshold of a signal.
    budget_per_day: at most so many signals are raised, the strongest; the others are counted.
        None: no limit.
    methods: tried in this order; a series makes one signal, by the first that fires.
    baseline_days 7, lag_days 2: Hutwagner et al. 2003.
    baseline_min_days: reported days needed among the baseline; fewer make no test.
    variance_floor: the variance of the baseline is taken as at least its mean (counts vary no
        less than Poisson) and at least this; 1 means that from an empty baseline 3 are needed.
    min_observed: smaller counts make no signal.
    history_days: length of the evidence shown, the day itself included.
    """

    grades: tuple[tuple[str, float], ...]
    budget_per_day: int | None = None
    methods: tuple[Method, ...] = (Method.C2,)
    baseline_days: int = 7
    lag_days: int = 2
    baseline_min_days: int = 5
    variance_floor: float = 1.0
    min_observed: int = 3
    history_days: int = 28

    def __post_init__(self) -> None:
        levels = [z for _, z in self.grades]
        if not levels or levels != sorted(levels) or levels[0] <= 0:
            raise BadInput("warning.grades", "Grades need ascending positive z thresholds.")
        if not 2 <= self.baseline_min_days <= self.baseline_days or self.lag_days < 0:
            raise BadInput(
                "warning.baseline",
                "A baseline needs at least two reported days and no more than its own length.",
            )
        if not self.methods or self.variance_floor <= 0 or (self.budget_per_day or 0) < 0:
            raise BadInput("warning.params", "A warning parameter is out of its range.")

    @property
    def threshold_z(self) -> float:
        return self.grades[0][1]

    @property
    def days_needed(self) -> int:
        """Days that a test looks at, today included."""
        longest = max((self.lag(method) for method in self.methods), default=0)
        reach = C3_DAYS - 1 if Method.C3 in self.methods else 0
        return 1 + longest + self.baseline_days + reach

    def lag(self, method: Method) -> int:
        return 0 if method is Method.C1 else self.lag_days

    def grade(self, z: float) -> str:
        """The highest grade that `z`, at least the threshold, reaches."""
        return [name for name, least in self.grades if z >= least][-1]


@dataclasses.dataclass(frozen=True, slots=True)
class SpentDay:
    """Of one day: alerts a week that are set, level (log10 odds an alert needed), units tested,
    able to be raised (tested and not under follow-up), alerts to be expected by chance, and units
    raised.

    all_units: {stream: (z of the level that all units share, chance that it is a shock)}.
    """

    set_per_week: float
    level: float
    tested: int
    able: int
    by_chance: float
    raised: tuple[str, ...]
    all_units: Mapping[str, tuple[float, float]]


@dataclasses.dataclass(frozen=True)
class DetectResult:
    """signals: raised, the strongest first.  tested: series tested today.  over_budget: signals
    beyond the budget, counted only.  untested: series without a test, and why.  tests: TESTS, one
    row for each series tested, whether it signals or not; of streams judged together one row.
    judged: JUDGED, by which method each series was looked at, and why not by a better one.
    spent: what the alert budget decided about streams together; None where none were."""

    signals: pa.Table
    tested: int
    over_budget: int
    untested: pa.Table
    card: RunCard
    tests: pa.Table
    judged: pa.Table = dataclasses.field(default_factory=JUDGED.empty_table)
    spent: SpentDay | None = None
