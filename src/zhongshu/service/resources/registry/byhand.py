"""A thing entered by the person who has seen it, one at a time and looked at closely."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.models import Thing
from zhongshu.service.resources.registry import kinds
from zhongshu.service.resources.registry.keeping import Draft, enter

MOST_FACT = 60


def enter_one(*, draft: Draft, scope: Scope, actor: Actor, now: dt.datetime) -> Thing:
    """The thing, entered.

    Refuses (BadInput) what `Draft.check` refuses, amounts and facts its kind has not, a place of
    one number, hours until it opens for a thing in use, and a room, machine or lot whose site,
    laboratory or store is not known within scope; (WrongState) a code known already, in scope or
    out of it.
    """
    draft.check()
    _check_amounts(draft)
    _check_facts(draft)
    _check_place(draft)
    _check_whole(draft, scope)
    known = WrongState(
        "resources.known",
        f"There is a {draft.kind} with the code '{draft.code}' already; give this one another.",
        code=draft.code,
    )
    try:
        with transaction.atomic():
            made = enter(drafts=[draft], scope=scope, actor=actor, now=now)
    except IntegrityError as error:  # of a unit the person does not see
        raise known from error
    if not made:
        raise known
    return made[0]


def _check_amounts(draft: Draft) -> None:
    pools = kinds.POOLS[draft.kind]
    for pool in (*draft.capacity, *(draft.emergency or {})):
        if pool not in pools:
            raise BadInput(
                "resources.no_pool",
                f"A {draft.kind} has no '{pool}'; it has {', '.join(pools) or 'nothing to take'}.",
                kind=draft.kind,
                pool=pool,
            )
    amounts = [*draft.capacity.values(), *(draft.emergency or {}).values()]
    if pools and not any(amounts):
        raise BadInput("resources.empty", f"Say how much there is of {draft.name}.")


def _check_facts(draft: Draft) -> None:
    for name, value in draft.facts.items():
        if name not in kinds.FACTS.get(draft.kind, ()) or len(str(value)) > MOST_FACT:
            raise BadInput(
                "resources.fact",
                f"'{name}' cannot be told of a {draft.kind}, or is too long.",
                kind=draft.kind,
                fact=name,
            )
        if name in kinds.NUMBERS and not _within(str(value), *kinds.NUMBERS[name]):
            least, most = kinds.NUMBERS[name]
            raise BadInput(
                "resources.fact_number",
                f"'{name}' has to be a number from {least:g} to {most:g}, not '{value}'.",
                fact=name,
                least=least,
                most=most,
            )
    day = draft.facts.get("expires_on")
    if day is not None:
        try:
            dt.date.fromisoformat(day)
        except ValueError as error:
            raise BadInput(
                "resources.expires_on", "The last day of use has to be a day like 2022-12-31."
            ) from error


def _within(text: str, least: float, most: float) -> bool:
    try:
        return least <= float(text) <= most
    except ValueError:
        return False


def _check_place(draft: Draft) -> None:
    if (draft.lon is None) != (draft.lat is None):
        raise BadInput("resources.place", "A place needs its longitude and its latitude.")
    state = draft.state or kinds.LIVES[draft.kind].states[0]
    if draft.opens_in_h is not None and state in kinds.LIVES[draft.kind].usable:
        raise BadInput("resources.opens_in_h", "What is in use needs no hours until it opens.")


def _check_whole(draft: Draft, scope: Scope) -> None:
    whole = kinds.STANDS_IN.get(draft.kind)
    if whole is None:
        if draft.part_of:
            raise BadInput(
                "resources.stands_alone", f"A {draft.kind} stands in nothing else.", kind=draft.kind
            )
        return
    there = scope.filter(Thing.objects.filter(kind=whole, code=draft.part_of))
    if not there.exists():
        raise BadInput(
            "resources.part_of",
            f"A {draft.kind} stands in a {whole}; there is none with the code '{draft.part_of}'"
            " within your rights.",
            kind=draft.kind,
            whole=whole,
            code=draft.part_of,
        )
