"""Run in an environment with epydemix (GPL-3.0): group-steps a second of the same compartments.

python whatif_counties_epydemix.py '{"groups": 16, "runs": 10, ...}'  -> one line of JSON
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from epydemix import EpiModel  # type: ignore[import-not-found]
from epydemix.population import Population  # type: ignore[import-not-found]


def built(question: dict) -> EpiModel:  # type: ignore[type-arg]
    """Chains of stages: rates and weights as asked, one mediated transition per infectious one."""
    names = question["compartments"]
    model = EpiModel(name="peer", compartments=names)
    people = Population(name="made")
    people.add_population(question["people"], [f"g{n}" for n in range(len(question["people"]))])
    people.add_contact_matrix(np.array(question["contacts"]))
    model.set_population(people)
    for source, target, rate in question["exits"]:
        model.add_transition(source, target, kind="spontaneous", params=rate)
    for agent, rate in question["infectious"]:
        model.add_transition("S", names[1], kind="mediated", params=(rate, agent))
    return model


def main() -> None:
    question = json.load(sys.stdin)
    model = built(question)
    groups = len(question["people"])
    begin = {name: np.zeros(groups) for name in question["compartments"]}
    begin["S"] = np.array(question["people"], dtype=float) - question["seeds"]
    begin[question["compartments"][1]] += question["seeds"]
    asked = {
        "start_date": "2022-01-01",
        "end_date": question["end_date"],
        "initial_conditions_dict": begin,
        "dt": question["dt"],
        "rng": 1,
    }
    model.run_simulations(Nsim=1, **asked)
    began = time.perf_counter()
    result = model.run_simulations(Nsim=question["runs"], **asked)
    spent = time.perf_counter() - began
    removed = np.array(result.get_stacked_compartments()["R_total"])[:, -1]
    steps = question["days"] / question["dt"]
    print(
        json.dumps(
            {
                "spent_s": spent,
                "group_steps_s": groups * steps * question["runs"] / spent,
                "removed": float(removed.mean()),
            }
        )
    )


if __name__ == "__main__":
    main()
