"""Rows of the last mile: a day of 300 drops, beside PyVRP (0.14) asked the same for ten seconds.

PyVRP divides no drop and is told that a van pays each time it leaves: that is the length of the
arcs out of the store, in thousandths of a yuan.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyvrp
from pyvrp.stop import MaxRuntime

from benchmarks.cases import dispatch_mile as instances
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.supply.lastmile import solve, validate
from zhongshu.kernel import geo

DROPS, VANS = 300, 26
PEER_SECONDS = 10.0


def rows(seed: int = 1) -> list[Line]:
    given = instances.day(DROPS, VANS, seed=seed)
    plan = solve.plan(**given, rules=instances.RULES)
    checked(validate.check(plan, **given, rules=instances.RULES))
    if plan.brought < plan.parcels:
        raise SystemExit("The vans are too few for a comparison of yuan.")
    name = f"last-mile-{DROPS}-drops-{VANS}-vans"
    return [
        line(f"{name} yuan against PyVRP in {PEER_SECONDS:.0f} s", plan.answer.value, "yuan",
             peer=peer_yuan(given["drops"]), goal=1.05),
        line(f"{name} yuan against bound", plan.answer.value, "yuan", peer=plan.answer.bound,
             goal=2.5, note="of capacity and distance alone"),
        line(f"{name} time", plan.answer.seconds, "s", peer=None, goal=10.0),
    ]  # fmt: skip


def peer_yuan(drops: pa.Table) -> float | None:
    """None: no drivable day was found."""
    van = instances.VAN
    columns = {name: np.array(drops[name].to_pylist()) for name in drops.schema.names}
    lon = np.array([instances.DEPOT["lon"], *columns["lon"]])
    lat = np.array([instances.DEPOT["lat"], *columns["lat"]])
    km = geo.matrix_km(lon, lat, lon, lat) * van["detour"]
    yuan = km * van["yuan_km"]
    yuan[0, 1:] += van["yuan_run"]
    stay = np.round((instances.RULES.stop_min + columns["stay_min"]) * 60).astype(int)
    clients = [
        pyvrp.Client(
            location=n + 1,
            delivery=[int(columns["kg"][n]), round(1000 * columns["m3"][n]), 1],
            service_duration=int(stay[n]),
            tw_early=int(columns["from_min"][n] * 60),
            tw_late=int(columns["to_min"][n] * 60 - stay[n]),
        )
        for n in range(drops.num_rows)
    ]
    vans = pyvrp.VehicleType(
        num_available=VANS,
        capacity=[int(van["kg"]), round(1000 * van["m3"]), van["stops_most"]],
        start_depot=0,
        end_depot=0,
        tw_early=int(van["from_min"] * 60),
        tw_late=int(van["to_min"] * 60),
        reload_depots=[1],
    )
    depots = [
        pyvrp.Depot(location=0),
        pyvrp.Depot(location=0, service_duration=int(van["turn_min"] * 60)),
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(x=0, y=0) for _ in lon],
        clients,
        depots,
        [vans],
        [np.round(yuan * 1000).astype(int)],
        [np.round(km / van["km_h"] * 3600).astype(int)],
    )
    found = pyvrp.solve(data, MaxRuntime(PEER_SECONDS), seed=1, display=False)
    return found.cost() / 1000 if found.is_feasible() else None
