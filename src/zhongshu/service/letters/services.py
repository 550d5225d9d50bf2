"""Making letters, and what the receiving county answers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

from django.db import connection, transaction
from django.db.models import Max

from zhongshu.kernel.errors import BadInput, NotAllowed, WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.rules.model import Pack
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.letters import clockfacts, gather, measures, selectors, told
from zhongshu.service.letters.models import Letter, LetterRow, Receipt
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

_NUMBER_LOCK = 7_301_004  # any constant of ours: one letter at a time takes a number


@dataclasses.dataclass(frozen=True)
class Figures:
    """Persons of the letter: found, of those controlled (in the measure asked for), not found."""

    found: int | None = None
    controlled: int | None = None
    not_found: int | None = None


def make(*, case_id: int, note: str, scope: Scope, actor: Actor, now: dt.datetime) -> list[Letter]:
    """One letter to each county that has something new to hear about the case's contacts.

    What was told before and has not changed is not told again.  Whoever may see the case may send:
    its contacts may live anywhere.  Refuses a case out of scope, and when there is nothing new.
    """
    case = cases.get(case_id, scope, now)
    with transaction.atomic():
        with rowsecurity.unscoped():
            made = _made(case, note, actor, now)
        audit.record(
            actor=actor,
            action="letter.make",
            object_=f"case:{case_id}",
            at=now,
            facts={"letters": [one.pk for one in made], "units": [one.unit_id for one in made]},
        )
    return made


def _made(case: cases.Case, note: str, actor: Actor, now: dt.datetime) -> list[Letter]:
    _lock()
    today = gather.contacts_of(case.pk, now=now)
    found = told.lines(today, gather.before(case.pk))
    if not found:
        raise WrongState(
            "letters.nothing_new",
            f"Case {case.case_no} has no contacts that are new or changed since its last letters.",
            case=case.case_no,
        )
    made = _write(_Draft(case, note, actor, now, measures.pack_now(now)), found)
    clockfacts.told(made, actor=actor, now=now)
    contacts.told(_named(found), actor=actor, now=now)
    return made


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])


def _named(found: Mapping[str, Collection[told.Line]]) -> list[int]:
    return sorted({line.facts.contact_id for rows in found.values() for line in rows})


@dataclasses.dataclass(frozen=True)
class _Draft:
    """What the letters of one making share."""

    case: cases.Case
    note: str
    actor: Actor
    now: dt.datetime
    pack: Pack


def _write(draft: _Draft, found: Mapping[str, list[told.Line]]) -> list[Letter]:
    known = units.refs_on_paths([draft.case.unit_path])
    sender = units.county_of(draft.case.unit_path, known)
    assert sender is not None, "a case has a unit, and that is a county or below or above one"
    receivers = units.refs(found)
    year = beijing_day(draft.now).year
    last = Letter.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
    firsts = selectors.firsts(draft.case.pk)
    duty = measures.duty(draft.pack, sent_at=draft.now)
    letters = Letter.objects.bulk_create(
        [
            Letter(
                incident_id=draft.case.incident_id,
                year=year,
                serial=last + place,
                kind=Letter.LOCAL if code == sender["code"] else Letter.HELP,
                case=draft.case,
                case_no=draft.case.case_no,
                unit_id=code,
                unit_path=receivers[code]["path"],
                from_unit_id=sender["code"],
                from_path=sender["path"],
                supplement_to_id=firsts.get(code),
                persons=sum(line.change != LetterRow.DROPPED for line in found[code]),
                note=draft.note,
                state=states.initial("letter"),
                made_at=draft.now,
                made_by=draft.actor.name,
                made_unit_id=draft.actor.unit_code or None,
                due_at=duty.due_at,
                rule_id=duty.rule_id,
                verified=duty.verified,
            )
            for place, code in enumerate(sorted(found), start=1)
        ]
    )
    rows = [_row(one, place, line) for one in letters for place, line in _ordered(found, one)]
    LetterRow.objects.bulk_create(rows, batch_size=2000)
    return letters


def _ordered(found: Mapping[str, list[told.Line]], one: Letter) -> list[tuple[int, told.Line]]:
    """Whom to find first: the closest, then by home; those to let be last."""
    lines = sorted(
        found[one.unit_id],
        key=lambda line: (
            line.change == LetterRow.DROPPED,
            line.facts.degree,
            line.facts.home,
            line.facts.contact_id,
        ),
    )
    return list(enumerate(lines, start=1))


def _row(letter: Letter, place: int, line: told.Line) -> LetterRow:
    facts = line.facts
    return LetterRow(
        letter=letter,
        ord=place,
        contact_id=facts.contact_id,
        person=facts.person,
        change=line.change,
        dropped_reason=line.reason,
        degree=facts.degree,
        kind=facts.kind,
        home_id=facts.home,
        first_exposure=facts.first_exposure,
        last_exposure=facts.last_exposure,
        places=list(facts.places),
        rule_id=facts.rule_id,
        measure=facts.measure,
        release_on=facts.release_on,
    )


_STAMPS = {"receive": ("received_at",), "report": (), "answer": ("answered_at", "received_at")}


def answer(
    *,
    letter_id: int,
    action: str,
    figures: Figures,
    note: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> Letter:
    """receive, report (so far) or answer, by the state table; a receipt is added, none changed.

    Refuses a letter out of scope, anybody but the receiving county, and figures that do not make
    up the persons of the letter.
    """
    with transaction.atomic():
        letter = selectors.locked(letter_id, scope)
        if not is_receiver(letter, actor):
            raise NotAllowed(
                "letters.not_yours",
                "Only the unit a letter was sent to answers it.",
                letter=letter_id,
            )
        letter.state = states.check_may_do("letter", action, state=letter.state)
        _check(figures, action, letter)
        stamped = [name for name in _STAMPS[action] if getattr(letter, name) is None]
        for name in stamped:
            setattr(letter, name, now)
        letter.save(update_fields=["state", *stamped])
        Receipt.objects.create(
            letter=letter,
            at=now,
            action=action,
            by=actor.name,
            unit_id=actor.unit_code,
            note=note,
            **dataclasses.asdict(figures),
        )
        clockfacts.told([letter], actor=actor, now=now)
        if stamped:
            with rowsecurity.unscoped():
                contacts.told(selectors.contact_ids(letter), actor=actor, now=now)
        audit.record(
            actor=actor,
            action=f"letter.{action}",
            object_=f"letter:{letter.pk}",
            at=now,
            facts={"state": letter.state, **dataclasses.asdict(figures)},
        )
    return letter


def is_receiver(letter: Letter, actor: Actor) -> bool:
    """Whether the actor's post is in the unit the letter was sent to."""
    return letter.unit_id == actor.unit_code


def _check(figures: Figures, action: str, letter: Letter) -> None:
    found, controlled, missing = figures.found, figures.controlled, figures.not_found
    if action == "receive":
        if (found, controlled, missing) != (None, None, None):
            raise BadInput(
                "letters.figures_early",
                "Signing for a letter says nothing about whom you found; report that after it.",
            )
        return
    if found is None or missing is None or controlled is None:
        raise BadInput(
            "letters.figures_missing",
            "Say how many were found, how many of them are controlled, how many were not found.",
        )
    total = found + missing
    short = total > letter.persons or (action == "answer" and total < letter.persons)
    if short or controlled > found:
        raise BadInput(
            "letters.figures",
            f"The letter names {letter.persons} persons: found ({found}) and not found ({missing}) "
            f"have to make that up, and no more are controlled ({controlled}) than found.",
            persons=letter.persons,
            found=found,
            controlled=controlled,
            not_found=missing,
        )
