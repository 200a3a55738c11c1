"""Who sent the request, in the words that services understand."""

from typing import Protocol, cast
from uuid import UUID

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from shared.actor import Actor


class ScopedKey(Protocol):
    """A credential that acts for its owner with at most `scopes` (an API key)."""

    id: UUID
    name: str
    scopes: list[str]


def key_of(request: Request) -> ScopedKey | None:
    """The API key that signed in, None for a person's login."""
    # Not isinstance: on a Protocol it costs as much as reading a row.
    return cast(ScopedKey, request.auth) if hasattr(request.auth, "scopes") else None


def actor_of(request: Request) -> Actor:
    """Who acts. Raises NotAuthenticated for an anonymous request."""
    user = request.user
    if not user.is_authenticated:
        raise NotAuthenticated
    key = key_of(request)
    label = f"{user} (key {key.name})" if key else str(user)
    return Actor(user_id=user.pk, principal_id=key.id if key else user.pk, label=label)


def user_id_of(request: Request) -> UUID:
    """The signed-in user. Raises NotAuthenticated for an anonymous request."""
    if request.user.pk is None:
        raise NotAuthenticated
    return request.user.pk


def is_staff(request: Request) -> bool:
    """Whether a staff user is signed in, in person or by a key."""
    return bool(request.user.is_authenticated and request.user.is_staff)


def staff_may(request: Request, permission: str) -> bool:
    """Whether a staff user is signed in whose roles have the permission; superusers have all, who has no role none."""
    return is_staff(request) and request.user.has_perm(permission)


def customer_id_of(request: Request) -> UUID | None:
    """The customer that the signed-in user is, None when it is none (most staff)."""
    customer = getattr(request.user, "customer", None)
    return customer.pk if customer and customer.deleted_at is None else None
