"""VROOM on a day of shipments: question as JSON on stdin, answer as JSON on the last line."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import numpy as np
import vroom

q = json.load(sys.stdin)
many, depots = len(q["to"]), q["depots"]
problem = vroom.Input()
problem.set_durations_matrix("car", np.array(q["seconds"], np.uint32))
problem.set_distances_matrix("car", np.array(q["metres"], np.uint32))
problem.set_costs_matrix("car", np.array(q["metres"], np.uint32))
for n, car in enumerate(q["vehicles"]):
    problem.add_vehicle(
        vroom.Vehicle(
            n, start=car["depot"], end=car["depot"], capacity=[car["seats"]], profile="car",
            time_window=vroom.TimeWindow(car["begin"], car["end"]),
        )
    )  # fmt: skip
for n in range(many):
    problem.add_shipment(
        vroom.ShipmentStep(
            n, location=depots + n, default_service=q["board"][n],
            time_windows=[vroom.TimeWindow(q["ready"][n], q["due"][n])],
        ),
        vroom.ShipmentStep(n, location=q["to"][n]),
        amount=vroom.Amount([q["persons"][n]]),
    )  # fmt: skip
solution = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=q["limit_s"]))
served, mixed, metres = [], 0, 0
for route in solution.routes.groupby("vehicle_id"):
    aboard: list[int] = []
    last = None
    for _, step in route[1].iterrows():
        place = int(step["location_index"])
        if last is not None:
            metres += q["metres"][last][place]
        last = place
        if step["type"] == "pickup":
            n = int(step["id"])
            mixed += any(q["to"][other] != q["to"][n] for other in aboard)
            aboard.append(n)
            served.append(n)
        elif step["type"] == "delivery":
            aboard.remove(int(step["id"]))
print(json.dumps({"served": served, "mixed": mixed, "metres": metres}))
