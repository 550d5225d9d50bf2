"""Intake as the commands use it: into this installation's registers and lake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from zhongshu.cli.installation import Installation
from zhongshu.cli.output import Steps, out, table
from zhongshu.lake.lake import Lake
from zhongshu.reference import read

if TYPE_CHECKING:
    from zhongshu.connectors.feeds.report import IntakeReport


def headquarters_now(here: Installation) -> dt.datetime:
    """What the headquarters' clock says."""
    from zhongshu.service.incidents import facade as incidents

    return incidents.headquarters_time(here.wall())


def take(
    here: Installation, folder: Path, *, received_at: dt.datetime, step: Steps
) -> IntakeReport:
    from zhongshu.connectors.feeds import intake
    from zhongshu.connectors.feeds.registers import ServiceRegisters

    divisions = read.table("divisions")["code"].to_pylist()
    return intake.take(
        folder,
        lake=Lake(here.lake_root),
        registers=ServiceRegisters(),
        received_at=received_at,
        raw=here.raw_root,
        known_divisions=frozenset(divisions),
        progress=lambda _, share: step("feeds", share),
    )


def show(report: IntakeReport) -> None:
    """Files by kind, and every refused file with its reason."""
    counts = report.counts
    out.print(
        f"{report.count('taken')} files taken, {report.count('already_taken')} already taken, "
        f"{report.count('refused')} refused; rows {counts.rows_in:,} = accepted "
        f"{counts.accepted:,} + rejected {counts.rejected:,}"
    )
    refused = [file for file in report.files if file.state == "refused"]
    if refused:
        rows = [(file.name, (file.reason or {}).get("en", "")) for file in refused]
        table("Refused", ("file", "why and what to do"), rows)
