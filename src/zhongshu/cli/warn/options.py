"""The options that all commands of `zhongshu warn` share, declared once."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, get_type_hints

import typer

from zhongshu.cli.warn import methods
from zhongshu.kernel.errors import BadInput

# The chance of a false alarm in use at the CDC for daily counts (Salmon et al. 2016).
ALPHA = 0.001


class StepName(StrEnum):
    DAY = "day"
    WEEK = "week"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What was asked for, as given: `checked` refuses what is out of range."""

    as_of: Annotated[str, typer.Option(help="By what was known then; default: now.")] = ""
    method: Annotated[
        str,
        typer.Option(
            "--method",
            help=f"One of {', '.join(methods.NAMES)}. default: our model of a long history, and a "
            f"short one by EARS C2, from {methods.SHORT_Z:g} standard deviations, as in the "
            "daily run.",
        ),
    ] = methods.DEFAULT
    budget: Annotated[
        float | None, typer.Option(help="Alerts a week, on average, spent on the most probable.")
    ] = None
    alpha: Annotated[
        float,
        typer.Option(
            help="Chance of a false alarm a test, for farrington and the default's long histories."
        ),
    ] = ALPHA
    step: Annotated[
        StepName | None, typer.Option("--step", help="day or week; default: as the dates lie.")
    ] = None
    breaks: Annotated[
        list[str] | None,
        typer.Option(
            "--break", help="First day of a new definition: UNIT:STREAM=DATE, * for every."
        ),
    ] = None
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False

    def checked(self) -> str:
        """The method's own name."""
        if not 1e-6 <= self.alpha <= 0.2:
            raise BadInput("warn.alpha", "--alpha is the share of false alarms: 0.000001 to 0.2.")
        if self.budget is not None and not self.budget > 0:
            raise BadInput("warn.budget", "--budget is a number of alerts a week, above 0.")
        return methods.code(self.method)

    @property
    def every(self) -> str:
        """The step asked for; empty: as the dates lie."""
        return self.step.value if self.step else ""

    @property
    def plain(self) -> bool:
        """Nothing asked for that the daily run's own detector does not know."""
        return methods.code(self.method) == methods.DEFAULT and not (self.step or self.breaks)


def shared(*without: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options but for some, after its own; it gets them as `options`."""
    hints = get_type_hints(Options, include_extras=True)
    added = [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default,
                          annotation=hints[one.name])
        for one in dataclasses.fields(Options) if one.name not in without
    ]  # fmt: skip

    def given(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = [one for one in signature.parameters.values() if one.name != "options"]

        @functools.wraps(command)
        def asked(**values: Any) -> None:
            taken = Options(**{one.name: values.pop(one.name) for one in added})
            command(**values, options=taken)

        # typer reads these two: the command's own, without what `wraps` copied
        told = signature.replace(parameters=[*own, *added])
        asked.__dict__.update(__signature__=told)
        asked.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
        del asked.__dict__["__wrapped__"]
        return asked

    return given
