"""OR-Tools routing on a day of shipments: question as JSON on stdin, answer on the last line."""

from __future__ import annotations

import json
import sys

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

PRIZE = 1_000_000  # metres a person left out costs, as in the engine more than any road

q = json.load(sys.stdin)
many, depots = len(q["to"]), q["depots"]
# Nodes: depots, homes, one delivery per home.
place = [*range(depots + many), *q["to"]]
load = [0] * depots + q["persons"] + [-n for n in q["persons"]]
wait = [0] * depots + q["board"] + [0] * many
cars = q["vehicles"]
ends = [car["depot"] for car in cars]
manager = pywrapcp.RoutingIndexManager(len(place), len(cars), ends, ends)
routing = pywrapcp.RoutingModel(manager)


def metres(a: int, b: int) -> int:
    return q["metres"][place[manager.IndexToNode(a)]][place[manager.IndexToNode(b)]]


def seconds(a: int, b: int) -> int:
    n = manager.IndexToNode(a)
    return wait[n] + q["seconds"][place[n]][place[manager.IndexToNode(b)]]


routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(metres))
routing.AddDimension(
    routing.RegisterTransitCallback(seconds), q["never"], q["never"], False, "time"
)
seats = routing.RegisterUnaryTransitCallback(lambda a: load[manager.IndexToNode(a)])
routing.AddDimensionWithVehicleCapacity(seats, 0, [car["seats"] for car in cars], True, "seats")
clock = routing.GetDimensionOrDie("time")
for v, car in enumerate(cars):
    clock.CumulVar(routing.End(v)).SetMax(car["end"])
for n in range(many):
    pick, drop = manager.NodeToIndex(depots + n), manager.NodeToIndex(depots + many + n)
    routing.AddPickupAndDelivery(pick, drop)
    routing.solver().Add(routing.VehicleVar(pick) == routing.VehicleVar(drop))
    routing.solver().Add(clock.CumulVar(pick) <= clock.CumulVar(drop))
    clock.CumulVar(pick).SetRange(max(0, q["ready"][n]), min(q["never"] - 1, q["due"][n]))
    routing.AddDisjunction([pick], PRIZE * q["persons"][n])
    routing.AddDisjunction([drop], 0)
how = pywrapcp.DefaultRoutingSearchParameters()
how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
how.time_limit.FromMilliseconds(int(1000 * q["limit_s"]))
answer = routing.SolveWithParameters(how)
served, mixed, length = [], 0, 0
for v in range(len(cars) if answer else 0):
    at, aboard = routing.Start(v), []
    while not routing.IsEnd(at):
        n = manager.IndexToNode(at)
        if depots <= n < depots + many:
            home = n - depots
            mixed += any(q["to"][other] != q["to"][home] for other in aboard)
            aboard.append(home)
            served.append(home)
        elif n >= depots + many:
            aboard.remove(n - depots - many)
        after = answer.Value(routing.NextVar(at))
        length += metres(at, after)
        at = after
print(json.dumps({"served": served, "mixed": mixed, "metres": length}))
