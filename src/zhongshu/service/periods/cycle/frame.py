"""What every step of one run looks at, and what it gives back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from zhongshu.lake.lake import Lake
from zhongshu.service.kit.ground import Ground
from zhongshu.service.periods.proposals import Draft


@dataclasses.dataclass(frozen=True, kw_only=True)
class Frame(Ground):
    """One run: what is known at `as_of`, under `pack` as in force that day.

    tree: the divisions under the incident's unit.  seed: of every draw of this run.
    inputs_hash: of everything the run looks at, as on its card.
    """

    run_id: int
    lake: Lake
    seed: int
    inputs_hash: str

    def terms(self, kind: str) -> dict[str, Any]:
        """What every draft of `kind` says: the pack, the inputs, the clocks of its directive."""
        return {
            "pack_id": self.pack.id,
            "pack_version": self.pack.version,
            "inputs_hash": self.inputs_hash,
            "sign_hours": self.pack.number("directive.sign_h"),
            "due_hours": self.pack.number(f"directive.due_h.{kind}"),
        }


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a step found: figures for the record, and drafts of proposals.

    proposes: the kinds of proposal this step is answerable for; a waiting one of these kinds
    that is not drafted again has lost its reason.
    """

    summary: Mapping[str, Any]
    drafts: tuple[Draft, ...] = ()
    proposes: tuple[str, ...] = ()
