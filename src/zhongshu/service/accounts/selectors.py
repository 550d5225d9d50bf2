"""Reading users and posts."""

from __future__ import annotations

import dataclasses

from zhongshu.kernel.errors import NotAllowed, NotFound
from zhongshu.rules.permissions import Permission, permissions_of
from zhongshu.service.accounts.models import Post, User
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope


@dataclasses.dataclass(frozen=True)
class Held:
    """What a user may do and where: the posts, in the order they were given."""

    user: User
    posts: tuple[Post, ...]

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(post.role for post in self.posts)

    def scope(self, permission: Permission) -> Scope:
        """Where `permission` counts: the units of the posts that grant it."""
        return Scope(
            tuple(
                dict.fromkeys(
                    post.unit_path
                    for post in self.posts
                    if permission in permissions_of([post.role])
                )
            )
        )

    def actor(self, permission: Permission) -> Actor:
        """Acting from the first post that grants `permission`."""
        for post in self.posts:
            if permission in permissions_of([post.role]):
                roles = [p.role for p in self.posts if p.unit_path == post.unit_path]
                return Actor(
                    name=self.user.username,
                    user_id=self.user.pk,
                    unit_code=post.unit_id,
                    unit_path=post.unit_path,
                    roles=tuple(roles),
                )
        raise NotAllowed(
            "permissions.missing",
            f"None of your posts gives the permission {permission.value}.",
            permission=permission.value,
        )


def held(user: User) -> Held:
    posts = Post.objects.filter(user=user).select_related("unit").order_by("id")
    return Held(user, tuple(posts))


def by_name(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound("accounts.unknown", f"There is no user {username}.", username=username)
    return user


def posts() -> list[tuple[str, str, str]]:
    """(user, unit, role) of everybody who may sign in."""
    rows = Post.objects.filter(user__is_active=True).order_by("user__username", "id")
    return [
        (post.user.username, f"{post.unit_id} {post.unit.name}", post.role)
        for post in rows.select_related("user", "unit")
    ]


def users(scope: Scope) -> list[tuple[User, list[Post]]]:
    """Users with a post within scope, with those posts, by name."""
    rows = scope.filter(Post.objects.select_related("user", "unit"))
    found: dict[User, list[Post]] = {}
    for post in rows.order_by("user__username", "id"):
        found.setdefault(post.user, []).append(post)
    return list(found.items())
