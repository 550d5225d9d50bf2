"""All routers, one API.  An operation that says neither which permission it needs nor that it is
open does not start."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from zhongshu.api import errors, public
from zhongshu.api.desk import (
    clocks,
    codes,
    decisions,
    directives,
    findings,
    maps,
    notifications,
    proposals,
    situation,
    tracing,
)
from zhongshu.api.door import session as signed_in
from zhongshu.api.records import (
    cases,
    casetrace,
    chains,
    contactpage,
    contacts,
    dispatch,
    dispatchjobs,
    drills,
    letters,
    persons,
    resources,
    resourcethings,
    rounds,
    signalchecks,
    signaldesk,
    signalquality,
    signals,
    sources,
    tubes,
    whatif,
    zoneplans,
    zones,
)
from zhongshu.api.system import (
    audit,
    feeds,
    health,
    packs,
    reports,
    runs,
    session,
    units,
    users,
)

ROUTERS = tuple(
    module.router
    for module in (
        session, units, situation, maps, proposals, decisions, directives, clocks, notifications,
        findings, codes, tracing, cases, contacts, contactpage, chains, casetrace, persons, letters,
        signalchecks, signaldesk, signalquality, signals, sources, zoneplans, zones, whatif,
        drills, dispatch, dispatchjobs, resources, resourcethings, rounds, tubes, runs, feeds,
        packs, reports, audit, users, health, public,
    )
)  # fmt: skip


class Utf8JSON(JSONRenderer):
    """Chinese as itself: half the bytes of escapes, and readable in a log."""

    json_dumps_params = MappingProxyType({"ensure_ascii": False})


def build() -> NinjaAPI:
    api = NinjaAPI(
        title="Zhongshu",
        version="1",
        description="The console's interface to the headquarters.",
        auth=signed_in,
        renderer=Utf8JSON(),
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    for router in ROUTERS:
        api.add_router("", router)
    errors.install(api)
    for path, operation in operations():
        guarded = hasattr(operation.view_func, "permission")
        if not guarded and not hasattr(operation.view_func, "open_to"):
            raise RuntimeError(f"{operation.methods} {path} names no permission")
    return api


def operations() -> Iterator[tuple[str, Operation]]:
    """(path, operation) of every route."""
    for router in ROUTERS:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield path, operation


api = build()
