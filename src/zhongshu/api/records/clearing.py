"""What would clear a contact: one sentence for each thing his list entry rests on.

Sentences advise; who decides is a person, with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from zhongshu.api import messages
from zhongshu.api.records.links import HOUSEHOLD, Chain
from zhongshu.kernel.time import beijing
from zhongshu.rules import expression
from zhongshu.rules.model import Pack
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.kit.text import Text

VISIT = "visit"
SHOWN = 3  # so many meetings are named one by one, the others counted
PROTECTED = "protected"


def sentences(one: contacts.Contact, chain: Chain, *, pack: Pack) -> list[Text]:
    """Empty for somebody who is cleared already (excluded, downgraded, no longer found)."""
    if one.state in contacts.NOT_CONTACTS or one.withdrawn_as_of is not None:
        return []
    return list(_said(one, chain, pack))


def _said(one: contacts.Contact, chain: Chain, pack: Pack) -> Iterator[Text]:
    evidence = chain.evidence
    home = [e for e in evidence if e.setting == HOUSEHOLD]
    visits = sorted(
        (e for e in evidence if e.setting == VISIT), key=lambda e: (-e.overlap_min, e.pk)
    )
    least = _Least(pack, one.degree, chain.named)
    yield from _heading(one, evidence)
    yield from _home(home, alone=not visits)
    yield from _estimated([e for e in visits if e.imputed], least)
    yield from _measured([e for e in visits if not e.imputed], least, pack)
    if one.degree > 1:
        yield from _between(one, chain)
    rule_id = _protection(pack, one.rule_id)
    if visits and rule_id:
        yield messages.label("clearing.protected", rule_id=rule_id)


class _Least:
    """The shortest overlap that makes a contact at the place of an exposure, minutes."""

    def __init__(self, pack: Pack, degree: int, named: Mapping[int, places.Place]) -> None:
        first = pack.group("trace.min_overlap_min")
        second = pack.group("trace.second_min_overlap_min")
        self._by_kind = second if degree > 1 and second else first
        self._named = named

    def minutes(self, met: contacts.Exposure) -> float:
        """At a place of unknown kind the shortest of all, as the engine has it."""
        place = self._named.get(met.place) if met.place is not None else None
        shortest = min(self._by_kind.values(), default=0.0)
        return float(self._by_kind.get(place["kind"], shortest) if place else shortest)

    def name(self, met: contacts.Exposure) -> str:
        place = self._named.get(met.place) if met.place is not None else None
        return place["name"] if place else str(met.place)


def _heading(one: contacts.Contact, evidence: Sequence[contacts.Exposure]) -> Iterator[Text]:
    if one.by_hand:
        yield messages.label("clearing.by_hand")
    if one.two_places:
        yield messages.label("clearing.two_places")
    if len(evidence) > 1:
        yield messages.label("clearing.each", count=len(evidence))


def _home(home: Sequence[contacts.Exposure], *, alone: bool) -> Iterator[Text]:
    if home:
        key = "clearing.home_alone" if alone else "clearing.home"
        first, last = min(e.time_from for e in home), max(e.time_to for e in home)
        yield messages.label(key, first=_moment(first), last=_moment(last))


def _estimated(visits: Sequence[contacts.Exposure], least: _Least) -> Iterator[Text]:
    for met in visits[:SHOWN]:
        before = met.time_from + dt.timedelta(minutes=least.minutes(met))
        yield messages.label("clearing.left", place=least.name(met), at=_moment(before))
    if len(visits) > SHOWN:
        yield messages.label("clearing.left_more", count=len(visits) - SHOWN)


def _measured(visits: Sequence[contacts.Exposure], least: _Least, pack: Pack) -> Iterator[Text]:
    """Meetings whose times were recorded: those a small error would undo, and the others."""
    figure = pack.get("trace.clock_tolerance_min")
    tolerance = pack.number(figure.key) if figure else 0.0
    over = {met: met.overlap_min - least.minutes(met) for met in visits}
    close = [met for met in visits if over[met] < tolerance]
    for met in close[:SHOWN]:
        yield messages.label(
            "clearing.margin",
            place=least.name(met),
            at=_moment(met.time_from),
            least=least.minutes(met),
            over=over[met],
        )
    sure = len(visits) - len(close)
    if sure:
        longest = max(met.overlap_min for met in visits)
        yield messages.label("clearing.sure", count=sure, minutes=longest)


def _between(one: contacts.Contact, chain: Chain) -> Iterator[Text]:
    between = {e.source_person for e in chain.evidence}
    if len(between) == 1 and chain.through:
        via = next(iter(chain.through.values()))
        yield messages.label("clearing.via", number=via.pk)
    else:
        yield messages.label("clearing.via_all", count=len(between))
    yield messages.label("clearing.via_isolated", at=_moment(one.first_exposure))


def _protection(pack: Pack, rule_id: str) -> str:
    """The rule that asks whether the contact was protected: his own, else the first there is."""
    own = [pack.rules[rule_id]] if rule_id in pack.rules else []
    for rule in (*own, *pack.rules.values()):
        logic = rule.logic
        asked = logic.when if logic is not None and logic.of == "contact" else None
        if asked is not None and PROTECTED in expression.variables(asked):
            return rule.rule_id
    return ""


def _moment(at: dt.datetime) -> str:
    return f"{beijing(at):%m-%d %H:%M}"
