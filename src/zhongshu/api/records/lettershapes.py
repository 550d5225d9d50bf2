"""What letters look like from outside; persons are masked."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from zhongshu.api.shapes import AskedList, CaseRef, Text, UnitRef
from zhongshu.kernel.time import beijing

# Told in Beijing time, whether it was just reckoned or read from the store.
Moment = Annotated[dt.datetime, AfterValidator(beijing)]


class Letter(Schema):
    """kind: help (to another county) or local (the case's own).  persons: how many to look for.
    overdue: not answered though it was due."""

    id: int
    no: str = Field(description="e.g. 协查〔2022〕第12号")
    kind: str
    supplement_to: str | None = Field(description="number of the letter this one adds to")
    case: CaseRef
    from_: UnitRef = Field(alias="from")
    to: UnitRef
    persons: int
    made_at: Moment
    due_at: Moment | None
    state: str = Field(description="sent, received or answered")
    overdue: bool
    received_at: Moment | None
    answered_at: Moment | None
    by: str
    note: str
    rule_id: str
    verified: bool


class LetterRow(Schema):
    """One person as he was when the letter was made.

    change: new, changed or dropped (`dropped` says why nobody has to look for him any more).
    """

    contact_id: int
    change: str
    dropped: Text | None
    masked_name: str
    degree: int
    kind: str
    unit: UnitRef
    first_exposure: Moment
    last_exposure: Moment
    places: list[str]
    rule_id: str
    measure: Text | None
    release_on: dt.date | None


class Receipt(Schema):
    at: Moment
    by: str
    unit: UnitRef
    action: str = Field(description="receive, report or answer")
    found: int | None
    controlled: int | None
    not_found: int | None
    note: str


class LetterMay(Schema):
    receive: bool
    report: bool
    answer: bool
    open: bool = Field(description="fetch the file with names")


class LetterDetail(Letter):
    rows: list[LetterRow]
    rows_next: str | None = Field(description="pass it as `after` for the following rows")
    receipts: list[Receipt]
    may: LetterMay


class LetterList(AskedList):
    direction: Literal["in", "out"] | None = Field(
        default=None, description="in: to units within the scope; out: from them"
    )
    state: Literal["", "sent", "received", "answered"] = ""
    case: int | None = Field(default=None, description="only letters about this case")
    overdue: bool = False


class LetterIn(Schema):
    note: str = Field(default="", max_length=2000)


class RowsAsked(Schema):
    after: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class FileAsked(Schema):
    format: Literal["csv", "xlsx"] = "xlsx"
    purpose: str = Field(
        default="investigation", description="investigation, treatment, transfer or correction"
    )


class ReceiptIn(Schema):
    """answered (and progress, for so far): how many were found, how many of them are in the
    measure asked for, how many were not found."""

    action: Literal["received", "progress", "answered"]
    found: int | None = Field(default=None, ge=0)
    controlled: int | None = Field(default=None, ge=0)
    not_found: int | None = Field(default=None, ge=0)
    note: str = Field(default="", max_length=2000)
