"""Where in the console a figure's list lives, as an absolute address."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlencode

from zhongshu.connectors.reports.facts import ListRef, SituationFacts

# The console's desks (console/src/shared/view/ViewLink.tsx: deskOf).
_DESKS = {"proposals": "decisions", "feeds": "admin/feeds", "runs": "admin/runs"}
_RESOURCES = frozenset({"sites", "hospitals", "vehicles", "stocks", "points", "labs"})


def _desk(route: str) -> str:
    return f"resources/{route}" if route in _RESOURCES else _DESKS.get(route, route)


@dataclasses.dataclass(frozen=True, slots=True)
class Links:
    """Addresses that open the console at the report's scope and moment."""

    base_url: str
    scope: str
    as_of: str

    @classmethod
    def of(cls, facts: SituationFacts, base_url: str) -> Links:
        return cls(base_url.rstrip("/"), facts.scope.code, facts.as_of.isoformat())

    def list(self, ref: ListRef) -> str:
        """The list behind a figure; the ref's own scope or moment comes before the report's."""
        query = {"scope": self.scope, "as_of": self.as_of, **dict(ref.filters)}
        words = {
            key: str(value).lower() if value in (True, False) else str(value)
            for key, value in query.items()
        }
        return f"{self.base_url}/{_desk(ref.route)}?{urlencode(words)}"

    def one(self, route: str, key: int) -> str:
        query = urlencode({"scope": self.scope, "as_of": self.as_of})
        return f"{self.base_url}/{_desk(route)}/{key}?{query}"
