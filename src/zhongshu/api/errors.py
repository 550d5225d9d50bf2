"""From refusals to HTTP, in one place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zhongshu.api import messages
from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound, Refused, WrongState
from zhongshu.service.kit.text import Text

log = logging.getLogger(__name__)
STATUS: Mapping[type[Refused], int] = {
    BadInput: 400,
    NotAllowed: 403,
    NotFound: 404,
    WrongState: 409,
    Refused: 400,
}


def body(code: str, message: Text, facts: Mapping[str, object] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "facts": dict(facts or {})}


def install(api: NinjaAPI) -> None:
    """Give `api` an answer for every way a request can end badly."""

    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        told = {name: fact for name, fact in error.facts.items() if name != "path"}  # the server's
        answer = body(error.code, messages.of(error), told)
        return api.create_response(request, answer, status=status)

    def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return _answer(api, request, 401, Refused("session.none", "Sign in first."))

    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        # ninja itself raises this for a failed CSRF check only.
        return _answer(
            api,
            request,
            error.status_code,
            Refused("session.csrf", "Reload the page and try again."),
        )

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        refusal = Refused("input.invalid", "The request is not as it should be; see the fields.")
        fields = [
            {"field": ".".join(str(part) for part in one["loc"]), "reason": one["msg"]}
            for one in error.errors
        ]
        answer = body(refusal.code, messages.of(refusal), {"fields": fields})
        return api.create_response(request, answer, status=400)

    def fault(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("fault in %s %s", request.method, request.path, exc_info=error)
        return api.create_response(request, body("fault", messages.FAULT), status=500)

    api.exception_handler(Refused)(refused)
    api.exception_handler(AuthenticationError)(signed_out)
    api.exception_handler(HttpError)(http)
    api.exception_handler(ValidationError)(invalid)
    api.exception_handler(Exception)(fault)


def _answer(api: NinjaAPI, request: HttpRequest, status: int, refusal: Refused) -> HttpResponse:
    answer = body(refusal.code, messages.of(refusal))
    return api.create_response(request, answer, status=status)
