"""A job opened for its sheet: whom it is about, by name where the reader may open names."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from zhongshu.service.dispatch import receipts, selectors
from zhongshu.service.dispatch.models import Job
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity

# Planner -> why names are opened; the others' jobs name nobody.
PURPOSE: Mapping[str, str] = {
    "rooms": "transfer",
    "transfer": "transfer",
    "beds": "treatment",
    "testing": "investigation",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    name: str
    id_no: str
    address: str


@dataclasses.dataclass(frozen=True)
class Opened:
    """persons: pseudonym to person; whoever is in no register is left out.  told: step's number
    to what was told of it last."""

    job: Job
    persons: Mapping[int, Named]
    told: Mapping[int, str]


def opened(*, job_id: int, names: Scope, scope: Scope, actor: Actor, now: dt.datetime) -> Opened:
    """names: where the reader may open identities; then names and addresses stand on the sheet and
    the access is on record, else they are masked.  Whoever has the job may know whom he fetches,
    wherever they live.  Refuses a job out of scope."""
    job = selectors.job(job_id, scope)
    wanted = {person for step in job.steps for person in step["persons"]}
    told = {number: one.what for number, one in receipts.latest(job).items()}
    with rowsecurity.unscoped():
        known = people.masked(wanted)
        if names.covers(job.unit_path) and known and job.planner in PURPOSE:
            found = people.open_identity(
                actor=actor,
                purpose=PURPOSE[job.planner],
                note=f"job {job.pk}",
                pseudonyms=list(known),
                now=now,
            )
            persons = {
                one.pseudonym: Named(
                    one.name,
                    one.id_no,
                    " ".join(filter(None, (one.household.address, one.household.building)))
                    if one.household
                    else "",
                )
                for one in found
            }
        else:
            persons = {
                person: Named(one["name"], one["id_no"], one["address"])
                for person, one in known.items()
            }
    return Opened(job, persons, told)
