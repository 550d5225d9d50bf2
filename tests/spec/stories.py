"""Questions that need more than one set of facts: two cases, a correction, two amendments."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from zhongshu.kernel.errors import Refused
from zhongshu.rules import isolation, judge, reader
from zhongshu.rules.isolation import Plan
from zhongshu.rules.model import Pack

SMALL = Path(__file__).parents[1] / "data" / "small_packs"
WINDOW = "WHO-1"  # who is a close contact: exposure inside the case's window

Told = Mapping[str, Any]


def two_cases(pack: Pack, told: Told) -> dict[str, Any]:
    """A person met several times: `exposures`, each [degree, last exposure]."""
    met = [{"degree": degree, "last_exposure": last} for degree, last in told["exposures"]]
    plan = isolation.of_person(pack, "contact", met)
    alone = [isolation.of_subject(pack, "contact", one) for one in met]
    ends = [one.ends_on for one in alone if one is not None]
    return {
        "ends_on": plan.ends_on if plan else None,
        "alone": sorted(ends),
        "stays": [f"{stay.place} {stay.first:%m-%d}..{stay.last:%m-%d}" for stay in plan.stays]
        if plan
        else [],
    }


def corrected(pack: Pack, told: Told) -> dict[str, Any]:
    """A person who met a case on `exposures`; the onset `onset_before` is corrected to
    `onset_after` on the day `corrected_on`."""
    before = _plan(pack, told["exposures"], told["onset_before"])
    after = _plan(pack, told["exposures"], told["onset_after"])
    on = dt.date.fromisoformat(told["corrected_on"])
    return {
        "ends_before": before.ends_on if before else None,
        "ends_after": after.ends_on if after else None,
        "action": isolation.revised(before, after, on=on).action,
    }


def _plan(pack: Pack, exposures: Sequence[str], onset: str) -> Plan | None:
    """The plan by the last exposure that lies in the window of a case with this onset."""
    inside = [
        met
        for met in exposures
        if judge.judge(
            pack, WINDOW, {"near": True, "last_exposure": met, "case_onset_date": onset}
        ).held
    ]
    if not inside:
        return None
    return isolation.of_subject(pack, "contact", {"degree": 1, "last_exposure": max(inside)})


def two_amendments(told: Told) -> dict[str, Any]:
    """The small pack `cold` with two amendments that begin on one day, and what it says then.

    first, second: {figure: value}; names: what the second amends.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "packs"
        shutil.copytree(SMALL, folder)
        (folder / "cold-1.yaml").unlink()
        _write(folder, "cold-a", "cold", "a", told["first"])
        _write(folder, "cold-b", told["names"], "b", told["second"])
        faults = [one for one in reader.problems(folder=folder) if not one.remark]
        try:
            pack = reader.applicable(disease="cold", on=dt.date(2020, 6, 1), folder=folder)
        except Refused as refused:
            return {"refused": refused.code, "told": len(faults)}
    values = {key: pack.value(key) for key in {**told["first"], **told["second"]}}
    return {"applies": pack.version, "values": values, "told": len(faults), "refused": None}


def _write(folder: Path, name: str, amends: str, suffix: str, figures: Told) -> None:
    content = {
        "id": name,
        "amends": amends,
        "suffix": suffix,
        "edition": {"zh": "修订", "en": "Change"},
        "effective_from": "2020-06-01",
        "sources": [],
        "figures": {key: {"value": value, "mark": "D"} for key, value in figures.items()},
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    (folder / f"{name}.yaml").write_text(text.replace("'2020-06-01'", "2020-06-01"), "utf-8")
