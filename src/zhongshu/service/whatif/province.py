"""Several counties: stepped by counts, because nobody knows all their chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhongshu.engines.whatif.counties import answering as engine
from zhongshu.engines.whatif.counties import begun, matched, model, plan
from zhongshu.kernel.disease.params import BY_AGE, SYNTHETIC
from zhongshu.lake.lake import Lake
from zhongshu.reference import read
from zhongshu.rules.model import Pack
from zhongshu.service.whatif import answering, calibration, handover, residents
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
    fitted = _fitted(asked, where, made, course=course, setting=setting, pack=pack, seed=seed)
    drawn = fitted.drawn(asked.runs, seed)
    if drawn is None:
        drawn = np.tile([figures["r0"], figures["unfound_per_case"]], (asked.runs, 1))
    cases = registered(where, rows)
    compared = engine.compare(
        made,
        course,
        asked.options,
        np.stack([begun.start(made, course, cases, unfound=float(one[1])) for one in drawn]),
        setting=setting,
        days=asked.days,
        run=model.Run(runs=asked.runs, seed=seed),
        r0=drawn[:, 0],
        calibrated=fitted.calibrated,
        calibrated_days=fitted.recent.days,
    )
    counted = handover.Counted(
        asked, where, rows, made, course, setting, compared, drawn, fitted.recent
    )
    answer, handed = handover.hand_over(counted, pack, lake=lake, seed=seed)
    more = {"calibration": fitted.told(), "handover": handed}
    notes = _notes(asked, where, handed, fitted)
    return answer, notes, int(made.people.sum()), True, more


def _notes(
    asked: Asked, where: Place, handed: Mapping[str, Any], fitted: calibration.Fitted
) -> list[str]:
    """Codes of what stands beside the answer."""
    beyond = ["counties_beyond"] if any(plan.beyond(one) for one in asked.options) else []
    on_file = "counties_on_file" if where.residents else "people_made"
    persons = ["counties_handed"] if handed["counties"] else []
    return [on_file, "counties_mixing", "counties_start", *persons, *beyond, *fitted.notes]


def _fitted(
    asked: Asked,
    where: Place,
    made: model.Province,
    *,
    course: model.Course,
    setting: plan.Setting,
    pack: Pack,
    seed: int,
) -> calibration.Fitted:
    """r0 and how many are infected and not found for each case, fitted to the recent cases."""

    def simulator(past: calibration.Recent) -> begun.ProvinceCases:
        in_force = plan.make(past.in_force, made, course, setting, days=past.days)
        return begun.ProvinceCases(made, course, in_force, registered(where, past.start))

    return calibration.fit(
        simulator,
        calibration.recent(where, asked.as_of, pack),
        pack,
        names=begun.PARAMETERS,
        asked=asked.options,
        days=asked.days,
        seed=seed,
    )


def registered(where: Place, rows: Sequence[Mapping[str, Any]]) -> model.F64:
    """(counties,) recent cases of each."""
    return np.array(
        [
            float(sum(row["unit_path"].startswith(county.path) for row in rows))
            for county in where.counties
        ]
    )


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
