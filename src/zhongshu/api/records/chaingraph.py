"""The chain graph of one case: a few by name, everybody else as numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import Count, Max, Min, QuerySet

from zhongshu.api.door import View
from zhongshu.api.records.links import HOUSEHOLD, place_text, strongest
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import publishing
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.text import text
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

OUTSIDE = "more:outside"
Node: TypeAlias = dict[str, Any]
Edge: TypeAlias = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Group:
    """Contacts without a node of their own: of one county and degree."""

    county: units.UnitRef
    degree: int
    count: int
    first: Any
    last: Any


def read(case_id: int, *, view: View, most: int) -> dict[str, Any]:
    """The case, at most `most` contacts by name (the closest, then by score), the others counted
    by county and degree; venue notices as places.  Nobody outside one's rights has a node: all
    of them are one number, which is not told while it is small."""
    case = cases.get(case_id, view.scope, view.as_of)
    standing = contacts.listed(scope=view.scope, as_of=view.as_of, case_id=case_id).exclude(
        state__in=contacts.NOT_CONTACTS
    )
    shown = list(standing.order_by("degree", "-score", "id")[:most])
    evidence = contacts.evidence_of([one.pk for one in shown])
    shown += _between(shown, evidence, view.scope)
    groups = _groups(standing.exclude(pk__in=[one.pk for one in shown]))
    notices = list(contacts.notices(scope=view.scope, as_of=view.as_of).filter(case_id=case_id))
    keys = {e.place for e in evidence if e.place is not None} | {n.place for n in notices}
    drawing = _Drawing(case, shown, places.by_key(keys))
    nodes = [drawing.case_node(), *drawing.contact_nodes(), *drawing.place_nodes(notices)]
    edges = [*drawing.contact_edges(evidence), *drawing.place_edges(notices)]
    nodes += [_more(group) for group in groups]
    edges += [drawing.more_edge(_more_id(g), g.first, g.last) for g in groups]
    outside = _outside(view, case_id)
    if outside or any(edge["from"] == OUTSIDE for edge in edges):
        nodes.append(_outside_node(outside, view))
        edges.append(drawing.more_edge(OUTSIDE, None, None))
    return {"nodes": nodes, "edges": edges, "left_out": sum(group.count for group in groups)}


def _between(
    shown: Sequence[contacts.Contact], evidence: Iterable[contacts.Exposure], scope: Scope
) -> list[contacts.Contact]:
    """Contacts by way of whom others were found, and who would have no node: decided away since."""
    second = {one.pk: one.case_id for one in shown if one.degree > 1}
    persons = {e.source_person for e in evidence if e.contact_id in second}
    persons -= {one.person for one in shown}
    if not persons:
        return []
    return contacts.of_persons(shown[0].case_id, persons, scope=scope)


def _groups(rest: QuerySet[contacts.Contact]) -> list[Group]:
    found = list(
        rest.order_by()
        .values("unit_path", "degree")
        .annotate(count=Count("id"), first=Min("first_exposure"), last=Max("last_exposure"))
    )
    known = units.refs_on_paths(row["unit_path"] for row in found)
    together: dict[tuple[str, int], list[dict[str, Any]]] = {}
    counties = {}
    for row in found:
        county = units.county_of(row["unit_path"], known)
        if county is not None:
            counties[county["code"]] = county
            together.setdefault((county["code"], row["degree"]), []).append(dict(row))
    return [
        Group(
            counties[code],
            degree,
            sum(row["count"] for row in rows),
            min(row["first"] for row in rows),
            max(row["last"] for row in rows),
        )
        for (code, degree), rows in sorted(together.items())
    ]


def _outside(view: View, case_id: int) -> int:
    """How many contacts live outside one's rights."""
    with rowsecurity.aggregate():
        rows = contacts.Contact.objects.filter(contacts.standing(view.as_of), case_id=case_id)
        rows = rows.exclude(state__in=contacts.NOT_CONTACTS).exclude(view.scope.q())
        return rows.count()


def _outside_node(count: int, view: View) -> Node:
    """A number that is not told while it is small."""
    least = int(publishing.suppress_below(beijing_day(view.as_of), path=view.unit["path"]))
    label = text("权限范围外", "outside one's rights")
    if count < least:
        return _node(OUTSIDE, "more", label) | {"below": least}
    return _node(OUTSIDE, "more", label, count=count)


