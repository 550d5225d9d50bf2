"""Shapes that many answers share."""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

T = TypeVar("T")


class Text(Schema):
    zh: str
    en: str


class UnitRef(Schema):
    code: str
    name: str
    level: str = Field(description="province, city, county, township or village")
    path: str


class Page(Schema, Generic[T]):
    """next: pass it as `after` for the following items; null at the end."""

    items: list[T]
    next: str | None


class ListRef(Schema):
    """The list a figure counts: a route of the console, and its filters."""

    route: str
    filters: dict[str, str | int | bool]


class Error(Schema):
    code: str
    message: Text
    facts: dict[str, Any]


class CaseRef(Schema):
    id: int
    case_no: str


class Point(Schema):
    date: dt.date
    value: float | None
    low: float | None = None
    high: float | None = None


class Asked(Schema):
    """Where and when a reading is meant; by default the first post's unit, now."""

    scope: str | None = Field(default=None, description="division code within one's rights")
    as_of: dt.datetime | None = Field(default=None, description="as the headquarters knew it then")


class AskedList(Asked):
    after: str | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


class Bare(Schema):
    """Paging alone, for lists that know no scope."""

    after: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
