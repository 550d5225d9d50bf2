"""Covasim's side of the matched outbreak, run in its own environment: JSON in, JSON out.

People meet the others of a group of fixed size, and as many drawn anew every day; whoever is
infected is infectious at one level from `latent` days on, for `infectious` days.
"""

import json
import sys

import covasim as cv
import numpy as np
import starsim as ss

asked = json.load(sys.stdin)
cv.options(verbose=0)


def groups():
    members = np.arange(asked["people"]).reshape(-1, asked["group"])
    one, other = np.triu_indices(asked["group"], 1)
    p1, p2 = members[:, one].ravel(), members[:, other].ravel()
    return cv.Layer(p1=p1, p2=p2, beta=np.ones(len(p1)), name="g", label="g")


def always(days):
    return {"dist": "uniform", "par1": days, "par2": days}


def made(seed, traced):
    measures = [
        cv.test_prob(symp_prob=1.0, asymp_prob=0.0, symp_quar_prob=1.0, asymp_quar_prob=0.0,
                     test_delay=asked["found_after"], start_day=asked["seen_from"]),
        cv.contact_tracing(trace_probs={"g": asked["recall"]}, trace_time=asked["trace_d"],
                           quar_period=asked["kept_d"]),
    ]  # fmt: skip
    return cv.Sim(
        pop_size=asked["people"],
        pop_type="random",
        networks=[
            groups(),
            ss.RandomNet(name="a", n_contacts=ss.poisson(asked["strangers"]), dynamic=True,
                         uniform_targets=True),
        ],
        pop_infected=asked["infected"],
        n_days=asked["days"],
        rand_seed=seed,
        use_waning=False,
        beta=asked["beta"],
        beta_layer={"g": 1.0, "a": 1.0},
        iso_factor={"g": 0.0, "a": 0.0},
        quar_factor={"g": 0.0, "a": 0.0},
        dynam_layer={"g": 0, "a": 1},
        asymp_factor=1.0,
        viral_dist={"frac_time": 0.3, "load_ratio": 1.0, "high_cap": 4},
        beta_dist={"dist": "neg_binomial", "par1": 1.0, "par2": asked["dispersion"], "step": 0.01},
        prog_by_age=False,
        rel_symp_prob=1 / 0.75,
        rel_severe_prob=0.0,
        dur={
            "exp2inf": always(asked["latent"]),
            "inf2sym": always(asked["onset"] - asked["latent"]),
            "mild2rec": always(asked["latent"] + asked["infectious"] - asked["onset"]),
        },
        interventions=measures if traced else [],
    )  # fmt: skip


def one(seed, traced):
    sim = made(seed, traced)
    sim.run()
    return np.asarray(sim.results["cum_infections"])[asked["at"]].tolist()


answer = {}
for name, traced in (("untraced", False), ("traced", True)):
    runs = [one(seed, traced) for seed in range(asked["runs"])]
    answer[name] = np.median(runs, axis=0).tolist()
print(json.dumps(answer))
