"""The single-stream detectors by name: what each needs and can be asked, and which still work for a
series that is short."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhongshu.engines.warning.model import Method
from zhongshu.engines.warning.published import (
    bayes,
    cusum,
    ears_plain,
    farrington,
    glr,
    percentile,
    rki,
)
from zhongshu.engines.warning.published.cusum import Cusum
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.farrington import Flexible
from zhongshu.engines.warning.published.glr import Change, Glr
from zhongshu.engines.warning.published.percentile import Percentile
from zhongshu.engines.warning.tested import Columns, Floats, Tested
from zhongshu.kernel.errors import BadInput


class Step(enum.StrEnum):
    """How often is reported."""

    DAY = "day"
    WEEK = "week"


Options = Any  # one of the option classes above
Run = Callable[[Floats, Columns, Options], Tested]


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """One method.

    code, name: how it is called in files and in sentences.
    usual: its published options by step; it is not for steps that are not there.
    run: counts [series, time], columns asked, options -> Tested.  cusum and glr start their chart
        at the first column asked.
    seasonal: compares with the same time of past years.
    source: the paper, by authors and year; the module has the whole.
    """

    code: str
    name: str
    usual: Mapping[Step, Options]
    run: Run
    seasonal: bool
    source: str

    def needs(self, step: Step, options: Options | None = None) -> int:
        """Reports, the one tested included, from the first that is looked at."""
        options = self.usual[step] if options is None else options
        if isinstance(options, Flexible):
            return options.weeks_needed + 1
        return int(options.needs)

    def asks(self) -> dict[str, object]:
        """What can be asked: each option with its published value."""
        usual = next(iter(self.usual.values()))
        return {field.name: getattr(usual, field.name) for field in dataclasses.fields(usual)}


def _farrington(counts: Floats, at: Columns, options: Flexible) -> Tested:
    found = farrington.flexible(counts, at, options)
    return Tested(found.expected, counts[:, at], found.upper, found.alarm)


def _any(options: Options) -> dict[Step, Options]:
    return dict.fromkeys(Step, options)


def _week(options: Options) -> dict[Step, Options]:
    return {Step.WEEK: options}


_HUTWAGNER, _HOHLE = "Hutwagner et al. 2003", "Hohle 2007"
_CHARTS, _YANG = "Hohle and Paul 2008", "Yang et al. 2011"
_MOVING = {Step.WEEK: Percentile(), Step.DAY: Percentile(period=7, year=365)}
_WAYS = (
    Way("ears_c1", "EARS C1", _any(Plain(Method.C1)), ears_plain.plain, False, _HUTWAGNER),
    Way("ears_c2", "EARS C2", _any(Plain(Method.C2)), ears_plain.plain, False, _HUTWAGNER),
    Way("ears_c3", "EARS C3", _any(Plain(Method.C3)), ears_plain.plain, False, _HUTWAGNER),
    Way("bayes_1", "Bayes 1", _any(bayes.BAYES_1), bayes.bayes, False, _HOHLE),
    Way("bayes_2", "Bayes 2", _week(bayes.BAYES_2), bayes.bayes, True, _HOHLE),
    Way("bayes_3", "Bayes 3", _week(bayes.BAYES_3), bayes.bayes, True, _HOHLE),
    Way("rki_1", "RKI 1", _any(rki.RKI_1), rki.rki, False, _HOHLE),
    Way("rki_2", "RKI 2", _week(rki.RKI_2), rki.rki, True, _HOHLE),
    Way("rki_3", "RKI 3", _week(rki.RKI_3), rki.rki, True, _HOHLE),
    Way("cusum", "CUSUM", _any(Cusum()), cusum.cusum, False, "Rossi et al. 1999"),
    Way("glr", "GLR", _week(Glr()), glr.glr, True, _CHARTS),
    Way("glr_epidemic", "GLR epidemic", _week(Glr(change=Change.EPIDEMIC)), glr.glr, True, _CHARTS),
    Way("percentile", "moving percentile", _MOVING, percentile.percentile, True, _YANG),
    Way("farrington", "Farrington", _week(Flexible()), _farrington, True, "Noufaily et al. 2013"),
)  # fmt: skip
WAYS: Mapping[str, Way] = {way.code: way for way in _WAYS}
FIRST_ADVICE = "ears_c2"  # what the product tests with every day: named first where it works


@dataclasses.dataclass(frozen=True, slots=True)
class Advice:
    """works, short: (code, reports needed), the least first.  sentence: both in words."""

    works: tuple[tuple[str, int], ...]
    short: tuple[tuple[str, int], ...]
    sentence: str


def way(code: str, step: Step) -> Way:
    """Refuses a method that is not there, or not for this step."""
    if code not in WAYS:
        raise BadInput(
            "warning.method",
            f"There is no method {code}; there are {', '.join(WAYS)}.",
            method=code,
        )
    if step not in WAYS[code].usual:
        raise BadInput(
            "warning.step",
            f"{WAYS[code].name} does not test {_NAMED[step]} reports; sum them to weeks, or ask "
            f"{WAYS[FIRST_ADVICE].name}.",
            method=code,
        )
    return WAYS[code]


_NAMED = {Step.DAY: "daily", Step.WEEK: "weekly"}


def advise(length: int, *, step: Step, asked: Iterable[str] | None = None) -> Advice:
    """Which methods work, with their published options, on a series of `length` reports.

    length: reports up to the one tested, which is included (`inputs.Grid.lengths`).
    asked: the methods of interest; None: all of that step.  The sentence names those asked that do
    not work and one that does.  Refuses a method that is not there.
    """
    every = [one for one in _WAYS if step in one.usual]
    wanted = every if asked is None else [way(code, step) for code in asked]
    needs = {one.code: one.needs(step) for one in every}
    ordered = sorted(needs, key=lambda code: (needs[code], code))
    works = tuple((code, needs[code]) for code in ordered if needs[code] <= length)
    short = tuple((code, needs[code]) for code in ordered if needs[code] > length)
    missed = [one for one in wanted if needs[one.code] > length]
    return Advice(works, short, _sentence(length, step, missed, needs))


def _sentence(length: int, step: Step, missed: list[Way], needs: Mapping[str, int]) -> str:
    parts = [f"The series has {length} {step}{'' if length == 1 else 's'}"]
    parts += [f"{one.name} needs {needs[one.code]}" for one in missed]
    if not missed:
        return f"{parts[0]}: enough for what was asked."
    least = min(needs, key=lambda code: needs[code])
    shown = FIRST_ADVICE if needs[FIRST_ADVICE] <= length else least
    parts.append(f"{WAYS[shown].name} works from {needs[shown]} {step}s")
    return "; ".join(parts) + "."


def ask(
    code: str, counts: Floats, at: Columns, *, step: Step, options: Options | None = None
) -> Tested:
    """The answer of one method for the columns `at` of `counts` [series, time]; nan: no report.

    Refuses what `way` refuses, and columns the method cannot test for want of history: the sentence
    says what would work.
    """
    one = way(code, step)
    needs = one.needs(step, options)
    if len(at) and (length := int(at.min()) + 1) < needs:
        usual = {other.code: other.needs(step) for other in _WAYS if step in other.usual}
        raise BadInput(
            "warning.too_short",
            _sentence(length, step, [one], usual | {code: needs}),
            method=code,
            length=length,
            needs=needs,
        )
    return one.run(counts, at, one.usual[step] if options is None else options)
