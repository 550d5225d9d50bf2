"""Who did it, as the record keeps it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """name: user name, or the name of a process such as ``cycle``.

    unit_code and unit_path: the unit of the post acted from; roles: those of all posts held
    that cover it.  A process has no user and no post; it acts by the rules, never by a right.
    """

    name: str
    user_id: int | None = None
    unit_code: str = ""
    unit_path: str = ""
    roles: tuple[str, ...] = ()


CYCLE = Actor("cycle")
INTAKE = Actor("intake")
