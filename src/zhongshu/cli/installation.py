"""What the commands need from the composition root; `zhongshu.config.entry` supplies it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Protocol

import typer


class Installation(Protocol):
    """One installation of Zhongshu on this machine."""

    @property
    def var(self) -> Path: ...
    @property
    def lake_root(self) -> Path: ...
    @property
    def raw_root(self) -> Path: ...
    @property
    def world_root(self) -> Path: ...
    @property
    def reports_root(self) -> Path: ...
    @property
    def url(self) -> str:
        """Address of the console, e.g. http://127.0.0.1:8000"""
        ...

    def wall(self) -> dt.datetime:
        """The machine's clock."""
        ...

    def open(self) -> None:
        """Start the database if it is ours, bring its schema up to date, make the models usable.

        Service modules may be imported after this and not before.
        """
        ...

    def prepare(self) -> None:
        """Begin what the first use would wait for, beside everything else; returns at once."""
        ...

    def serve(self, *, say: object = None) -> int:
        """Run the web and worker processes until interrupted; the exit code."""
        ...

    def work(self) -> None:
        """Be a worker process until told to stop."""
        ...


def of(context: typer.Context) -> Installation:
    installation: Installation = context.obj
    return installation
