"""Letters that ask a county to find contacts: made, listed, opened, answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.lettershapes import (
    FileAsked,
    Letter,
    LetterDetail,
    LetterIn,
    LetterList,
    ReceiptIn,
    RowsAsked,
)
from zhongshu.api.records.letterviews import briefs, receipts, rows
from zhongshu.api.shapes import Page
from zhongshu.connectors.letters import files
from zhongshu.rules import states
from zhongshu.rules.permissions import Permission
from zhongshu.service.letters import facade as letters

router = Router(tags=["records"])
ACTIONS = {"received": "receive", "progress": "report", "answered": "answer"}


@router.post("/cases/{id}/letters", response=list[Letter], by_alias=True)
@needs(Permission.LETTER_SEND)
def make(request: HttpRequest, id: int, body: LetterIn, key: Key) -> object:
    """One letter to each county where contacts of the case live, with those it has not been told
    of yet and those that changed since; refuses when there is nothing new."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = letters.make(
            case_id=id, note=body.note, scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return {"letters": briefs(made, now=asking.now)}

    return once(request, key, write)["letters"]


@router.get("/letters", response=Page[Letter], by_alias=True)
@needs(Permission.LETTER_READ)
def letter_list(request: HttpRequest, asked: Query[LetterList]) -> object:
    """Newest first."""
    asking = here(request)
    view = asking.view(asked)
    found = letters.listed(
        scope=view.scope,
        as_of=view.as_of,
        direction=asked.direction,
        state=asked.state,
        case_id=asked.case,
        overdue_only=asked.overdue,
    )
    shown, following = page(found, order=("-made_at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": briefs(shown, now=view.as_of), "next": following}


@router.get("/letters/{id}", response=LetterDetail, by_alias=True)
@needs(Permission.LETTER_READ)
def letter(request: HttpRequest, id: int, asked: Query[RowsAsked]) -> object:
    """One letter with its rows, masked, and its receipts."""
    return _detail(here(request), id, asked)


def _detail(asking: Here, letter_id: int, asked: RowsAsked) -> dict[str, Any]:
    one = letters.get(letter_id, asking.scope)
    shown, following = page(
        letters.rows(one), order=("ord", "id"), after=asked.after, limit=asked.limit
    )
    return briefs([one], now=asking.now)[0] | {
        "rows": rows(shown),
        "rows_next": following,
        "receipts": receipts(one),
        "may": _may(asking, one),
    }


def _may(asking: Here, one: letters.Letter) -> dict[str, bool]:
    """The permission, the state and the side of the letter all allow it: the button is shown."""
    held = asking.held.permissions
    told = {}
    for action, permission in states.NEEDS["letter"].items():
        told[action] = (
            permission in held
            and letters.is_receiver(one, asking.held.actor(permission))
            and states.may_do("letter", action, state=one.state)
        )
    opens = Permission.IDENTITY_OPEN
    told["open"] = opens in held and letters.may_open(one, asking.held.actor(opens))
    return told


@router.get("/letters/{id}/file", response=None)
@needs(Permission.IDENTITY_OPEN)
def file(request: HttpRequest, id: int, asked: Query[FileAsked]) -> object:
    """The letter with names, numbers and addresses; the access is on record.  Only for the two
    counties, and for the unit that made it."""
    asking = here(request)
    named = letters.opened(
        letter_id=id,
        purpose=asked.purpose,
        scope=asking.scope,
        actor=asking.actor,
        now=asking.now,
    )
    response = HttpResponse(
        files.content(named, format=asked.format), content_type=files.TYPES[asked.format]
    )
    name = f"letter-{named.letter.year}-{named.letter.serial}.{asked.format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@router.post("/letters/{id}/receipt", response=LetterDetail, by_alias=True)
@needs(Permission.LETTER_ANSWER)
def receipt(request: HttpRequest, id: int, body: ReceiptIn, key: Key) -> object:
    """The receiving county signs for it, tells how far it is, or answers."""
    asking = here(request)

    def write() -> dict[str, Any]:
        letters.answer(
            letter_id=id,
            action=ACTIONS[body.action],
            figures=letters.Figures(body.found, body.controlled, body.not_found),
            note=body.note,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _detail(asking, id, RowsAsked())

    return once(request, key, write)
