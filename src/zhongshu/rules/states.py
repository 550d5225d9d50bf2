"""What a record's state allows: one table per noun.  Who may do it is in `permissions`.

The tables themselves are in `lives`; here is how they are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhongshu.kernel.errors import Refused, WrongState
from zhongshu.rules.lives import BY_FACT, NEEDS, TABLES, Table
from zhongshu.rules.permissions import GRANTS, Role, check_may

__all__ = [
    "BY_FACT",
    "NEEDS",
    "TABLES",
    "Table",
    "allowed",
    "check_may_act",
    "check_may_do",
    "diagram",
    "final",
    "initial",
    "may_act",
    "may_do",
    "page",
    "sources",
]


def initial(noun: str) -> str:
    """The state a new record of `noun` starts in."""
    return next(iter(TABLES[noun]))


def final(noun: str) -> frozenset[str]:
    """States nothing leads out of."""
    return frozenset(state for state, actions in TABLES[noun].items() if not actions)


def allowed(noun: str, state: str) -> Mapping[str, str]:
    """{action: next state} from `state`; an unknown noun or state is a fault (KeyError)."""
    return TABLES[noun][state]


def sources(noun: str, action: str) -> tuple[str, ...]:
    """The states that allow `action`, for statements over many records at once."""
    return tuple(state for state, actions in TABLES[noun].items() if action in actions)


def check_may_do(noun: str, action: str, *, state: str) -> str:
    """The state `action` leads to; refuses (WrongState) when `state` does not allow it."""
    options = allowed(noun, state)
    if action not in options:
        can = ", ".join(options) or "nothing more"
        raise WrongState(
            f"{noun}.wrong_state",
            f"A {noun} that is {state} does not allow '{action}'; it allows {can}.",
            noun=noun,
            state=state,
            action=action,
            allowed=list(options),
        )
    return options[action]


def may_do(noun: str, action: str, *, state: str) -> bool:
    try:
        check_may_do(noun, action, state=state)
    except Refused:
        return False
    return True


def check_may_act(noun: str, action: str, *, state: str, roles: Iterable[Role | str]) -> str:
    """The next state, after asking who (NotAllowed) and then what the state allows (WrongState).

    Who comes first: somebody without the right learns nothing about the record's state.
    """
    check_may(NEEDS[noun][action], roles)
    return check_may_do(noun, action, state=state)


def may_act(noun: str, action: str, *, state: str, roles: Iterable[Role | str]) -> bool:
    try:
        check_may_act(noun, action, state=state, roles=roles)
    except Refused:
        return False
    return True


def diagram(noun: str) -> str:
    """The table of `noun` as a mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {initial(noun)}"]
    for state, actions in TABLES[noun].items():
        lines += [f"    {state} --> {target}: {action}" for action, target in actions.items()]
    lines += [f"    {state} --> [*]" for state in TABLES[noun] if state in final(noun)]
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page docs/reference/states.md: every table as a diagram and who may do what."""
    parts = [
        "# States and permissions",
        "Written from the tables in `zhongshu.rules`; a test fails when the two differ.",
    ]
    for noun in TABLES:
        rows = [f"| {action} | `{needed}` |" for action, needed in NEEDS[noun].items()]
        rows += [f"| {action} | a fact |" for action in sorted(BY_FACT.get(noun, ()))]
        table = "\n".join(["| action | needs |", "|---|---|", *rows])
        parts += [f"## {noun.capitalize()}", f"```mermaid\n{diagram(noun)}```", table]
    parts += ["## Roles", "| role | permissions |\n|---|---|\n" + "\n".join(_role_rows())]
    return "\n\n".join(parts) + "\n"


def _role_rows() -> list[str]:
    return [f"| {role} | {', '.join(sorted(held))} |" for role, held in GRANTS.items()]
