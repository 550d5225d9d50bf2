"""Warning: which county shows something unusual today, at an alert budget the operator sets.

| you have | call | it tells |
|---|---|---|
| one day of short histories | `detect` | signals by EARS C1-C3, from `EarsParams.grades` on |
| series, and a method by name | `methods.ask` | alarm, bound and statistic of each column asked |
| series, and no idea which method | `methods.advise` | which work on so many reports |
| series of two years and more | `history.baseline.expected` | expected, bound, z of each test |
| streams and neighbours | `joint.streams` | one calibrated p a unit and day |
| a p a unit and day, few hands | `joint.budget.spend` | so many alerts a week |
| the daily run of a province | `prepare`, `.day(on)` | all of it, by what each history allows |

Rows (`model.SERIES`) become series by `inputs.grid`, which says what it left out and why.  The
readable twins are in `oracle`; docs/explanation/warning-methods.md compares the methods.
"""

from zhongshu.engines.warning.model import DetectResult, EarsParams, Method
from zhongshu.engines.warning.solve import detect
from zhongshu.engines.warning.whole import Known, Rules, State, prepare

__all__ = ["DetectResult", "EarsParams", "Known", "Method", "Rules", "State", "detect", "prepare"]
