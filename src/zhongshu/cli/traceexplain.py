"""`zhongshu trace --explain`: how each contact came on the list, and what would clear him.

A contact of the register goes by its number (#12); whom only this trace found, by his masked one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.cli.output import out, table
from zhongshu.kernel.time import beijing

if TYPE_CHECKING:
    from zhongshu.rules.model import Pack
    from zhongshu.service.contacts.facade import Contact, Exposure
    from zhongshu.service.kit.places import Place
    from zhongshu.service.kit.scope import Scope
    from zhongshu.service.tracing.facade import Fresh


@dataclasses.dataclass(frozen=True)
class Names:
    """case: its number.  registered: pseudonym to the register's entry, with its decisions."""

    case: str
    registered: Mapping[int, Contact]
    masked: Mapping[int, tuple[str, str]]
    places: Mapping[int, Place]

    def person(self, person: int) -> str:
        row = self.registered.get(person)
        return f"#{row.pk}" if row is not None else self.masked.get(person, ("", "?"))[1]

    def place(self, key: int | None, setting: str) -> str:
        if key is None:
            return setting
        return self.places[key]["name"] if key in self.places else f"place {key}"

    def source(self, met: Mapping[str, Any]) -> str:
        """Whom a contact met: the case at degree 1, the contact between at degree 2."""
        return self.case if met["degree"] == 1 else self.person(met["source_person"])

    def chain(self, row: Mapping[str, Any]) -> str:
        """From the case to the contact; at degree 2 by way of the strongest between."""
        via = row["via_person"]
        steps = [self.case, *([self.person(via)] if via is not None else [])]
        return " > ".join([*steps, self.person(row["person"])])


def names(case_id: int, number: str, found: Fresh, *, scope: Scope) -> Names:
    from zhongshu.service.contacts import facade as contacts
    from zhongshu.service.kit import places
    from zhongshu.service.people import facade as people

    rows = found.found.select(["person", "via_person"]).to_pydict()
    persons = {one for column in rows.values() for one in column if one is not None}
    masked = people.masked(sorted(persons))
    keys = [*found.exposures["place"].to_pylist(), *found.result.notices["place"].to_pylist()]
    return Names(
        case=number,
        registered={row.person: row for row in contacts.of_persons(case_id, persons, scope=scope)},
        masked={key: (one["name"], one["id_no"]) for key, one in masked.items()},
        places=places.by_key(set(keys)),
    )


def show(shown: pa.Table, found: Fresh, told: Names, pack: Pack) -> None:
    """Every exposure of the contacts `shown`, the venue notices, and what would clear each."""
    met = found.exposures.filter(pc.is_in(found.exposures["person"], value_set=shown["person"]))
    rows = met.to_pylist()
    _exposures(rows, told)
    _notices(found.result.notices.to_pylist(), told)
    _clearing(shown.to_pylist(), rows, told, pack)


def _exposures(rows: Sequence[Mapping[str, Any]], told: Names) -> None:
    table(
        "Exposures",
        ("degree", "contact", "met", "where", "from", "to", "minutes", "rule", "doubt"),
        [
            (
                row["degree"],
                told.person(row["person"]),
                told.source(row),
                told.place(row["place"], row["setting"]),
                f"{beijing(row['time_from']):%m-%d %H:%M}",
                f"{beijing(row['time_to']):%m-%d %H:%M}",
                f"{row['overlap_min']:.0f}{'~' if row['imputed'] else ''}",
                row["rule_id"],
                "two places at once" if row["two_places"] else "",
            )
            for row in rows
        ],
    )


def _notices(rows: Sequence[Mapping[str, Any]], told: Names) -> None:
    if not rows:
        return
    table(
        "Venue notices",
        ("where", "from", "to", "persons"),
        [
            (
                told.place(row["place"], ""),
                f"{beijing(row['time_from']):%m-%d %H:%M}",
                f"{beijing(row['time_to']):%m-%d %H:%M}",
                row["persons"],
            )
            for row in rows
        ],
    )


def _clearing(
    shown: Sequence[Mapping[str, Any]],
    met: Sequence[Mapping[str, Any]],
    told: Names,
    pack: Pack,
) -> None:
    """A block for each contact: the chain, then what would take him off the list."""
    from zhongshu.api.records import clearing
    from zhongshu.api.records.links import Chain

    out.print("What would clear each", style="italic")
    for row in shown:
        mine = [one for one in met if one["person"] == row["person"]]
        chain = Chain(
            earliest=[],
            strongest=[],
            evidence=tuple(_exposure(number, one) for number, one in enumerate(mine, start=1)),
            through={
                one["source_person"]: told.registered[one["source_person"]]
                for one in mine
                if row["degree"] > 1 and one["source_person"] in told.registered
            },
            named=told.places,
        )
        said = clearing.sentences(_contact(row, told), chain, pack=pack)
        name = told.masked.get(row["person"], ("", ""))[0]
        out.print(f"[bold]{told.chain(row)}[/]  {name}")
        for sentence in said:
            out.print(f"  {sentence['en']}")
        if not said:
            out.print(f"  {told.registered[row['person']].state} already")


def _contact(row: Mapping[str, Any], told: Names) -> Contact:
    """The contact as this trace found him, never saved; what people decided is the register's."""
    from zhongshu.service.contacts import facade as contacts

    there = told.registered.get(row["person"])
    return contacts.Contact(
        pk=there.pk if there else None,
        degree=row["degree"],
        state=there.state if there else "",
        by_hand=there.by_hand if there else False,
        two_places=row["two_places"],
        first_exposure=row["first_exposure"],
        rule_id=row["rule_id"],
    )


def _exposure(number: int, row: Mapping[str, Any]) -> Exposure:
    from zhongshu.service.contacts import facade as contacts

    fields = ("source_person", "setting", "place", "time_from", "time_to", "overlap_min")
    return contacts.Exposure(
        pk=number, imputed=row["imputed"], **{name: row[name] for name in fields}
    )
