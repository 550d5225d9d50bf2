"""A million running clocks: ``python -m benchmarks.clocks [--clocks 1000000] [--case honest]``.

On an embedded PostgreSQL with the settings of an installation, the real divisions of Shanxi and
the clocks of the pack cn-covid-9, through the same functions the registers call.

honest: two fifths of the owners in one city, the rest over the province; directives issued over
  the last day with 2 to 24 h to sign and 4 to 72 h to do; contacts known over the last ten hours,
  exposed over the last week, so that their isolation ends at midnights.
hostile: every clock in one county, all due in the same minute, all their steps at once.

The wall is asked as people ask: signed in, through the API, under row-level security; median of
25.  The sweep measured is that of a minute in which 2,000 directives were signed for (median of
five), after one that caught up; and one after a stopped hour.
Writes benchmarks/results/clocks.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.config import environment as env
from zhongshu.config import postgres
from zhongshu.kernel.time import BEIJING

RESULTS = Path(__file__).parent / "results" / "clocks.json"
NOW = dt.datetime(2022, 11, 8, 20, 17, tzinfo=BEIJING)
HOUR_US, MICROS = 3_600_000_000, pa.timestamp("us", tz="UTC")
CHUNK = 100_000
OUTBREAK = "1401"  # the city with two fifths of the clocks
GOALS = {"wall": 100.0, "list": 100.0, "sweep": 5.0}


def start() -> None:
    """An installation of its own in a temporary folder, with units and an open incident."""
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "zhongshu.config.settings"
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from zhongshu.service.incidents import facade as incidents  # noqa: PLC0415
    from zhongshu.service.kit.actor import INTAKE  # noqa: PLC0415
    from zhongshu.service.units import facade as units  # noqa: PLC0415

    units.load_reference(now=NOW)
    incidents.open_incident(
        key="benchmark", name={"zh": "合成", "en": "Synthetic"}, disease="covid-19",
        mode="drill", pack="cn-covid-9", scope_unit="140000000000", synthetic=True,
        actor=INTAKE, now=NOW,
    )  # fmt: skip


def villages() -> tuple[np.ndarray, np.ndarray]:
    """Paths of all villages, and the chance of each to be where a clock is."""
    from zhongshu.service.units.models import Unit  # noqa: PLC0415

    paths = np.array(
        Unit.objects.filter(level=5, path__startswith="140000000000/")
        .order_by("code")
        .values_list("path", flat=True)
    )
    inside = np.char.startswith(paths, f"140000000000/{OUTBREAK}")
    chance = np.where(inside, 0.4 / inside.sum(), 0.6 / (~inside).sum())
    return paths, chance


def moments(hours: np.ndarray) -> pa.Array:
    """Hours from now as moments."""
    now = int(NOW.timestamp() * 1_000_000)
    return pa.array(now + (hours * HOUR_US).astype(np.int64)).cast(MICROS)


Tables = tuple[tuple[str, pa.Table], ...]


def honest(rng: np.random.Generator, first: int, rows: int, places: Any) -> Tables:
    paths, chance = places
    where = pa.array(rng.choice(paths, rows, p=chance))
    ids = pa.array(np.arange(first, first + rows))
    issued = rng.uniform(-24, 0, rows)
    sign = issued + rng.uniform(2, 24, rows)
    none = pa.nulls(rows, MICROS)
    return (
        ("directive", pa.table({
            "subject_id": ids, "unit_path": where, "issued_at": moments(issued),
            "sign_due_at": moments(sign), "due_at": moments(sign + rng.uniform(2, 48, rows)),
            "signed_at": none, "reported_at": none,
        })),
        ("contact", pa.table({
            "subject_id": ids, "unit_path": where, "degree": pa.repeat(1.0, rows),
            "state": pa.repeat("confirmed", rows), "known_at": moments(rng.uniform(-10, 0, rows)),
            "last_exposure": moments(rng.uniform(-140, -10, rows)), "isolated_at": none,
        })),
    )  # fmt: skip


def hostile(rng: np.random.Generator, first: int, rows: int, places: Any) -> Tables:
    paths = places[0]
    county = paths[np.char.startswith(paths, f"140000000000/{OUTBREAK}00000000/140105")]
    where = pa.array(rng.choice(county, rows))
    ids = pa.array(np.arange(first, first + rows))
    issued, due, none = np.full(rows, -2.0), np.full(rows, 0.0), pa.nulls(rows, MICROS)
    return tuple(
        ("directive", pa.table({
            "subject_id": pa.array(ids.to_numpy() + shift), "unit_path": where,
            "issued_at": moments(issued), "sign_due_at": moments(due), "due_at": moments(due),
            "signed_at": none, "reported_at": none,
        }))
        for shift in (0, 10_000_000)
    )  # fmt: skip


def fill(case: Callable[..., Tables], count: int) -> float:
    """Put `count` running clocks in; seconds per 100,000 subjects."""
    from zhongshu.service.clocks import facade as clocks  # noqa: PLC0415
    from zhongshu.service.kit.actor import INTAKE  # noqa: PLC0415

    rng, places, began, subjects = np.random.default_rng(1), villages(), time.perf_counter(), 0
    for first in range(1, 10**9, CHUNK):
        there = clocks.Clock.objects.filter(state="running").count()
        if there >= count:
            break
        rows = min(CHUNK, -(-(count - there) // 4))
        for kind, table in case(rng, first, rows, places):
            clocks.follow(kind, table, actor=INTAKE, now=NOW)
            subjects += rows
    return (time.perf_counter() - began) / subjects * 100_000


def settle() -> None:
    """As a database that has run for a while."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def set_clock(now: dt.datetime) -> None:
    from zhongshu.service.incidents.models import Incident  # noqa: PLC0415

    offset = now - dt.datetime.now(dt.UTC)
    Incident.objects.update(clock_offset_s=round(offset.total_seconds()))


