"""The intake's registers, kept by the service."""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import AbstractContextManager

import pyarrow as pa
from django.db import transaction

from zhongshu.connectors.feeds.ports import Layout
from zhongshu.connectors.feeds.report import FileReport
from zhongshu.kernel.errors import NotFound
from zhongshu.lake.lake import Lake
from zhongshu.lake.store import Written
from zhongshu.rules import reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.intake import facade as intake
from zhongshu.service.kit.actor import INTAKE, Actor
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.tracing import facade as tracing


@dataclasses.dataclass(frozen=True)
class ServiceRegisters:
    """`ports.Registers` over the service's facades; `actor` is who sent or started the intake."""

    actor: Actor = INTAKE

    def atomic(self) -> AbstractContextManager[object]:
        return transaction.atomic()

    def pseudonyms(self, id_nos: pa.Array) -> pa.Array:
        return people.pseudonyms(id_nos)

    def register_people(
        self, households: pa.Table | None, persons: pa.Table | None, known_at: dt.datetime
    ) -> int:
        return people.register(
            households=households, persons=persons, known_at=known_at, actor=self.actor
        )

    def register_dormitories(self, table: pa.Table, known_at: dt.datetime) -> int:
        return people.register_dormitories(table=table, known_at=known_at, actor=self.actor)

    def layout(self, on: dt.date) -> Layout:
        incident = incidents.current()
        try:
            pack = reader.applicable(disease=incident.disease, on=on, path=incident.scope_unit.path)
        except NotFound:  # no edition yet: journeys are kept whole, cells wait for one
            return Layout(None, {})
        cell = pack.get("trace.time_space.cell_m")
        return Layout(
            cell_m=pack.number(cell.key) if cell else None,
            seats_per_spot={
                kind: int(seats) for kind, seats in pack.group("trace.seats_per_spot").items()
            },
        )

    def take_visits(self, lake: Lake, rows: pa.Table, known_at: dt.datetime) -> Written:
        return tracing.index(lake.root).land(rows, known_at)

    def follow_tubes(self, lake: Lake, kind: str, rows: pa.Table, known_at: dt.datetime) -> None:
        rounds.follow_tubes(lake=lake, kind=kind, rows=rows, actor=self.actor, now=known_at)

    def take_line_list(self, table: pa.Table, known_at: dt.datetime) -> int:
        return cases.take_line_list(table=table, known_at=known_at, actor=self.actor)

    def take_resources(self, kind: str, table: pa.Table, known_at: dt.datetime) -> int:
        return resources.take(feed=kind, table=table, known_at=known_at, actor=self.actor)

    def seen(self, sha256: str) -> bool:
        return intake.seen(sha256)

    def record(self, report: FileReport, received_at: dt.datetime) -> None:
        intake.record(_entry(report), received_at=received_at, actor=self.actor)


def _entry(report: FileReport) -> intake.Entry:
    counts = report.counts
    return intake.Entry(
        name=report.name,
        kind=report.kind,
        sender=report.sender,
        sha256=report.sha256 or None,
        state=report.state,
        reason=report.reason,
        rows_in=counts.rows_in,
        accepted=counts.accepted,
        rejected=counts.rejected,
        duplicates=counts.duplicates,
        flagged=counts.flagged,
        cells=report.cells,
        flags=report.flags,
        notices=report.notices,
        first_day=report.first_day,
        last_day=report.last_day,
        repair_path=report.repair,
        raw_path=report.raw,
    )