def _node(id: str, kind: str, label: object, **more: Any) -> Node:
    told: Node = {"id": id, "kind": kind, "label": label}
    return told | {"degree": None, "state": None, "count": None, "below": None} | more


def _more_id(group: Group) -> str:
    return f"more:{group.county['code']}:{group.degree}"


def _more(group: Group) -> Node:
    name = group.county["name"]
    return _node(_more_id(group), "more", text(name, name), degree=group.degree, count=group.count)


@dataclasses.dataclass(frozen=True)
class _Drawing:
    case: cases.Case
    shown: Sequence[contacts.Contact]
    named: Mapping[int, places.Place]

    @property
    def case_id(self) -> str:
        return f"case:{self.case.pk}"

    def case_node(self) -> Node:
        label = text(self.case.case_no, self.case.case_no)
        return _node(self.case_id, "case", label, state=self.case.state)

    def contact_nodes(self) -> Iterator[Node]:
        masked = people.masked([one.person for one in self.shown])
        for one in self.shown:
            name = masked[one.person]["name"] if one.person in masked else ""
            yield _node(
                f"contact:{one.pk}",
                "contact",
                text(name, name),
                degree=one.degree,
                state=one.state,
            )

    def contact_edges(self, evidence: Iterable[contacts.Exposure]) -> Iterator[Edge]:
        """One edge from each person who met the contact: the case, or a contact between."""
        rows = {one.pk: one for one in self.shown}  # in the order in which they are drawn
        by_person = {one.person: one for one in self.shown}
        met: dict[tuple[int, int], list[contacts.Exposure]] = {}
        for e in evidence:
            met.setdefault((e.contact_id, e.source_person), []).append(e)
        drawn = {contact_id: place for place, contact_id in enumerate(rows)}
        for contact_id, source in sorted(met, key=lambda pair: (drawn[pair[0]], pair[1])):
            one, meetings = rows[contact_id], met[contact_id, source]
            via = by_person.get(source)
            between = f"contact:{via.pk}" if via else OUTSIDE
            start = self.case_id if one.degree == 1 else between
            yield self._edge(
                start,
                f"contact:{contact_id}",
                meetings,
                strongest_one=one.via_person in (None, source),
            )

    def _edge(
        self,
        start: str,
        end: str,
        meetings: Sequence[contacts.Exposure],
        *,
        strongest_one: bool,
    ) -> Edge:
        best = min(meetings, key=strongest)
        timed = [e.overlap_min for e in meetings if e.setting != HOUSEHOLD]
        place = self.named.get(best.place) if best.place is not None else None
        return {
            "from": start,
            "to": end,
            "minutes": sum(timed) if timed else None,
            "place": place_text(place["name"]) if place else None,
            "first": min(e.time_from for e in meetings),
            "last": max(e.time_to for e in meetings),
            "rule_id": best.rule_id,
            "strongest": strongest_one,
            "imputed": all(e.imputed for e in meetings),
        }

    def place_nodes(self, notices: Sequence[contacts.Notice]) -> Iterator[Node]:
        for key, stays in sorted(_by_place(notices).items()):
            place = self.named.get(key)
            name = place["name"] if place else str(key)
            most = max(stay.persons for stay in stays)
            yield _node(f"place:{key}", "place", place_text(name), count=most)

    def place_edges(self, notices: Sequence[contacts.Notice]) -> Iterator[Edge]:
        for key, stays in sorted(_by_place(notices).items()):
            minutes = sum((s.time_to - s.time_from).total_seconds() for s in stays) / 60
            place = self.named.get(key)
            yield self.more_edge(
                f"place:{key}",
                min(stay.time_from for stay in stays),
                max(stay.time_to for stay in stays),
            ) | {"minutes": minutes, "place": place_text(place["name"]) if place else None}

    def more_edge(self, end: str, first: Any, last: Any) -> Edge:
        """From the case to those who have no node of their own."""
        told: Edge = {"from": self.case_id, "to": end, "minutes": None, "place": None}
        told |= {"first": first, "last": last, "rule_id": "", "strongest": False}
        return told | {"imputed": False}


def _by_place(notices: Iterable[contacts.Notice]) -> dict[int, list[contacts.Notice]]:
    found: dict[int, list[contacts.Notice]] = {}
    for one in notices:
        found.setdefault(one.place, []).append(one)
    return found
