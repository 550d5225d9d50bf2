"""From rows of evidence to the tables of a `TraceResult`, with arrays."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.kernel.segments import Array

NOWHERE = -1  # place of a household exposure


class Evidence(NamedTuple):
    """One element per exposure.  case: row of the question; source, person: pseudonyms."""

    case: Array
    source: Array
    person: Array
    place: Array
    t0: Array
    t1: Array
    imputed: Array
    two: Array

    def take(self, rows: Array) -> Evidence:
        return Evidence(*(column[rows] for column in self))

    def sorted(self) -> Evidence:
        """By case, person, source, time, place."""
        return self.take(np.lexsort((self.place, self.t0, self.source, self.person, self.case)))

    @property
    def seconds(self) -> Array:
        return np.where(self.place == NOWHERE, 0, self.t1 - self.t0)


def joined(parts: list[Evidence]) -> Evidence:
    return Evidence(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


@dataclasses.dataclass(frozen=True)
class Groups:
    """Sorted evidence, put together by case and person; `start` is where each begins."""

    case: Array
    person: Array
    start: Array
    exposures: Array
    first: Array
    last: Array
    total: Array
    imputed: Array
    all_imputed: Array
    household: Array
    two: Array
    places: Array

    @classmethod
    def of(cls, evidence: Evidence) -> Groups:
        case, person = evidence.case, evidence.person
        count = len(case)
        fresh = np.ones(count, np.bool_)
        fresh[1:] = (case[1:] != case[:-1]) | (person[1:] != person[:-1])
        start = np.flatnonzero(fresh)
        seconds = evidence.seconds
        home = evidence.place == NOWHERE
        ends = np.append(start[1:], count) if count else start
        return cls(
            case=case[start],
            person=person[start],
            start=start,
            exposures=ends - start,
            first=_each(np.minimum, evidence.t0, start),
            last=_each(np.maximum, evidence.t1, start),
            total=_each(np.add, seconds, start),
            imputed=_each(np.add, seconds * evidence.imputed, start),
            all_imputed=_each(np.logical_and, evidence.imputed, start),
            household=_each(np.logical_or, home, start),
            two=_each(np.logical_or, evidence.two, start),
            places=_places(evidence, np.cumsum(fresh) - 1, len(start)),
        )


def _each(how: np.ufunc, values: Array, start: Array) -> Array:
    found: Array = how.reduceat(values, start) if len(start) else values[:0]
    return found


def _places(evidence: Evidence, group: Array, groups: int) -> Array:
    """Distinct places of each group."""
    order = np.lexsort((evidence.place, group))
    g, place = group[order], evidence.place[order]
    fresh = np.ones(len(g), np.bool_)
    fresh[1:] = (g[1:] != g[:-1]) | (place[1:] != place[:-1])
    return np.bincount(g[fresh & (place != NOWHERE)], minlength=groups)


def six(values: Array) -> Array:
    """Six decimals, halves up, as in SQL and in the oracle."""
    found: Array = np.floor(values * 1e6 + 0.5) / 1e6
    return found


def link_scores(total: Array, imputed: Array, household: Array, ranking: model.Ranking) -> Array:
    """Of links with so many seconds, so many of them estimated; see `model.Ranking`."""
    home_s = float(ranking.household_dose_min) * 60
    dose = (
        total - imputed + float(ranking.imputed_weight) * imputed + np.where(household, home_s, 0)
    )
    return six(1 - np.power(2.0, -dose / (float(ranking.half_dose_min) * 60)))


def strongest(evidence: Evidence, groups: Groups, rule: Array) -> Array:
    """For each group the rule (number in order of rule id) of its strongest exposure: living
    together, then the longest."""
    group = np.repeat(np.arange(len(groups.start)), groups.exposures)
    order = np.lexsort((rule, -evidence.seconds, evidence.place != NOWHERE, group))
    return rule[order[groups.start]]


@dataclasses.dataclass(frozen=True)
class Found:
    """Contacts of one degree.  via, via_score: None at degree 1."""

    degree: int
    evidence: Evidence
    groups: Groups
    score: Array
    link: Array
    via: Array | None
    via_score: Array | None
    contact_rule: pa.Array
    exposure_rule: pa.Array


def contacts(parts: list[Found], case_ids: Array, patients: Array) -> pa.Table:
    tables = [_contacts(part, case_ids, patients) for part in parts]
    table = pa.concat_tables(tables).combine_chunks()
    order = np.lexsort(
        (
            table["person"].to_numpy(),
            -table["score"].to_numpy(),
            table["degree"].to_numpy(),
            table["case_id"].to_numpy(),
        )
    )
    return table.take(pa.array(order))


def _contacts(part: Found, case_ids: Array, patients: Array) -> pa.Table:
    groups = part.groups
    count = len(groups.case)
    via = pa.nulls(count, pa.int64()) if part.via is None else pa.array(part.via)
    return pa.table(
        [
            case_ids[groups.case],
            groups.person,
            np.full(count, part.degree, np.int8),
            via,
            _moments(groups.first),
            _moments(groups.last),
            groups.exposures.astype(np.int32),
            groups.total / 60.0,
            groups.all_imputed,
            part.contact_rule,
            part.score,
            _reasons(part),
            np.isin(groups.person, patients),
            groups.two,
            groups.household,
            groups.places.astype(np.int32),
            groups.imputed / 60.0,
        ],
        schema=model.CONTACTS,
    )


def _moments(seconds: Array) -> pa.Array:
    return pa.array(seconds.astype(np.int64)).cast(model.SECONDS)


def _reasons(part: Found) -> pa.Array:
    groups = part.groups
    home = pc.if_else(pa.array(groups.household), "true", "false")
    via: pa.Scalar | pa.Array = pa.scalar("null")
    if part.via_score is not None:
        via = _decimals(part.via_score)
    return pc.binary_join_element_wise(
        '{"confirmed_s": ',
        _text(groups.total - groups.imputed),
        ', "imputed_s": ',
        _text(groups.imputed),
        ', "household": ',
        home,
        ', "link": ',
        _decimals(part.link),
        ', "via": ',
        via,
        "}",
        "",
    )


def _text(values: Array) -> pa.Array:
    return pa.array(values.astype(np.int64)).cast(pa.string())


def _decimals(values: Array) -> pa.Array:
    """Numbers of 0..1 with six decimals."""
    micro = np.rint(values * 1e6).astype(np.int64)
    rest = pc.utf8_lpad(_text(micro % 1_000_000), 6, "0")
    return pc.binary_join_element_wise(_text(micro // 1_000_000), rest, ".")


def exposures(parts: list[Found], case_ids: Array) -> pa.Table:
    table = pa.concat_tables([_exposures(part, case_ids) for part in parts]).combine_chunks()
    if len(parts) == 1:
        return table
    case, degree = table["case_id"].to_numpy(), table["degree"].to_numpy()
    return table.take(pa.array(np.lexsort((degree, case))))  # stable: each part is in order


def _exposures(part: Found, case_ids: Array) -> pa.Table:
    evidence = part.evidence
    home = evidence.place == NOWHERE
    return pa.table(
        [
            case_ids[evidence.case],
            np.full(len(home), part.degree, np.int8),
            evidence.source,
            evidence.person,
            pc.if_else(pa.array(home), model.HOUSEHOLD, model.VISIT),
            pa.array(evidence.place.astype(np.int32), mask=home),
            _moments(evidence.t0),
            _moments(evidence.t1),
            evidence.seconds / 60.0,
            evidence.imputed,
            part.exposure_rule,
            evidence.two,
        ],
        schema=model.EXPOSURES,
    )


def notices(rows: Array, case_ids: Array) -> pa.Table:
    """From rows of case, place, from, to, persons, persons in the whole window."""
    rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    return pa.table(
        [
            rows[:, 1].astype(np.int32),
            case_ids[rows[:, 0]],
            _moments(rows[:, 2]),
            _moments(rows[:, 3]),
            rows[:, 4].astype(np.int32),
            rows[:, 5].astype(np.int32),
        ],
        schema=model.NOTICES,
    )
