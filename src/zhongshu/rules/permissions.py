"""Who may act: the table of roles and permissions.  What a state allows is in `states`.

A user holds posts; a post is (unit, role).  A permission counts inside the post's unit and
everything below it; that scope is the service's business, not this table's.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping

from zhongshu.kernel.errors import BadInput, NotAllowed, Refused


class Role(enum.StrEnum):
    COMMANDER = "commander"
    DUTY_OFFICER = "duty_officer"
    DATA_TEAM = "data_team"
    EPIDEMIOLOGIST = "epidemiologist"
    TRANSFER_TEAM = "transfer_team"
    TESTING_TEAM = "testing_team"
    SUPPLY_TEAM = "supply_team"
    LOCAL_STAFF = "local_staff"  # city, county, township: the post's unit says which
    VILLAGE_CLERK = "village_clerk"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"


class Permission(enum.StrEnum):
    UNIT_READ = "unit.read"
    SITUATION_READ = "situation.read"
    MAP_READ = "map.read"
    PLACE_READ = "place.read"
    CASE_READ = "case.read"
    CASE_WRITE = "case.write"
    CONTACT_READ = "contact.read"
    CONTACT_DECIDE = "contact.decide"
    IDENTITY_OPEN = "identity.open"
    PERSON_MERGE = "person.merge"
    TRACING_ASK = "tracing.ask"
    INQUIRY_READ = "inquiry.read"
    LETTER_READ = "letter.read"
    LETTER_SEND = "letter.send"
    LETTER_ANSWER = "letter.answer"
    SIGNAL_READ = "signal.read"
    SIGNAL_HANDLE = "signal.handle"
    ZONE_READ = "zone.read"
    WHATIF_READ = "whatif.read"
    WHATIF_ASK = "whatif.ask"
    DRILL_PLAY = "drill.play"  # reading them goes with the situation
    ZONE_PLAN = "zone.plan"  # ask for zonings and propose one; deciding is another right
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_DECIDE = "proposal.decide"
    DIRECTIVE_READ = "directive.read"
    DIRECTIVE_ISSUE = "directive.issue"
    DIRECTIVE_SIGN = "directive.sign"
    DIRECTIVE_REPORT = "directive.report"
    DISPATCH_READ = "dispatch.read"
    DISPATCH_PLAN = "dispatch.plan"  # ask a planner and propose its plan; deciding is another right
    DISPATCH_REPORT = "dispatch.report"  # tell what became of a job
    RESOURCE_READ = "resource.read"
    RESOURCE_WRITE = "resource.write"
    FEED_READ = "feed.read"
    FEED_SEND = "feed.send"
    RUN_READ = "run.read"
    RUN_START = "run.start"
    REPORT_READ = "report.read"
    PACK_READ = "pack.read"
    CLOCK_READ = "clock.read"
    CLOCK_WAIVE = "clock.waive"
    FINDING_READ = "finding.read"
    CODE_READ = "code.read"
    ISOLATION_WRITE = "isolation.write"
    SAMPLE_READ = "sample.read"
    SAMPLE_COLLECT = "sample.collect"
    SAMPLE_TEST = "sample.test"
    TICKET_READ = "ticket.read"
    TICKET_ASSIGN = "ticket.assign"
    TICKET_HANDLE = "ticket.handle"
    TICKET_CLOSE = "ticket.close"
    AUDIT_READ = "audit.read"
    USER_MANAGE = "user.manage"


P, R = Permission, Role

# What everybody inside the headquarters sees: figures, maps and orders, no person.
_PICTURE = frozenset(
    {
        P.UNIT_READ,
        P.SITUATION_READ,
        P.MAP_READ,
        P.PLACE_READ,
        P.ZONE_READ,
        P.WHATIF_READ,
        P.SIGNAL_READ,
        P.PROPOSAL_READ,
        P.DIRECTIVE_READ,
        P.DISPATCH_READ,
        P.RESOURCE_READ,
        P.FEED_READ,
        P.RUN_READ,
        P.REPORT_READ,
        P.PACK_READ,
        P.CLOCK_READ,
        P.FINDING_READ,
        P.TICKET_READ,
    }
)
# Masked line lists, contacts, codes and samples; a name needs identity.open as well.
_PEOPLE = frozenset({P.CASE_READ, P.CONTACT_READ, P.LETTER_READ, P.CODE_READ, P.SAMPLE_READ})
# Asking other counties to find contacts, and answering those who ask.
_LETTERS = frozenset({P.LETTER_SEND, P.LETTER_ANSWER})
# Who was there, where did he go, what have they in common: each asking on the record, for whoever
# may read it.
_QUESTIONS = frozenset({P.TRACING_ASK, P.INQUIRY_READ})
# Carrying out orders one has received.
_ORDERS = frozenset({P.DIRECTIVE_SIGN, P.DIRECTIVE_REPORT, P.DISPATCH_REPORT})

GRANTS: Mapping[Role, frozenset[Permission]] = {
    R.COMMANDER: _PICTURE
    | _PEOPLE
    | {
        P.PROPOSAL_DECIDE,
        P.DIRECTIVE_ISSUE,
        P.SIGNAL_HANDLE,
        P.RUN_START,
        P.CLOCK_WAIVE,
        P.INQUIRY_READ,
        P.ZONE_PLAN,
        P.WHATIF_ASK,
        P.DISPATCH_PLAN,
        P.DRILL_PLAY,
    },
    R.DUTY_OFFICER: _PICTURE
    | _PEOPLE
    | _ORDERS
    | {
        P.DIRECTIVE_ISSUE,
        P.SIGNAL_HANDLE,
        P.RUN_START,
        P.FEED_SEND,
        P.CLOCK_WAIVE,  # with a reason, on the record; who has to act never waives
        P.TICKET_ASSIGN,
        P.TICKET_CLOSE,
        P.ZONE_PLAN,
        P.DISPATCH_PLAN,
    },
    R.DATA_TEAM: _PICTURE
    | _PEOPLE
    | _LETTERS
    | _QUESTIONS
    | {
        P.CONTACT_DECIDE,
        P.ISOLATION_WRITE,
        P.IDENTITY_OPEN,
        P.PERSON_MERGE,
        P.FEED_SEND,
        P.RUN_START,
        P.WHATIF_ASK,
        P.DRILL_PLAY,
    },
    R.EPIDEMIOLOGIST: _PICTURE
    | _PEOPLE
    | _LETTERS
    | _QUESTIONS
    | {
        P.CASE_WRITE,
        P.CONTACT_DECIDE,
        P.ISOLATION_WRITE,
        P.IDENTITY_OPEN,
        P.PERSON_MERGE,
        P.SIGNAL_HANDLE,
        P.SAMPLE_COLLECT,
        P.ZONE_PLAN,
        P.WHATIF_ASK,
        P.DRILL_PLAY,
    },
    R.TRANSFER_TEAM: _PICTURE
    | _PEOPLE
    | _ORDERS
    | {P.IDENTITY_OPEN, P.RESOURCE_WRITE, P.ISOLATION_WRITE, P.DISPATCH_PLAN},
    R.TESTING_TEAM: _PICTURE
    | _ORDERS
    | {
        P.RESOURCE_WRITE,
        P.FEED_SEND,
        P.SAMPLE_READ,
        P.SAMPLE_COLLECT,
        P.SAMPLE_TEST,
        P.DISPATCH_PLAN,
    },
    R.SUPPLY_TEAM: _PICTURE | _ORDERS | {P.RESOURCE_WRITE, P.FEED_SEND, P.DISPATCH_PLAN},
    R.LOCAL_STAFF: _PICTURE
    | _PEOPLE
    | _ORDERS
    | _LETTERS
    | {
        P.CONTACT_DECIDE,
        P.ISOLATION_WRITE,
        P.IDENTITY_OPEN,
        P.SIGNAL_HANDLE,
        P.DIRECTIVE_ISSUE,  # to the units below one's own: forwarding
        P.RESOURCE_WRITE,
        P.FEED_SEND,
        P.SAMPLE_COLLECT,
        P.TICKET_ASSIGN,  # to the units below
        P.ZONE_PLAN,
        P.DISPATCH_PLAN,
        P.TICKET_HANDLE,
    },
    R.VILLAGE_CLERK: _PEOPLE
    | _ORDERS
    | {
        P.UNIT_READ,
        P.SITUATION_READ,
        P.MAP_READ,
        P.PLACE_READ,
        P.ZONE_READ,
        P.DIRECTIVE_READ,
        P.DISPATCH_READ,
        P.IDENTITY_OPEN,
        P.PACK_READ,
        P.CLOCK_READ,
        P.FINDING_READ,
        P.TICKET_READ,
        P.TICKET_HANDLE,
    },
    # Why a decision was taken and who read what; never the persons themselves.
    R.AUDITOR: frozenset(
        {
            P.AUDIT_READ,
            P.INQUIRY_READ,
            P.UNIT_READ,
            P.PROPOSAL_READ,
            P.DIRECTIVE_READ,
            P.RUN_READ,
            P.FEED_READ,
            P.REPORT_READ,
            P.PACK_READ,
            P.CLOCK_READ,
            P.FINDING_READ,
        }
    ),
    R.SYSTEM_ADMIN: frozenset({P.UNIT_READ, P.FEED_READ, P.RUN_READ, P.PACK_READ}),
    R.SECURITY_ADMIN: frozenset({P.UNIT_READ, P.USER_MANAGE}),
}

# Rule S-4: the three administrations are never in one hand.
NEVER_TOGETHER = frozenset({R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDITOR})


def permissions_of(roles: Iterable[Role | str]) -> frozenset[Permission]:
    """Union of the grants of `roles`; no role, no permission.  An unknown role is a fault."""
    held: frozenset[Permission] = frozenset()
    for role in roles:
        held |= GRANTS[Role(role)]
    return held


def check_may(permission: Permission | str, roles: Iterable[Role | str]) -> None:
    """Refuses (NotAllowed) when none of `roles` grants `permission`."""
    wanted = Permission(permission)
    if wanted not in permissions_of(roles):
        raise NotAllowed(
            "permissions.missing",
            f"None of your posts gives the permission {wanted.value}.",
            permission=wanted.value,
        )


def may(permission: Permission | str, roles: Iterable[Role | str]) -> bool:
    try:
        check_may(permission, roles)
    except Refused:
        return False
    return True


def check_may_hold(roles: Collection[Role | str]) -> None:
    """Refuses (BadInput) a role there is not, and (NotAllowed) a set of roles that one user must
    not hold together (rule S-4)."""
    known = {role.value for role in Role}
    unknown = sorted({str(role) for role in roles} - known)
    if unknown:
        raise BadInput(
            "permissions.no_role",
            f"There is no role '{unknown[0]}'; there are {', '.join(sorted(known))}.",
            role=unknown[0],
        )
    clash = sorted(role.value for role in NEVER_TOGETHER & {Role(role) for role in roles})
    if len(clash) > 1:
        raise NotAllowed(
            "permissions.roles_together",
            f"One user may not hold {' and '.join(clash)} together; give one to somebody else.",
            roles=clash,
        )


def may_hold(roles: Collection[Role | str]) -> bool:
    try:
        check_may_hold(roles)
    except Refused:
        return False
    return True
