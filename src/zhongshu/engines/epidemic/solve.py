"""Rt by the method of Cori et al. 2013 (doi:10.1093/aje/kwt133), vectorised over units."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhongshu.engines.epidemic import demand, model, serial
from zhongshu.engines.epidemic.model import Floats, NoRt
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

project_demand = demand.project_demand
still_held = demand.still_held

# A window is called a gap when on one of its days more than this share of the infectivity weight
# falls on days without a report.  Method choice: 5 % moves the estimate less than its own error.
UNREPORTED_SHARE = 0.05


def estimate_rt(
    incidence: npt.ArrayLike,
    *,
    si_mean: float,
    si_sd: float,
    window: int = 7,
    prior_mean: float = 5.0,
    prior_sd: float = 5.0,
    min_cases: int = 0,
    si_weights: Floats | None = None,
    imported: npt.ArrayLike | None = None,
) -> model.RtResult:
    """Rt on sliding windows of `window` days, the first ending on day `window` (0-based).

    incidence: new cases by day of onset, (days,) or (units, days); nan where a day has no report.
    si_weights: the serial interval by day from 0, in place of the gamma of `si_mean` and `si_sd`.
    imported: how many of them were infected elsewhere, same shape; they infect but were not
        infected here (Thompson et al. 2019, doi:10.1016/j.epidem.2019.100356).

    Given Rt, cases of a day are Poisson around Rt times the infectivity of the past; with a gamma
    prior the posterior is gamma.  The cases of the first day are taken as imported.  Agrees with
    EpiEstim 2.2 to 1e-8 relative.  The last days of a series by onset are incomplete: cut them
    off first, or Rt will seem to fall.
    Refuses negative counts, series not longer than the window, and more imported than cases.
    """
    params = model.RtParams(si_mean, si_sd, window, prior_mean, prior_sd, min_cases)
    counts = checked(incidence, window)
    local = counts if imported is None else counts - _imported(imported, counts)
    days = counts.shape[-1]
    si = (
        serial.weights(mean=si_mean, sd=si_sd, days=days)
        if si_weights is None
        else np.asarray(si_weights, dtype=np.float64)
    )
    mean_si = si_mean if si_weights is None else float(si @ np.arange(len(si)))
    found = _posterior(np.atleast_2d(counts), np.atleast_2d(local), si, mean_si, params)
    return found.squeezed(counts.ndim)


def checked(incidence: npt.ArrayLike, window: int) -> Floats:
    """The series as floats, (days,) or (units, days); refuses what no Rt can be made of."""
    counts = np.asarray(incidence, dtype=np.float64)
    if counts.ndim not in (1, 2) or counts.shape[-1] <= window:
        raise BadInput(
            "epidemic.series_short",
            f"Rt over {window} days needs a series of at least {window + 1} days.",
            days=counts.shape[-1] if counts.ndim else 0,
        )
    if np.nanmin(counts, initial=0.0) < 0:
        raise BadInput("epidemic.negative", "Incidence cannot be negative.")
    return counts


def _imported(imported: npt.ArrayLike, counts: Floats) -> Floats:
    abroad = np.asarray(imported, dtype=np.float64)
    if abroad.shape != counts.shape or not ((abroad >= 0) & ~(abroad > counts)).all():
        raise BadInput(
            "epidemic.imported",
            "Imported cases must be given for every day, from 0 up to the cases of that day.",
        )
    return abroad


@dataclasses.dataclass(frozen=True)
class _Windows(model.RtResult):
    """RtResult with a leading axis of units."""

    def squeezed(self, ndim: int) -> model.RtResult:
        arrays = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        if ndim == 1:
            arrays = {n: a[0] if n != "t_end" else a for n, a in arrays.items()}
        return model.RtResult(**arrays)


def window_sums(daily: Floats, window: int) -> Floats:
    """Sums over the sliding windows that end on days window .. days - 1, (units, windows)."""
    views = np.lib.stride_tricks.sliding_window_view(daily[:, 1:], window, axis=1)
    return np.asarray(views.sum(axis=-1))


def _posterior(
    counts: Floats, local: Floats, si: Floats, mean_si: float, params: model.RtParams
) -> _Windows:
    known = np.nan_to_num(counts)
    in_window = window_sums(np.nan_to_num(local), params.window)
    pressure = window_sums(serial.infectivity(known, si), params.window)
    shape = (params.prior_mean / params.prior_sd) ** 2 + in_window
    scale = 1.0 / (params.prior_mean / params.prior_sd**2 + pressure)
    t_end = np.arange(params.window, counts.shape[-1])
    reason = reasons(counts, local, si, mean_si, params)

    usable = reason == ""
    shape, scale = np.where(usable, shape, np.nan), np.where(usable, scale, np.nan)
    low, middle, high = model.gamma_quantiles(shape, scale, (0.025, 0.5, 0.975))
    return _Windows(
        t_end=t_end,
        mean=shape * scale,
        sd=np.sqrt(shape) * scale,
        q025=low,
        median=middle,
        q975=high,
        shape=shape,
        scale=scale,
        reason=reason,
    )


def reasons(
    counts: Floats, local: Floats, si: Floats, mean_si: float, params: model.RtParams
) -> npt.NDArray[np.str_]:
    """Why a window has no estimate, "" where it has one, (units, windows)."""
    in_window = window_sums(np.nan_to_num(local), params.window)
    reason = np.full(in_window.shape, "", dtype="<U9")
    reason[in_window < params.min_cases] = NoRt.FEW_CASES
    missing = np.isnan(counts)
    if missing.any():
        unknown = missing | (serial.infectivity(missing.astype(np.float64), si) > UNREPORTED_SHARE)
        reason[window_sums(unknown.astype(np.float64), params.window) > 0] = NoRt.GAP
    # 1-based day numbers, as in the paper: an estimate needs more than one mean serial interval.
    reason[:, np.arange(params.window, counts.shape[-1]) + 1 <= mean_si] = NoRt.TOO_EARLY
    return reason


def estimate_units(
    cases: pa.Table, *, first: dt.date, last: dt.date, params: model.RtParams
) -> model.RtUnits:
    """Rt of every unit that has a case between `first` and `last`, both included.

    cases: (unit, date, count) from the line list, which is complete as known: a day without a row
        is a day without cases; a null count is a day without a report.  Rows of one unit and day
        add up.  Give `last` as the last day that is complete.
    """
    days = (last - first).days + 1
    units = tuple(sorted(set(cases["unit"].to_pylist())))
    row_of = {unit: row for row, unit in enumerate(units)}
    counts = np.zeros((len(units), max(days, 0)))
    for unit, day, count in zip(
        cases["unit"].to_pylist(),
        cases["date"].to_pylist(),
        cases["count"].to_pylist(),
        strict=True,
    ):
        if first <= day <= last:
            counts[row_of[unit], (day - first).days] += np.nan if count is None else count
    if not units:
        counts = np.zeros((0, max(days, params.window + 1)))
    arrays = estimate_rt(counts, **dataclasses.asdict(params))
    card = RunCard(
        "epidemic.rt",
        model.VERSION,
        dataclasses.asdict(params) | {"first": first.isoformat(), "last": last.isoformat()},
        {"cases": table_hash(cases)},
    )
    return model.RtUnits(_rt_table(units, first, counts, arrays, params), units, arrays, card)


def _rt_table(
    units: tuple[str, ...],
    first: dt.date,
    counts: Floats,
    arrays: model.RtResult,
    params: model.RtParams,
) -> pa.Table:
    windows = len(arrays.t_end)
    ends = [first + dt.timedelta(days=int(day)) for day in arrays.t_end]
    in_window = window_sums(np.nan_to_num(counts), params.window)
    columns: dict[str, object] = {
        "unit": [unit for unit in units for _ in range(windows)],
        "date": ends * len(units),
        "cases": in_window.ravel().astype(np.int64),
        "reason": arrays.reason.ravel().tolist(),
    }
    for name in ("mean", "sd", "q025", "median", "q975"):
        columns[name] = pa.array(getattr(arrays, name).ravel(), from_pandas=True)  # nan to null
    return pa.table({name: columns[name] for name in model.RT_TABLE.names}, schema=model.RT_TABLE)
