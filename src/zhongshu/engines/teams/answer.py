"""Turning a roster into the tables of the plan, and telling what binds where somebody lacks."""

from __future__ import annotations

import collections
import datetime as dt
import math

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.teams import model
from zhongshu.engines.teams.duties import Diary
from zhongshu.engines.teams.ground import Ground
from zhongshu.kernel.plan import unserved as listed

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Row = dict[str, object]


def tables(
    read: Ground, rules: model.TeamRules, does: Bools, duty: Bools, why: dict[int, str]
) -> dict[str, pa.Table]:
    """The tables of `model.TeamPlan` by their names."""
    rows = {
        "duties": _duties(read, rules, does, duty),
        "tasks": _tasks(read, rules, does),
        "cover": _cover(read, does, why),
        "hours": _hours(read, duty),
    }
    schemas = {name: getattr(model, name.upper()) for name in rows}
    return {name: pa.Table.from_pylist(rows[name], schema=schemas[name]) for name in rows}


def unserved(read: Ground, lacks: Ints, why: dict[int, str]) -> pa.Table:
    return listed("need", [(read.needs[n], float(lacks[n]), why[n]) for n in sorted(why)])


def reasons(read: Ground, rules: model.TeamRules, does: Bools, duty: Bools) -> dict[int, str]:
    """By need that lacks people: the first rule after which nobody is left, else what keeps those
    who are left, most of them first said."""
    lacks = read.persons - does.sum(axis=0)
    found = {}
    for n in np.flatnonzero(lacks).tolist():
        left = np.ones(len(read.staff), bool)
        for code, mask in read.steps:
            left &= mask[:, n]
            if not left.any():
                found[n] = code
                break
        else:
            found[n] = _kept(read, rules, does, duty, n=n, left=left)
    return found


def _kept(
    read: Ground, rules: model.TeamRules, does: Bools, duty: Bools, *, n: int, left: Bools
) -> str:
    """What forbids the task to those who could do it; `too_few` if all of them are at it."""
    counts: collections.Counter[str] = collections.Counter()
    for p in np.flatnonzero(left & ~does[:, n]).tolist():
        tasks, windows = np.flatnonzero(does[p]).tolist(), np.flatnonzero(duty[p]).tolist()
        counts[Diary(read, rules, p, tasks, windows).add(n) or "not_found"] += 1
    if not counts:
        return "too_few"
    return max(sorted(counts), key=lambda code: counts[code])


def _at(rules: model.TeamRules, minutes: int) -> dt.datetime:
    return rules.start + dt.timedelta(minutes=int(minutes))


def _duties(read: Ground, rules: model.TeamRules, does: Bools, duty: Bools) -> list[Row]:
    rows: list[Row] = []
    for p, w in np.argwhere(duty).tolist():
        window = read.windows[w]
        rows.append(
            {
                "staff": read.staff[p],
                "date": _at(rules, window.begins).date(),
                "pattern": window.pattern,
                "starts_at": _at(rules, window.begins),
                "ends_at": _at(rules, window.ends),
                "hours": (window.ends - window.begins) / 60,
                "tasks": int((does[p] & read.fits[:, w]).sum()),
            }
        )
    return rows


def _tasks(read: Ground, rules: model.TeamRules, does: Bools) -> list[Row]:
    rows: list[Row] = []
    for p, n in np.argwhere(does).tolist():
        km = float(read.km[p, n])
        rows.append(
            {
                "staff": read.staff[p],
                "need": read.needs[n],
                "place": read.places[n],
                "skill": read.skill[n],
                "starts_at": _at(rules, read.begins[n]),
                "ends_at": _at(rules, read.ends[n]),
                "km": None if math.isnan(km) else round(km, 1),
                "changed": bool(read.before[:, n].any() and not read.before[p, n]),
            }
        )
    return rows


def _cover(read: Ground, does: Bools, why: dict[int, str]) -> list[Row]:
    given = does.sum(axis=0)
    return [
        {
            "need": name,
            "wanted": int(read.persons[n]),
            "given": int(given[n]),
            "lacks": int(read.persons[n] - given[n]),
            "why": why.get(n),
        }
        for n, name in enumerate(read.needs)
    ]


def _hours(read: Ground, duty: Bools) -> list[Row]:
    return [
        {
            "staff": name,
            "duties": int(duty[p].sum()),
            "nights": sum(read.windows[w].night for w in np.flatnonzero(duty[p])),
            "hours": sum(
                (read.windows[w].ends - read.windows[w].begins) / 60
                for w in np.flatnonzero(duty[p])
            ),
        }
        for p, name in enumerate(read.staff)
    ]
