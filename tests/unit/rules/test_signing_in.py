"""How one signs in, by the pack of the day."""

import datetime as dt

import pytest

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import permissions, reader, signing_in

TODAY = dt.date(2026, 11, 22)


def test_the_figures_are_those_of_the_pack():
    found = signing_in.in_force(TODAY)
    assert found == signing_in.SignIn(
        lock_after_failures=5,
        locked_for=dt.timedelta(minutes=30),
        secret_life=dt.timedelta(hours=24),
        password_chars=8,
        password_classes=3,
    )


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("Zhongshu-2022", True),
        ("Zhongsh1", True),  # eight characters of three kinds
        ("Zhongs1", False),
        ("zhongshu1", False),
        ("zhongshu-1", True),
        ("中枢中枢中枢Aa1", True),
    ],
)
def test_a_password_is_long_and_mixed_enough(password, fits):
    assert signing_in.in_force(TODAY).fits(password) is fits


def test_before_there_was_a_rule_it_is_said():
    with pytest.raises(NotFound):
        signing_in.in_force(dt.date(2017, 5, 31))


def test_the_roles_nobody_holds_together_are_those_of_the_pack():
    pack = reader.applicable(disease=reader.ANY, topic=reader.PRIVACY, on=TODAY)
    assert set(pack.value("admin.apart")) == {role.value for role in permissions.NEVER_TOGETHER}
