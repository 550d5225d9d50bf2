"""Asking on the record: who may ask what for, and what was asked and answered."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import publishing
from zhongshu.rules.model import Pack
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.tracing.models import Inquiry
from zhongshu.service.units import facade as units

NOTICE = "notice"  # the public is to be told where a case was
PURPOSES = (*people.PURPOSES, NOTICE)
KINDS = ("venue", "timeline", "common", "companions")


@dataclasses.dataclass(frozen=True)
class Asking:
    """Who asks, for what, within which rights, by the knowledge and rules of which moment.

    now: headquarters clock; as_of: no later.
    """

    actor: Actor
    scope: Scope
    purpose: str
    note: str
    as_of: dt.datetime
    now: dt.datetime
    pack: Pack

    def __post_init__(self) -> None:
        if self.purpose not in PURPOSES:
            raise BadInput(
                "inquiries.purpose",
                f"'{self.purpose}' is not a purpose; it is one of {', '.join(PURPOSES)}.",
            )
        if not self.note.strip():
            raise BadInput("inquiries.note", "Write in the note what the answer is needed for.")
        if self.as_of > self.now:
            raise BadInput("inquiries.future", "Nobody knows yet what will be known then.")

    @property
    def least(self) -> int:
        """The smallest number of persons that is told."""
        return int(publishing.suppress_below(beijing_day(self.as_of), path=self.actor.unit_path))


def record(
    asking: Asking, *, kind: str, what: Mapping[str, object], answered: Mapping[str, object]
) -> Inquiry:
    """Put the question on record, in the transaction of the answer; call it last.

    what: by ids; answered: counts as told.
    """
    unit = units.get(asking.actor.unit_code or incidents.current().scope_unit_id)
    with transaction.atomic():
        row = Inquiry.objects.create(
            actor=asking.actor.name,
            user_id=asking.actor.user_id,
            unit=unit,
            unit_path=unit.path,
            purpose=asking.purpose,
            note=asking.note.strip(),
            kind=kind,
            what=dict(what),
            answered=dict(answered),
            as_of=asking.as_of,
            at=asking.now,
        )
        audit.record(
            actor=asking.actor,
            action=f"tracing.{kind}",
            object_=f"inquiry:{row.pk}",
            at=asking.now,
            facts={"purpose": asking.purpose, "what": dict(what)},
        )
    return row


def listed(scope: Scope) -> QuerySet[Inquiry]:
    """What was asked from posts within scope."""
    return scope.filter(Inquiry.objects.all())
