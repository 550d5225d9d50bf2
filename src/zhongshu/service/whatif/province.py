"""Several counties: stepped by counts, because nobody knows all their chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhongshu.engines.whatif.counties import answering as engine
from zhongshu.engines.whatif.counties import matched, model, plan, solve, stages
from zhongshu.kernel.disease.params import BY_AGE, SYNTHETIC
from zhongshu.lake.lake import Lake
from zhongshu.reference import read
from zhongshu.rules.model import Pack
from zhongshu.service.whatif import answering, residents
from zhongshu.service.whatif.place import Place

if TYPE_CHECKING:
    from zhongshu.service.whatif.compute import Asked


def compare(
    asked: Asked,
    where: Place,
    rows: Sequence[Mapping[str, Any]],
    pack: Pack,
    *,
    lake: Lake,
    seed: int,
) -> answering.Computed:
    """Counties of the census; the registered cases of each with those nobody has found yet."""
    figures = pack.group("whatif.counties")
    made = people(where, figures)
    course = matched.matched(
        SYNTHETIC,
        isolated_d=figures["isolated_d"],
        to_hospital_d=figures["to_hospital_d"],
        in_hospital_d=figures["in_hospital_d"],
    )
    setting = plan.Setting(
        household=figures["household_share"],
        venues=figures["venues_share"],
        care_seeking=pack.number("whatif.care.seeking"),
        contacts_per_case=figures["contacts_per_case"],
    )
    compared = engine.compare(
        made,
        course,
        asked.options,
        start(made, course, where, rows, figures["unfound_per_case"]),
        setting=setting,
        days=asked.days,
        run=model.Run(runs=asked.runs, seed=seed),
        r0=figures["r0"],
    )
    beyond = ["counties_beyond"] if compared.answer.note else []
    counted = "counties_on_file" if where.residents else "people_made"
    notes = [counted, "counties_mixing", "counties_start", *beyond]
    return compared.answer, notes, int(made.people.sum()), True


def people(where: Place, figures: Mapping[str, Any]) -> model.Province:
    """By county and age: as many as are on file, of the ages of the census.  Who meets whom by
    age and distance is an assumption of the pack."""
    margins = residents.margins(tuple(one.code for one in where.counties))
    ages, counted = margins.age_from, margins.ages
    if where.residents:
        on_file = np.array([[where.people(one)] for one in where.counties])
        counted = _scaled(counted, on_file)
    share = counted.sum(axis=0) / counted.sum()
    apart = np.abs(ages[:, None] - ages) / figures["age_apart"]
    return model.Province(
        codes=margins.codes,
        people=counted,
        contacts=figures["contacts_per_day"] * share * np.exp(-apart),
        commuting=_commuting(margins.codes, figures),
        susceptibility=np.ones(len(ages)),
        severe=np.where(ages >= BY_AGE.old_from, BY_AGE.severe_old, BY_AGE.severe_young),
    )


def _scaled(counted: model.I64, wanted: model.I64) -> model.I64:
    """Each row in its own proportions, adding up to what is wanted, at least one."""
    upto = np.cumsum(counted, axis=1) / counted.sum(axis=1, keepdims=True)
    whole = np.round(upto * np.maximum(wanted, 1)).astype(np.int64)
    return np.asarray(np.diff(whole, axis=1, prepend=0), dtype=np.int64)


def _commuting(codes: Sequence[str], figures: Mapping[str, Any]) -> model.F64:
    """Share of contact time in each county: at home, and with neighbours by distance."""
    at = {code: n for n, code in enumerate(codes)}
    near = np.zeros((len(codes), len(codes)))
    for row in read.table("adjacency").to_pylist():
        one, other = at.get(row["code_a"]), at.get(row["code_b"])
        if one is not None and other is not None:
            near[one, other] = near[other, one] = np.exp(
                -row["centroid_km"] / figures["commute_km"]
            )
    total = near.sum(axis=1, keepdims=True)
    going = figures["away_share"] * np.divide(near, total, out=near.copy(), where=total > 0)
    return np.asarray(going + np.diag(1.0 - going.sum(axis=1)))


def start(
    made: model.Province,
    course: model.Course,
    where: Place,
    rows: Sequence[Mapping[str, Any]],
    unfound: float,
) -> model.I64:
    """So many infected and not found for each recent case, over the latent stages and ages of
    its county; the registered themselves are isolated and infect nobody any more."""
    begun = solve.empty_start(made, course)
    for n, county in enumerate(where.counties):
        cases = sum(row["unit_path"].startswith(county.path) for row in rows)
        count = round(cases * unfound)
        people_ = made.people[n]
        upto = np.round(np.cumsum(people_) / people_.sum() * count).astype(np.int64)
        by_age = np.minimum(np.diff(upto, prepend=0), people_)
        for age, infected in enumerate(by_age):
            for k in range(int(infected)):
                begun[n, age, stages.FIRST + k % course.latent_stages] += 1
            begun[n, age, stages.SUSCEPTIBLE] -= int(infected)
    return begun
