"""What a record's state allows: one table per noun.  Who may do it is in `permissions`.

``TABLES[noun][state]`` maps each allowed action to the state it leads to.  A state with no
actions is final.  ``NEEDS[noun][action]`` names the permission the action asks for; the two
tables are kept apart so that a change of rights never touches the life of a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhongshu.kernel.errors import Refused, WrongState
from zhongshu.rules.permissions import GRANTS, Permission, Role, check_may

Table = Mapping[str, Mapping[str, str]]

# The first state listed is the one a record starts in.
TABLES: Mapping[str, Table] = {
    "case": {
        "reported": {"confirm": "confirmed", "exclude": "excluded"},
        "confirmed": {
            "admit": "admitted",
            "recover": "recovered",  # home isolation: never admitted
            "record_death": "died",
            "exclude": "excluded",
        },
        "admitted": {"recover": "recovered", "record_death": "died"},
        "recovered": {"readmit": "admitted", "close": "closed"},
        "died": {"close": "closed"},
        "excluded": {"reopen": "reported"},
        "closed": {},
    },
    "contact": {
        "proposed": {"confirm": "confirmed", "downgrade": "downgraded", "exclude": "excluded"},
        "confirmed": {
            "isolate": "isolating",
            "downgrade": "downgraded",
            "exclude": "excluded",
        },
        "downgraded": {"confirm": "confirmed", "exclude": "excluded"},
        "isolating": {"release": "released"},
        "excluded": {"reopen": "proposed"},  # new evidence
        "released": {"reopen": "proposed"},  # a new exposure
    },
    "zone": {
        "proposed": {"activate": "active", "withdraw": "withdrawn"},
        "active": {"step": "active", "release": "released"},  # step: another level or outline
        "released": {},
        "withdrawn": {},
    },
    "directive": {
        "issued": {"receive": "received", "sign": "signed"},  # signing implies having received
        "received": {"sign": "signed"},
        "signed": {"start": "in_work", "forward": "in_work", "report": "reported"},
        "in_work": {"forward": "in_work", "report": "reported"},
        "reported": {"report": "reported", "send_back": "in_work", "close": "closed"},
        "closed": {},
    },
    "proposal": {
        "waiting": {
            "approve": "approved",
            "amend": "amended",
            "reject": "rejected",
            "supersede": "superseded",
            "withdraw": "withdrawn",
        },
        "approved": {},
        "amended": {},
        "rejected": {},
        "superseded": {},
        "withdrawn": {},
    },
    "signal": {
        "raised": {"take": "taken", "dismiss": "false_alarm"},
        "taken": {"verify": "verified", "dismiss": "false_alarm"},
        "verified": {"declare_event": "event", "dismiss": "false_alarm"},
        "event": {},
        "false_alarm": {"reopen": "raised"},
    },
    "period": {
        "open": {"close": "closed"},
        "closed": {},
    },
}

_P = Permission

NEEDS: Mapping[str, Mapping[str, Permission]] = {
    "case": {
        "confirm": _P.CASE_WRITE,
        "exclude": _P.CASE_WRITE,
        "admit": _P.CASE_WRITE,
        "recover": _P.CASE_WRITE,
        "record_death": _P.CASE_WRITE,
        "readmit": _P.CASE_WRITE,
        "reopen": _P.CASE_WRITE,
        "close": _P.CASE_WRITE,
    },
    "contact": {
        "confirm": _P.CONTACT_DECIDE,
        "downgrade": _P.CONTACT_DECIDE,
        "exclude": _P.CONTACT_DECIDE,
        "isolate": _P.CONTACT_DECIDE,
        "release": _P.CONTACT_DECIDE,
        "reopen": _P.CONTACT_DECIDE,
    },
    # A zone changes only by a decision on a proposal.
    "zone": {
        "activate": _P.PROPOSAL_DECIDE,
        "step": _P.PROPOSAL_DECIDE,
        "release": _P.PROPOSAL_DECIDE,
        "withdraw": _P.RUN_START,
    },
    "directive": {
        "receive": _P.DIRECTIVE_SIGN,
        "sign": _P.DIRECTIVE_SIGN,
        "start": _P.DIRECTIVE_REPORT,
        "report": _P.DIRECTIVE_REPORT,
        "forward": _P.DIRECTIVE_ISSUE,
        "send_back": _P.DIRECTIVE_ISSUE,
        "close": _P.DIRECTIVE_ISSUE,
    },
    "proposal": {
        "approve": _P.PROPOSAL_DECIDE,
        "amend": _P.PROPOSAL_DECIDE,
        "reject": _P.PROPOSAL_DECIDE,
        "supersede": _P.RUN_START,
        "withdraw": _P.RUN_START,
    },
    "signal": {
        "take": _P.SIGNAL_HANDLE,
        "verify": _P.SIGNAL_HANDLE,
        "dismiss": _P.SIGNAL_HANDLE,
        "declare_event": _P.SIGNAL_HANDLE,
        "reopen": _P.SIGNAL_HANDLE,
    },
    "period": {"close": _P.PROPOSAL_DECIDE},
}


def initial(noun: str) -> str:
    """The state a new record of `noun` starts in."""
    return next(iter(TABLES[noun]))


def final(noun: str) -> frozenset[str]:
    """States nothing leads out of."""
    return frozenset(state for state, actions in TABLES[noun].items() if not actions)


def allowed(noun: str, state: str) -> Mapping[str, str]:
    """{action: next state} from `state`; an unknown noun or state is a fault (KeyError)."""
    return TABLES[noun][state]


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
        table = "\n".join(["| action | needs |", "|---|---|", *rows])
        parts += [f"## {noun.capitalize()}", f"```mermaid\n{diagram(noun)}```", table]
    parts += ["## Roles", "| role | permissions |\n|---|---|\n" + "\n".join(_role_rows())]
    return "\n\n".join(parts) + "\n"


def _role_rows() -> list[str]:
    return [f"| {role} | {', '.join(sorted(held))} |" for role, held in GRANTS.items()]
