"""What tracing is asked and what it answers: rules, tables, checks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import types
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "1"
SECONDS = pa.timestamp("s", tz="UTC")
HOUSEHOLD = "household"
VISIT = "visit"
EVERYBODY = "everybody"  # of `TraceRules.near_apart` without a limit, on a run card

CASES = pa.schema(
    [
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("window_from", SECONDS),
        ("window_to", SECONDS),
    ]
)
VISITS = pa.schema(
    [
        ("person", pa.int64()),
        ("place", pa.int32()),
        ("time_in", SECONDS),
        ("time_out", SECONDS),
        ("recorded_at", SECONDS),
    ]
)
PLACES = pa.schema(
    [
        ("place", pa.int32()),
        ("kind", pa.string()),
        ("parent", pa.int32()),  # the whole it is part of; null: of nothing
        ("number", pa.int32()),  # its order along the parent: floor, row, bay; null: none
    ]
)
ALIASES = pa.schema([("person", pa.int64()), ("canonical", pa.int64())])
HOUSEHOLDS = pa.schema([("person", pa.int64()), ("household", pa.int64())])
ISOLATIONS = pa.schema([("person", pa.int64()), ("isolated_from", SECONDS)])

CONTACTS = pa.schema(
    [
        ("case_id", pa.int64()),
        ("person", pa.int64()),
        ("degree", pa.int8()),
        ("via_person", pa.int64()),  # null at degree 1; the strongest link at degree 2
        ("first_exposure", SECONDS),
        ("last_exposure", SECONDS),
        ("exposures", pa.int32()),
        ("minutes", pa.float64()),  # shared at places; minutes at home are not recorded anywhere
        ("imputed", pa.bool_()),  # every exposure rests on an estimated time out
        ("rule_id", pa.string()),
        ("score", pa.float64()),  # 0..1, for ranking only
        ("reason", pa.string()),  # JSON: the parts of the score
        ("is_case", pa.bool_()),  # the contact is himself one of the cases
        ("two_places", pa.bool_()),  # some evidence shows somebody in two places at once
        ("household", pa.bool_()),
        ("places", pa.int32()),
        ("minutes_imputed", pa.float64()),  # part of `minutes`
    ]
)
EXPOSURES = pa.schema(
    [
        ("case_id", pa.int64()),
        ("degree", pa.int8()),
        ("source_person", pa.int64()),
        ("person", pa.int64()),
        ("setting", pa.string()),  # visit | household
        ("place", pa.int32()),  # null for household
        ("time_from", SECONDS),
        ("time_to", SECONDS),
        ("overlap_min", pa.float64()),  # 0 for household: unknown, see setting
        ("imputed", pa.bool_()),
        ("rule_id", pa.string()),
        ("two_places", pa.bool_()),
    ]
)
NOTICES = pa.schema(
    [
        ("place", pa.int32()),
        ("case_id", pa.int64()),
        ("time_from", SECONDS),
        ("time_to", SECONDS),
        ("persons", pa.int32()),  # who met the case during this stay
        ("place_persons", pa.int32()),  # who met the case there in the whole window
    ]
)
CAPPED = pa.schema([("case_id", pa.int64()), ("found", pa.int64()), ("kept", pa.int64())])


@dataclasses.dataclass(frozen=True, slots=True)
class KindRule:
    """The figures of one kind of place, minutes."""

    min_overlap_min: float
    imputed_stay_min: float
    max_stay_min: float
    rule_id: str
    second_min_overlap_min: float | None  # None: not traced at second degree


@dataclasses.dataclass(frozen=True, slots=True)
class Ranking:
    """How evidence becomes a score.  It orders lists; nobody becomes a contact through it.

    The score of a link is 1 - 2^(-dose / half_dose_min), the saturating dose response of Wells
    and Riley (Riley et al. 1978, doi:10.1093/oxfordjournals.aje.a112560), where dose is shared
    minutes, estimated ones counted at `imputed_weight`, and living together counts as
    `household_dose_min`.  At second degree the scores of the two links are multiplied.
    """

    half_dose_min: float = 60.0
    imputed_weight: float = 0.5
    household_dose_min: float = 480.0


@dataclasses.dataclass(frozen=True)
class TraceRules:
    """Figures from the pack.  Mappings are by place kind; minutes.

    window_days_before: days before onset or sampling from which a case counts as infectious.
    degrees: 1, or 2 where secondary contacts are traced.
    heavy_place_persons: where a case met more persons than this in his window, the place becomes
        a venue notice and makes no contacts; second degree leaves out stays that touch a clock
        hour in which more than this many persons were present.
    rule_ids: by place kind, and ``household``.
    second_min_overlap_min: kinds traced at second degree; None: the same as at first degree.
    second_lookback_days: second degree looks no further back from `until` than this.
    second_cap_per_case: at most so many second-degree contacts per case, the highest scores
        first; what was cut is told in `TraceResult.capped`.
    near_apart: by place kind, how far apart the numbers of two parts of one whole may be for
        people there to have been together (rows of an aircraft, bays of a carriage); inf:
        everybody under the same whole.  0 for a kind not named: only the same part.  See `near`.
    not_read: kinds whose scans this question does not read at all.
    households: whether living together counts as exposure.
    """

    window_days_before: float
    degrees: int
    heavy_place_persons: int
    min_overlap_min: Mapping[str, float]
    imputed_stay_min: Mapping[str, float]
    max_stay_min: Mapping[str, float]
    rule_ids: Mapping[str, str]
    second_rule_id: str
    second_min_overlap_min: Mapping[str, float] | None = None
    second_lookback_days: float | None = None
    second_cap_per_case: int | None = None
    ranking: Ranking = dataclasses.field(default_factory=Ranking)
    near_apart: Mapping[str, float] = dataclasses.field(default_factory=dict)
    not_read: frozenset[str] = frozenset()
    households: bool = True

    def __post_init__(self) -> None:
        if self.degrees not in (1, 2):
            raise BadInput("tracing.degrees", "Tracing goes to degree 1 or 2.", got=self.degrees)
        kinds = set(self.min_overlap_min)
        if not kinds or {*self.imputed_stay_min} != kinds or {*self.max_stay_min} != kinds:
            raise BadInput(
                "tracing.kinds_differ",
                "min_overlap_min, imputed_stay_min and max_stay_min must name the same kinds.",
            )
        unruled = sorted((kinds | {HOUSEHOLD}) - set(self.rule_ids))
        if unruled:
            raise BadInput("tracing.no_rule_id", f"No rule id for {', '.join(unruled)}.")
        backwards = sorted(kind for kind, apart in self.near_apart.items() if not apart >= 0)
        if backwards:
            raise BadInput(
                "tracing.near_apart",
                f"Parts of {', '.join(backwards)} cannot be less than 0 apart.",
                kinds=backwards,
            )

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted(self.min_overlap_min))

    def for_kind(self, kind: str | None) -> KindRule:
        """The figures of `kind`.  A place of unknown kind loses nobody: the shortest overlap and
        the longest look-back of all kinds hold there, but the shortest estimated stay."""
        second = (
            self.min_overlap_min
            if self.second_min_overlap_min is None
            else self.second_min_overlap_min
        )
        if kind is not None and kind in self.min_overlap_min:
            return KindRule(
                self.min_overlap_min[kind],
                self.imputed_stay_min[kind],
                self.max_stay_min[kind],
                self.rule_ids[kind],
                second.get(kind),
            )
        shortest = min(self.kinds, key=lambda name: self.min_overlap_min[name])
        return KindRule(
            self.min_overlap_min[shortest],
            min(self.imputed_stay_min.values()),
            max(self.max_stay_min.values()),
            self.rule_ids.get("other", self.rule_ids[shortest]),
            min(second.values(), default=None),
        )

    def look_back_s(self) -> int:
        """Seconds before a window in which a stay that reaches into it can have begun."""
        return round(max(self.max_stay_min.values()) * 60)

    def as_json(self) -> dict[str, object]:
        plain = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name != "ranking"
        }
        plain = {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in plain.items()
        }
        plain["not_read"] = sorted(self.not_read)
        plain["near_apart"] = {  # JSON has no infinity
            kind: EVERYBODY if math.isinf(apart) else apart
            for kind, apart in self.near_apart.items()
        }
        return plain | {"ranking": dataclasses.asdict(self.ranking)}


@dataclasses.dataclass(frozen=True)
class TraceResult:
    """contacts, one row per (case, person); exposures, all the evidence; notices, places where
    there were too many to name; capped, cases whose second degree was cut; a run card."""

    contacts: pa.Table
    exposures: pa.Table
    notices: pa.Table
    capped: pa.Table
    card: RunCard


def infectious_window(
    *, anchor: dt.datetime, isolated_from: dt.datetime | None, rules: TraceRules, until: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """(window_from, window_to) of a case: from `window_days_before` before onset (or sampling,
    without symptoms) until isolation, or `until` while still at large."""
    begin = anchor - dt.timedelta(days=rules.window_days_before)
    return begin, max(begin, min(isolated_from or until, until))


def checked(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    """`table` with exactly the columns of `schema`, cast to its types.

    Refuses a table without one of them or with values that do not fit.
    """
    missing = [column for column in schema.names if column not in table.column_names]
    if missing:
        raise BadInput(
            "tracing.column_missing",
            f"The table of {name} has no column {', '.join(missing)}.",
            table=name,
            missing=missing,
        )
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput(
            "tracing.column_type", f"The table of {name} does not fit: {error}", table=name
        ) from error


def checked_cases(table: pa.Table) -> pa.Table:
    """Cases, each id once, no blanks, no window that ends before it begins."""
    cases = checked(table, CASES, "cases")
    if any(cases[name].null_count for name in CASES.names):
        raise BadInput("tracing.case_blank", "A case without id, person or window cannot be traced")
    ids = cases["case_id"].to_numpy()
    if len(np.unique(ids)) < len(ids):
        raise BadInput("tracing.case_twice", "A case id appears twice in the table of cases.")
    begin, end = (cases[name].to_numpy() for name in ("window_from", "window_to"))
    backwards = ids[begin > end].tolist()
    if backwards:
        raise BadInput(
            "tracing.window_backwards",
            f"The window of case {backwards[0]} ends before it begins.",
            cases=backwards,
        )
    return cases


def checked_places(table: pa.Table) -> pa.Table:
    """PLACES.  A table without `parent` and `number` is one without sub-places."""
    for name in ("parent", "number"):
        if name not in table.column_names:
            field = PLACES.field(name)
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return checked(table, PLACES, "places")


def checked_aliases(table: pa.Table | None) -> pa.Table:
    """ALIASES, each pseudonym once; none: an empty table.

    Refuses blanks, a pseudonym with two canonical ones, and a canonical one that is itself merged
    into another: resolve such chains first.
    """
    if table is None:
        return ALIASES.empty_table()
    aliases = checked(table, ALIASES, "aliases").combine_chunks()
    if any(aliases[name].null_count for name in ALIASES.names):
        raise BadInput("tracing.alias_blank", "A merged pseudonym without its other is no merger.")
    if pc.count_distinct(aliases["person"]).as_py() < aliases.num_rows:
        raise BadInput("tracing.alias_twice", "A pseudonym is merged into two others at once.")
    if pc.any(pc.is_in(aliases["canonical"], value_set=aliases["person"])).as_py():
        raise BadInput(
            "tracing.alias_chain",
            "A pseudonym is merged into one that is itself merged; name the last of the chain.",
        )
    return aliases


def canonical(table: pa.Table, aliases: pa.Table) -> pa.Table:
    """`table` with merged pseudonyms in its column `person` replaced by the canonical ones."""
    if not aliases.num_rows:
        return table
    at = pc.index_in(table["person"], value_set=aliases["person"])
    found = pc.coalesce(aliases["canonical"].take(at), table["person"])
    return table.set_column(table.schema.get_field_index("person"), "person", found)


EMPTY: Mapping[str, pa.Table] = types.MappingProxyType(
    {"isolations": ISOLATIONS.empty_table(), "households": HOUSEHOLDS.empty_table()}
)
