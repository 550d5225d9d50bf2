"""The registry at the size of a province: ``python -m benchmarks.registry``.

On an embedded PostgreSQL with the settings of an installation and the real divisions of Shanxi:
what `registry.fill` makes (136 laboratories, 58,000 samplers, stores of five levels ...).  Lists,
a thing's page and readiness are asked as people ask: signed in, through the API, under row-level
security; median of 25, with the number of queries.
Writes benchmarks/results/registry.json.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import clocks
from zhongshu.config import environment as env
from zhongshu.config import postgres

RESULTS = Path(__file__).parent / "results" / "registry.json"
PROVINCE, CITY, COUNTY = "140000000000", "140100000000", "140105000000"
ROLES = {
    "province_commander": (PROVINCE, "commander"),
    "city_supply_team": (CITY, "supply_team"),
    "county_duty_officer": (COUNTY, "duty_officer"),
}
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "list": ("/resources/things", {}),
    "list_lots_by_name": ("/resources/things", {"kind": "lot", "text": "储备"}),
    "list_samplers_on_duty": ("/resources/things", {"kind": "sampler", "state": "ready"}),
    "readiness": ("/resources/readiness", {"hours": 24}),
}
GOAL_MS = 100.0


def fill() -> list[dict[str, Any]]:
    from django.db.models import Count  # noqa: PLC0415

    from zhongshu.service.kit.actor import INTAKE  # noqa: PLC0415
    from zhongshu.service.kit.scope import Scope  # noqa: PLC0415
    from zhongshu.service.resources.registry import facade as registry  # noqa: PLC0415

    began = time.perf_counter()
    count = registry.fill(seed=1, scope=Scope((f"{PROVINCE}/",)), actor=INTAKE, now=clocks.NOW)
    seconds = time.perf_counter() - began
    kinds = registry.Thing.objects.values_list("kind").annotate(n=Count("pk")).order_by("-n")
    print(f"{count:,} things:", ", ".join(f"{kind} {n:,}" for kind, n in kinds))
    persons = sum(one.capacity["persons"] for one in registry.Thing.objects.filter(kind="sampler"))
    return [
        clocks.row("things", count, ""),
        clocks.row("samplers_persons", persons, ""),
        clocks.row("fill", seconds, "s"),
    ]


def asked(client: Any, path: str, query: dict[str, Any]) -> tuple[float, int]:
    """Median milliseconds, and queries of one answer."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    ms = clocks.median_ms(functools.partial(clocks.ask, client, path, **query))
    with CaptureQueriesContext(connection) as told:
        clocks.ask(client, path, **query)
    return ms, len(told)


def roles() -> list[dict[str, Any]]:
    found = []
    for name, (unit, role) in ROLES.items():
        client = clocks.browser(unit, role)
        first = clocks.ask(client, "/resources/things", limit=1)["items"][0]["id"]
        page = {"page": (f"/resources/things/{first}", dict[str, Any]())}
        for what, (path, query) in (ASKED | page).items():
            ms, queries = asked(client, path, query)
            found.append(clocks.row(f"{what}_{name}", ms, "ms", GOAL_MS))
            found.append(clocks.row(f"{what}_{name}_queries", queries, ""))
    return found


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="zhongshu-registry-"))
    os.environ["ZHONGSHU_VAR"] = str(home)
    os.environ.pop("ZHONGSHU_DATABASE_URL", None)
    postgres.start(env.read())
    clocks.start()
    rows = fill()
    clocks.settle()
    clocks.set_clock(clocks.NOW)
    rows += roles()
    shutil.rmtree(home, ignore_errors=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