def browser(unit: str, role: str) -> Any:
    from django.test import Client  # noqa: PLC0415

    from zhongshu.service.accounts import facade as accounts  # noqa: PLC0415

    name = f"{role}-{unit}"
    accounts.create_user(username=name, display_name=name, posts=[(unit, role)], now=NOW)
    client = Client(headers={"host": "localhost"})
    client.force_login(accounts.by_name(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def median_ms(act: Callable[[], Any], times: int = 25) -> float:
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def ask(client: Any, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def worst_county() -> str:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(unit_path, 39), count(*) FROM clocks_clock WHERE state = 'running'"
            " AND length(unit_path) >= 39 GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
        )
        path, count = cursor.fetchone()
    print(f"worst county {path[26:38]}: {count:,} running clocks")
    return str(path[26:38])


def row(name: str, value: float, unit: str, goal: float | None = None) -> dict[str, Any]:
    met = None if goal is None else value <= goal
    shown = round(value, 2)
    print(f"{name:44} {shown:>10} {unit:4} goal {goal} {'' if met in (None, True) else 'MISSED'}")
    return {
        "name": name, "value": shown, "unit": unit, "peer": None, "ratio": None,
        "goal": goal, "met": met,
    }  # fmt: skip


def lists(told: dict[str, Any]) -> list[dict[str, str]]:
    """Every list one click away from this wall whose number is not zero."""
    buckets = ("overdue", "h1", "h4", "h24", "later")
    asked = [{"bucket": b} for b in buckets]
    asked += [
        {"bucket": b, "owner": o["unit"]["code"]} for o in told["owners"] for b in buckets if o[b]
    ]
    return asked + [
        {"bucket": b, "clock": k["clock"]} for k in told["kinds"] for b in buckets if k[b]
    ]


def walls(case: str) -> list[dict[str, Any]]:
    """Milliseconds of the wall and its lists, for each role's own path."""
    county = worst_county()
    roles = {
        "province_commander": ("140000000000", "commander"),
        "city_duty_officer": (f"{OUTBREAK}00000000", "duty_officer"),
        "county_local_staff": (county, "local_staff"),
    }
    found = []
    for name, (unit, role) in roles.items():
        client = browser(unit, role)
        told = ask(client, "/clocks/wall")
        print(name, told["totals"])
        ms = median_ms(functools.partial(ask, client, "/clocks/wall"))
        found.append(row(f"{case}_wall_{name}", ms, "ms", GOALS["wall"]))
        worst = max(
            median_ms(functools.partial(ask, client, "/clocks", **query), 9)
            for query in lists(told)
        )
        found.append(row(f"{case}_list_{name}", worst, "ms", GOALS["list"]))
    return found


def by_hand(case: str) -> list[dict[str, Any]]:
    """What the wall would take counted row by row with the partial index, and as it stood."""
    from zhongshu.service.clocks import facade as clocks  # noqa: PLC0415
    from zhongshu.service.clocks import wall  # noqa: PLC0415
    from zhongshu.service.kit.scope import Scope  # noqa: PLC0415
    from zhongshu.service.rowsecurity import facade as rowsecurity  # noqa: PLC0415
    from zhongshu.service.units import facade as units  # noqa: PLC0415

    unit, scope = units.ref(units.get("140000000000")), Scope(("140000000000/",))
    cells, found = wall._CELLS, []

    def read(then: clocks.Then) -> None:
        with rowsecurity.scoped(scope):
            clocks.wall(unit, scope, then)

    now = clocks.Then.of(NOW, now=NOW)
    found.append(row(f"{case}_wall_province_by_counters", median_ms(lambda: read(now), 9), "ms"))
    wall._CELLS = wall._ROW_BY_ROW
    found.append(row(f"{case}_wall_province_row_by_row", median_ms(lambda: read(now), 5), "ms"))
    wall._CELLS = cells
    past = clocks.Then.of(NOW - dt.timedelta(hours=1), now=NOW)
    found.append(row(f"{case}_wall_province_an_hour_ago", median_ms(lambda: read(past), 3), "ms"))
    return found


def sign(minute: int, now: dt.datetime) -> None:
    """2,000 directives are signed for within a minute, so that the counters have work too."""
    from zhongshu.service.clocks import facade as clocks  # noqa: PLC0415
    from zhongshu.service.kit.actor import INTAKE  # noqa: PLC0415

    found = clocks.Clock.objects.filter(clock="directive-sign", subject_id__gt=3000 * minute)
    signed = list(found.order_by("subject_id")[:2000])
    due = dict(
        clocks.Clock.objects.filter(
            clock="directive-done", subject_id__in=[one.subject_id for one in signed]
        ).values_list("subject_id", "due_at")
    )
    rows = [
        {
            "subject_id": one.subject_id, "unit_path": one.subject_path, "issued_at": one.anchor_at,
            "sign_due_at": one.due_at, "due_at": due[one.subject_id], "signed_at": now,
            "reported_at": None,
        }
        for one in signed
    ]  # fmt: skip
    clocks.follow("directive", rows, actor=INTAKE, now=now)


def sweeps(case: str) -> list[dict[str, Any]]:
    from zhongshu.service.clocks import facade as clocks  # noqa: PLC0415

    def swept(name: str, now: dt.datetime) -> float:
        began = time.perf_counter()
        done = clocks.sweep(now=now)
        seconds = time.perf_counter() - began
        print(f"  sweep {name}: {seconds:.2f} s, {done}")
        return seconds

    late = NOW + dt.timedelta(minutes=65)
    if case == "hostile":  # nothing for weeks, then everything in one minute
        return [
            row("hostile_sweep_3_steps_of_all_at_once", swept("3 steps", NOW), "s"),
            row("hostile_sweep_1_step_of_all_at_once", swept("1 step", late), "s"),
        ]
    found = [row(f"{case}_sweep_catching_up_all", swept("all", NOW), "s")]
    settle()
    each = []
    for minute in range(1, 6):
        now = NOW + dt.timedelta(minutes=minute)
        sign(minute, now)
        each.append(swept("minute", now))
    found.append(row(f"{case}_sweep_minute", statistics.median(each), "s", GOALS["sweep"]))
    hour = swept("hour", late)
    found.append(row(f"{case}_sweep_after_stopped_hour", hour, "s"))
    return found


CASES = {"honest": honest, "hostile": hostile}


def measure(case: str, count: int) -> list[dict[str, Any]]:
    home = Path(tempfile.mkdtemp(prefix="zhongshu-clocks-"))
    os.environ["ZHONGSHU_VAR"] = str(home)
    os.environ.pop("ZHONGSHU_DATABASE_URL", None)
    postgres.start(env.read())
    start()
    rows = [row(f"{case}_follow_100000_subjects", fill(CASES[case], count), "s")]
    from zhongshu.service.clocks import counters  # noqa: PLC0415

    began = time.perf_counter()
    folded = counters.fold()
    rows.append(row(f"{case}_first_fold_of_{folded}", time.perf_counter() - began, "s"))
    settle()
    set_clock(NOW)
    rows += walls(case) + by_hand(case) + sweeps(case)
    set_clock(NOW + dt.timedelta(minutes=65))
    rows += [one | {"name": f"{one['name']}_after_sweeps"} for one in walls_again(case)]
    shutil.rmtree(home, ignore_errors=True)
    return rows


def walls_again(case: str) -> list[dict[str, Any]]:
    client = browser("140000000000", "duty_officer")
    ms = median_ms(lambda: ask(client, "/clocks/wall"))
    return [row(f"{case}_wall_province_duty_officer", ms, "ms", GOALS["wall"])]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clocks", type=int, default=1_000_000)
    asked.add_argument("--case", choices=list(CASES), required=True)
    given = asked.parse_args()
    rows = measure(given.case, given.clocks)
    if given.clocks < 1_000_000:
        return
    there = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    kept = [one for one in there if not one["name"].startswith(f"{given.case}_")]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([*kept, *rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
