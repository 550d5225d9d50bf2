"""Why a case is traced again: everything that could have changed, compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import polars as pl
import pyarrow as pa

from zhongshu.engines.tracing import model
from zhongshu.kernel import tables
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.service.people import facade as people
from zhongshu.service.tracing import basis, changes
from zhongshu.service.tracing.basis import Basis
from zhongshu.service.tracing.moment import Moment
from zhongshu.service.tracing.stored import Before


def changed(moment: Moment, before: Mapping[int, Before]) -> dict[int, str]:
    """case_id to reason of the cases to be traced again, closed ones among them."""
    open_ = tables.frame(moment.asked)
    ids = set(open_["case_id"].to_list())
    later = {case for case, one in before.items() if one.basis.as_of > moment.as_of}
    closed = dict.fromkeys(set(before) - ids, changes.CLOSED)
    parts = [closed, _by_value(moment, before)]
    rest = ids & set(before)
    if rest:
        found = moment.found().filter(pl.col("case_id").is_in(list(rest)))
        parts += [_by_digest(moment, before, found), _by_time(moment, before, found)]
        parts += [_by_scans(moment, before, found, since) for since in _bases(before)]
    return {case: why for case, why in changes.joined(*parts).items() if case not in later}


def _by_value(moment: Moment, before: Mapping[int, Before]) -> dict[int, str]:
    """What can be compared as it is."""
    rows: list[tuple[int, str]] = []
    merged = _merges(before)
    places, clocks = _places_changed(moment, before), basis.clocks_mark(moment.here.lake)
    for row in moment.asked.to_pylist():
        case = row["case_id"]
        one = before.get(case)
        if one is None:
            rows.append((case, changes.NEW_CASE))
            continue
        if one.rules != moment.digest:
            rows.append((case, changes.RULES))
        if (one.window_from, one.window_to) != (row["window_from"], row["window_to"]):
            rows.append((case, changes.WINDOW))
        if one.read_from != moment.read_from:
            rows.append((case, changes.FURTHER))
        if one.basis.clocks != clocks:
            rows.append((case, changes.CLOCKS))
        if one.person != row["person"]:
            rows.append((case, merged[one.basis.alias_event].get(row["person"], changes.WINDOW)))
        if places[one.basis.places, one.basis.places_to]:
            rows.append((case, changes.PLACES))
    return changes.foremost(rows)


def _merges(before: Mapping[int, Before]) -> dict[int, dict[int, str]]:
    """Last event known to a trace -> person to reason of everybody merged or split since."""
    words = {"merged": changes.MERGED, "split": changes.SPLIT}
    return {
        event: {person: words[what] for person, what in people.changed_since(event)[0].items()}
        for event in {one.basis.alias_event for one in before.values()}
    }


def _places_changed(moment: Moment, before: Mapping[int, Before]) -> dict[tuple[str, int], bool]:
    marks = {(one.basis.places, one.basis.places_to) for one in before.values()}
    places = moment.here.places()
    return {(mark, to): basis.places_mark(places, to) != mark for mark, to in marks}


def _by_digest(moment: Moment, before: Mapping[int, Before], found: pl.DataFrame) -> dict[int, str]:
    """Who lives with whom, who is kept apart, who of the contacts is a case himself."""
    homes, apart = digests(moment, found)
    rows = []
    for case, one in before.items():
        if homes.get(case, "") != one.homes:
            rows.append((case, changes.HOUSEHOLD))
        if apart.get(case, "") != one.isolations:
            rows.append((case, changes.ISOLATED))
    patients = moment.asked["person"].to_pylist()
    other = found.filter(pl.col("is_case") != pl.col("person").is_in(patients))
    rows += [(case, changes.NEW_CASE) for case in other["case_id"].unique().to_list()]
    return changes.foremost((case, why) for case, why in rows if case in moment.open)


def digests(moment: Moment, found: pl.DataFrame) -> tuple[dict[int, str], dict[int, str]]:
    """case_id to digest of the households, and of the isolations, of the case and his close
    contacts."""
    own = tables.frame(moment.asked).select("case_id", "person")
    close = found.filter(pl.col("degree") == 1).select("case_id", "person")
    who = pl.concat([own, close]).unique()
    homes = tables.frame(model.canonical(moment.households, moment.aliases)).unique()
    lived = who.join(homes, on="person").select("case_id", "household").unique()
    together = lived.join(homes, on="household")
    apart = who.join(tables.frame(model.canonical(moment.isolations, moment.aliases)), on="person")
    since = apart.select("case_id", "person", pl.col("isolated_from").dt.epoch("s"))
    return (
        _digest(together.select("case_id", "household", "person")),
        _digest(since.unique()),
    )


def _digest(rows: pl.DataFrame) -> dict[int, str]:
    owner, *values = (column.to_numpy() for column in rows.iter_columns())
    return changes.digest(owner, *values)


def _by_time(moment: Moment, before: Mapping[int, Before], found: pl.DataFrame) -> dict[int, str]:
    """Whose answer has stood as long as it could (`passing`), and whether days passed that somebody
    was to be apart."""
    rows: list[tuple[int, str]] = []
    today = beijing_day(moment.as_of)
    close = found.filter(pl.col("degree") == 1)
    last = {
        case: days for (case,), days in close.select("case_id", "release_on").group_by("case_id")
    }
    for case in moment.open & set(before):
        one = before[case]
        if one.stands_to is None or not max(one.stands_to, one.basis.as_of) < moment.as_of:
            continue
        over = pl.col("release_on").is_between(beijing_day(one.basis.as_of), today, closed="left")
        passed = case in last and last[case].filter(over).height
        rows.append((case, changes.RELEASED if passed else changes.TIME))
    return changes.foremost(rows)


def _by_scans(
    moment: Moment, before: Mapping[int, Before], found: pl.DataFrame, since: Basis
) -> dict[int, str]:
    """What scans that came, went or ran on can matter to, of the cases traced on `since`."""
    mine = [case for case, one in before.items() if one.basis == since and case in moment.open]
    asked = _seconds(moment.asked).filter(pl.col("case_id").is_in(mine))
    if not asked.height or since.as_of > moment.as_of:
        return {}
    places = moment.here.places()
    figures = changes.Figures.of(places, moment.rules)
    reader = basis.Reader(moment.here.lake, figures, moment.aliases)
    moved = reader.moved(moment.span, since, moment.as_of)
    lost = dict.fromkeys(mine if moved.gone else (), changes.CORRECTED)
    lost |= _deleted(moment, asked, moved.over, since)
    who = changes.sides(
        asked,
        found.filter(pl.col("case_id").is_in(mine)),
        degrees=moment.rules.degrees,
        now_s=int(moment.as_of.timestamp()),
    )
    then_now = (since.as_of, moment.as_of)
    renamed = _renamed(moment, reader, since)
    scans = pl.concat([moved.scans, renamed], how="vertical_relaxed")
    if not scans.height:
        return lost
    hanging = changes.spread(scans, reader.of_persons(scans["person"], moment.span, *then_now))
    rows = reader.of_persons(who.sources["person"], moment.span, *then_now)
    pairs = changes.near_pairs(places, moment.rules)
    return changes.joined(lost, changes.reached(hanging, who, rows, pairs))


def _deleted(
    moment: Moment, asked: pl.DataFrame, over: Collection[dt.date], since: Basis
) -> dict[int, str]:
    """Cases that days deleted since, or the stays that reach into the days beside, can concern."""
    rules = moment.rules
    back_s = rules.second_lookback_days
    not_before = 0 if back_s is None else since.as_of_s - round(back_s * changes.DAY_S)
    found: dict[int, str] = {}
    for day in over:
        first = int(start_of_day(day).timestamp())
        a, b = first - changes.DAY_S, first + 2 * changes.DAY_S + rules.look_back_s()
        here = (pl.col("w0") < b) & (pl.col("w1") >= a)
        if rules.degrees == 2 and not_before < b:
            here = pl.col("w0") < b
        near = asked.filter(here)["case_id"].to_list()
        found |= dict.fromkeys(near, changes.RETENTION)
    return found


def _renamed(moment: Moment, reader: basis.Reader, since: Basis) -> pl.DataFrame:
    """All scans of everybody who was merged or split since, with the reason."""
    words = {"merged": changes.MERGED, "split": changes.SPLIT}
    named, _ = people.changed_since(since.alias_event)
    persons = pl.DataFrame(
        {"person": list(named), "reason": [words[what] for what in named.values()]},
        schema={"person": pl.Int64, "reason": pl.String},
    )
    canonical = model.canonical(persons.to_arrow(), moment.aliases)
    reasons = tables.frame(canonical).unique("person")
    rows = reader.of_persons(reasons["person"], moment.span, moment.as_of)
    return rows.join(reasons, on="person").select(*rows.columns, "reason")


def _bases(before: Mapping[int, Before]) -> list[Basis]:
    return list({id(one.basis): one.basis for one in before.values()}.values())


def _seconds(asked: pa.Table) -> pl.DataFrame:
    return tables.frame(asked).select(
        "case_id",
        "person",
        pl.col("window_from").dt.epoch("s").alias("w0"),
        pl.col("window_to").dt.epoch("s").alias("w1"),
    )
