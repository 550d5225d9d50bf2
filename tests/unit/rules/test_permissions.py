import pytest

from zhongshu.kernel.errors import NotAllowed
from zhongshu.rules import permissions
from zhongshu.rules.permissions import GRANTS, Permission, Role


def test_every_role_has_grants_and_every_permission_is_granted_to_somebody():
    assert set(GRANTS) == set(Role)
    assert all(GRANTS.values())
    assert frozenset().union(*GRANTS.values()) == set(Permission)


@pytest.mark.parametrize("role", Role)
def test_a_role_that_opens_identities_also_reads_the_records_they_belong_to(role):
    if Permission.IDENTITY_OPEN in GRANTS[role]:
        assert {Permission.CASE_READ, Permission.CONTACT_READ} <= GRANTS[role]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrations_see_no_person_and_decide_nothing(role):
    assert not GRANTS[role] & {
        Permission.CASE_READ,
        Permission.CONTACT_READ,
        Permission.IDENTITY_OPEN,
        Permission.LETTER_READ,
        Permission.PROPOSAL_DECIDE,
        Permission.DIRECTIVE_ISSUE,
        Permission.CODE_READ,
        Permission.SAMPLE_READ,
        Permission.TICKET_READ,
        Permission.CLOCK_WAIVE,
    }


def test_nobody_who_only_carries_out_orders_waives_his_own_clock():
    waivers = {role for role in Role if Permission.CLOCK_WAIVE in GRANTS[role]}
    assert waivers == {Role.COMMANDER, Role.DUTY_OFFICER}


def test_only_the_testing_team_gives_a_result():
    assert {r for r in Role if Permission.SAMPLE_TEST in GRANTS[r]} == {Role.TESTING_TEAM}


def test_only_the_commander_decides_proposals():
    deciders = {role for role in Role if Permission.PROPOSAL_DECIDE in GRANTS[role]}
    assert deciders == {Role.COMMANDER}


def test_only_the_auditor_reads_the_audit_and_only_security_manages_users():
    assert {r for r in Role if Permission.AUDIT_READ in GRANTS[r]} == {Role.AUDITOR}
    assert {r for r in Role if Permission.USER_MANAGE in GRANTS[r]} == {Role.SECURITY_ADMIN}


def test_a_village_clerk_signs_and_reports_but_does_not_decide_or_issue():
    held = permissions.permissions_of(["village_clerk"])
    assert {"directive.sign", "directive.report", "contact.read"} <= held
    assert not {"proposal.decide", "directive.issue", "proposal.read", "run.start"} & held


def test_nobody_without_a_post_may_do_anything():
    assert permissions.permissions_of([]) == frozenset()
    with pytest.raises(NotAllowed) as refusal:
        permissions.check_may("case.read", [])
    assert refusal.value.code == "permissions.missing"
    assert refusal.value.facts == {"permission": "case.read"}


def test_two_posts_give_the_rights_of_both():
    held = permissions.permissions_of(["commander", "epidemiologist"])
    assert held == GRANTS[Role.COMMANDER] | GRANTS[Role.EPIDEMIOLOGIST]


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        (["system_admin"], True),
        (["system_admin", "security_admin"], False),
        (["security_admin", "auditor"], False),
        (["auditor", "system_admin", "commander"], False),
        (["commander", "duty_officer"], True),
        (["auditor", "auditor"], True),
    ],
)
def test_the_three_administrations_are_never_in_one_hand(roles, allowed):
    assert permissions.may_hold(roles) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match="together"):
            permissions.check_may_hold(roles)


def test_an_unknown_role_or_permission_is_a_fault_not_a_refusal():
    with pytest.raises(ValueError, match="emperor"):
        permissions.permissions_of(["emperor"])
    with pytest.raises(ValueError, match=r"case\.fly"):
        permissions.check_may("case.fly", ["commander"])
