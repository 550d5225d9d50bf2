"""People who may sign in, their posts, and the secrets that let them in once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhongshu.rules.permissions import Role
from zhongshu.service.kit.fields import InUnit


class UserManager(BaseUserManager["User"]):
    pass


class User(AbstractBaseUser):
    """A person.  Rights come from posts alone; there is no superuser.

    A new user has no usable password and signs in with a one-time secret.
    """

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.username


class Post(InUnit):
    """A role held in a unit; it counts there and in everything below."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "unit", "role"], name="post_once")]


class OneTimeSecret(models.Model):
    """Lets its user in once.  Only the SHA-256 of the secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="secrets")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Answered(models.Model):
    """A request that was carried out once, with its answer, so that it can be asked again.

    key: the client's Idempotency-Key; request_hash: over route and body.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answered_once")]
