"""Covasim's side, run in its own environment: JSON question on the input, JSON answer."""

import json
import sys
import time

import covasim as cv

asked = json.load(sys.stdin)
cv.options(verbose=0)


def made(seed):
    sim = cv.Sim(
        pop_size=asked["people"],
        pop_type="hybrid",
        pop_infected=asked["infected"],
        n_days=asked["days"],
        rand_seed=seed,
        interventions=[
            cv.test_prob(symp_prob=0.2, asymp_prob=0.001, symp_quar_prob=0.5),
            cv.contact_tracing(trace_probs=0.8, trace_time=1),
        ],
    )
    sim.init()
    return sim


made(0).run()  # compiles
sim = made(1)
began = time.process_time()
sim.run()
spent = time.process_time() - began
print(
    json.dumps(
        {
            "agent_days_s": asked["people"] * asked["days"] / spent,
            "infections": float(sim.results["cum_infections"][-1]),
        }
    )
)
