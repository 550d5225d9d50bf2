"""Signing in: once by secret, then by password; locked after five failures; nothing leaks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from tests.service import builders as b
from tests.service import scenes
from zhongshu.rules import reader
from zhongshu.service.accounts import facade as accounts
from zhongshu.service.accounts.models import OneTimeSecret, User

pytestmark = pytest.mark.django_db
GOOD = "Zhongshu-2022"


def wall() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def with_secret(name: str = "wang") -> str:
    b.headquarters()
    return accounts.create_user(
        username=name, display_name="王", posts=[(b.CITY, "commander")], now=wall()
    )


def sign_in(client: Client, **body: str) -> int:
    answer = client.post("/api/v1/session", body, content_type="application/json")
    return int(answer.status_code)


def test_a_secret_lets_in_once() -> None:
    secret = with_secret()
    client = Client()
    assert sign_in(client, secret=secret) == 204
    told = scenes.get(client, "/session").json()
    assert told["user"] == {"username": "wang", "display_name": "王", "has_password": False}
    assert told["scope"]["name"] == "太原市"
    assert told["incident"]["synthetic"] is True
    assert sign_in(Client(), secret=secret) == 403


def test_an_expired_secret_lets_nobody_in_and_a_new_one_ends_the_old() -> None:
    secret = with_secret()
    OneTimeSecret.objects.update(expires_at=wall())
    assert sign_in(Client(), secret=secret) == 403
    older = accounts.new_secret(username="wang", now=wall())
    newer = accounts.new_secret(username="wang", now=wall())
    assert sign_in(Client(), secret=older) == 403
    assert sign_in(Client(), secret=newer) == 204


def test_no_secret_and_no_password_is_stored_in_clear() -> None:
    secret = with_secret()
    user = User.objects.get()
    accounts.set_password(user=user, password=GOOD, now=wall())
    assert user.password.startswith("argon2")
    assert secret not in str(list(OneTimeSecret.objects.values()))


@pytest.mark.parametrize("weak", ["short1A", "alllowercase", "12345678", "lower1234"])
def test_a_weak_password_is_refused(weak: str) -> None:
    client = Client()
    sign_in(client, secret=with_secret())
    answer = scenes.post(client, "/session/password", {"new_password": weak})
    assert (answer.status_code, answer.json()["code"]) == (400, "accounts.weak_password")
    assert answer.json()["message"]["zh"].startswith("密码至少8位")
    assert answer.json()["facts"] == {"characters": 8, "classes": 3}


def test_five_failures_lock_the_account_even_for_the_right_password() -> None:
    client = Client()
    sign_in(client, secret=with_secret())
    assert scenes.post(client, "/session/password", {"new_password": GOOD}).status_code == 204
    assert scenes.get(client, "/session").status_code == 200  # this session goes on
    for _ in range(5):
        assert sign_in(Client(), username="wang", password="wrong-Pass1") == 403
    assert sign_in(Client(), username="wang", password=GOOD) == 403
    User.objects.update(locked_until=wall())
    assert sign_in(Client(), username="wang", password=GOOD) == 204


def stricter(folder: Path) -> None:
    """A notice of the national unit: locked after 3 failures, for an hour; a secret for 2 hours."""
    (folder / "retention-stricter.yaml").write_text(
        """
id: retention-stricter
amends: retention
suffix: stricter
edition: {zh: 从严, en: Stricter}
effective_from: 2020-01-01
sources: []
figures:
  login.lock_after_failures: {value: 3, mark: D}
  login.lock_min: {value: 60, mark: D}
  login.secret_h: {value: 2, mark: D}
  login.password_chars: {value: 14, mark: D}
""",
        encoding="utf-8",
    )
    reader.use_local(folder)


def test_what_the_pack_says_of_signing_in_is_what_happens(tmp_path: Path) -> None:
    stricter(tmp_path)
    try:
        client = Client()
        began = wall()
        sign_in(client, secret=with_secret())
        life = OneTimeSecret.objects.get().expires_at - began
        assert dt.timedelta(hours=2) <= life < dt.timedelta(hours=2, minutes=1)
        short = scenes.post(client, "/session/password", {"new_password": GOOD})
        assert short.json()["facts"] == {"characters": 14, "classes": 3}
        long = GOOD + "-longer"
        assert scenes.post(client, "/session/password", {"new_password": long}).status_code == 204
        for _ in range(3):
            assert sign_in(Client(), username="wang", password="wrong-Pass1") == 403
        assert sign_in(Client(), username="wang", password=long) == 403
        locked = User.objects.get().locked_until
        assert locked is not None
        assert dt.timedelta(minutes=59) < locked - began < dt.timedelta(minutes=61)
    finally:
        reader.use_local(None)


def test_an_unknown_name_is_answered_like_a_wrong_password() -> None:
    with_secret()
    known = Client().post(
        "/api/v1/session", {"username": "wang", "password": "x"}, content_type="application/json"
    )
    unknown = Client().post(
        "/api/v1/session", {"username": "li", "password": "x"}, content_type="application/json"
    )
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


def test_without_the_csrf_token_nothing_is_changed() -> None:
    secret = with_secret()
    client = Client(enforce_csrf_checks=True)
    assert scenes.get(client, "/session").status_code == 401  # and sets the cookie
    assert sign_in(client, secret=secret) == 403
    token = client.cookies["csrftoken"].value
    answer = client.post(
        "/api/v1/session",
        {"secret": secret},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 204
    refused = client.delete("/api/v1/session")
    assert (refused.status_code, refused.json()["code"]) == (403, "session.csrf")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    client = Client()
    sign_in(client, secret=with_secret())
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


def test_after_signing_out_the_session_is_over() -> None:
    client = Client()
    sign_in(client, secret=with_secret())
    assert client.delete("/api/v1/session").status_code == 204
    assert scenes.get(client, "/session").status_code == 401


def test_a_security_admin_makes_users_within_his_rights_and_no_triple_admin() -> None:
    b.headquarters()
    client = scenes.signed_in((b.CITY, "security_admin"), name="security")
    new = {
        "username": "zhao",
        "display_name": "赵",
        "posts": [{"unit": b.COUNTY, "role": "auditor"}],
    }
    made = scenes.post(client, "/users", new)
    assert sign_in(Client(), secret=made.json()["one_time_secret"]) == 204
    listed = scenes.get(client, "/users").json()
    assert [one["username"] for one in listed] == ["security", "zhao"]
    outside = new | {"username": "qian", "posts": [{"unit": b.OTHER_CITY, "role": "auditor"}]}
    assert scenes.post(client, "/users", outside).status_code == 404
    both = [{"unit": b.COUNTY, "role": "auditor"}, {"unit": b.COUNTY, "role": "system_admin"}]
    answer = scenes.post(client, "/users", new | {"username": "sun", "posts": both})
    assert answer.json()["code"] == "permissions.roles_together"
