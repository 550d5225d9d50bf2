"""What was added, changed or removed about the contacts of a case, and why."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from zhongshu.service.contacts.models import ContactChange
from zhongshu.service.kit.scope import Scope


def changes(
    case_id: int, *, scope: Scope, as_of: dt.datetime, since: dt.datetime | None = None
) -> QuerySet[ContactChange]:
    """Changes known at `as_of` about contacts who live within scope, with the contact; from
    `since` on."""
    rows = ContactChange.objects.filter(case=case_id, at__lte=as_of).select_related("contact")
    if since is not None:
        rows = rows.filter(at__gte=since)
    return scope.filter(rows, "contact__unit_path")
