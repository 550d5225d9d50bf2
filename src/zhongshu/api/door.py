"""The door of every operation: who is asking, what for, within which scope, and when.

`needs` is the one way to publish an operation: it names the permission, refuses whoever lacks
it, and runs the operation in a transaction whose database rights end at the scope.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from ninja.security import SessionAuth

from zhongshu.api.shapes import Asked
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.rules.permissions import Permission, check_may
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

F = TypeVar("F", bound=Callable[..., Any])
session = SessionAuth()


@dataclasses.dataclass(frozen=True)
class View:
    """One reading: scope and unit asked for, the moment meant."""

    scope: Scope
    unit: units.UnitRef
    as_of: dt.datetime


@dataclasses.dataclass(frozen=True)
class Here:
    """What an operation knows about its request.

    scope: everywhere the permission counts for this user.  now: the headquarters' clock.
    """

    held: accounts.Held
    permission: Permission
    now: dt.datetime

    @property
    def scope(self) -> Scope:
        return self.held.scope(self.permission)

    @property
    def actor(self) -> Actor:
        return self.held.actor(self.permission)

    def moment(self, asked: Asked) -> dt.datetime:
        if asked.as_of is None:
            return self.now
        if asked.as_of.tzinfo is None:
            raise BadInput("moment.zone", "as_of needs a time zone, e.g. +08:00.")
        return asked.as_of

    def view(self, asked: Asked) -> View:
        """The reading asked for; a scope outside one's rights looks like one that is not there."""
        if asked.scope is None:
            unit = next(post.unit for post in self.held.posts if post.unit_path in self.scope.paths)
        else:
            unit = units.get(asked.scope, self.scope)
        return View(Scope((unit.path,)), units.ref(unit), self.moment(asked))

    def everywhere(self, asked: Asked) -> View:
        """All of one's rights, for looking at one record."""
        if not self.held.posts:
            raise NotFound("units.unknown", "There is no unit within your rights.")
        return View(self.scope, units.ref(self.held.posts[0].unit), self.moment(asked))


def wall() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def headquarters_now() -> dt.datetime:
    return incidents.headquarters_time(wall())


def here(request: HttpRequest) -> Here:
    """What `needs` found out about this request."""
    return cast(Here, request.here)  # type: ignore[attr-defined]


def needs(permission: Permission, *, apart: bool = False) -> Callable[[F], F]:
    """The operation needs `permission`, and sees the database only within its scope.

    apart: the operation reads no scoped record and needs tables that scoped requests cannot
    reach (users, the job queue); it runs outside the scoped role.
    """

    def publish(operation: F) -> F:
        @functools.wraps(operation)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            held = accounts.held(cast(accounts.User, request.user))
            check_may(permission, [post.role for post in held.posts])
            asking = Here(held, permission, headquarters_now())
            request.here = asking  # type: ignore[attr-defined]
            net = contextlib.nullcontext() if apart else rowsecurity.scoped(asking.scope)
            with net:
                return operation(request, *args, **kwargs)

        run.permission = permission  # type: ignore[attr-defined]
        # Resolved here: ninja would look the names up in this module instead of the operation's.
        run.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return cast(F, run)

    return publish


def open_to(who: str) -> Callable[[F], F]:
    """The operation needs no permission: ``anyone``, or ``signed_in`` for one's own session."""

    def publish(operation: F) -> F:
        operation.open_to = who  # type: ignore[attr-defined]
        return operation

    return publish
