"""The secret address of a colleague's calendar."""

import secrets
from uuid import UUID

from django.utils.translation import gettext

from shared.errors import NotFound
from users.models.user import User

_BYTES = 32


def make_calendar_token(*, user_id: UUID) -> str:
    """A new secret; an earlier one stops working at once. Raises NotFound."""
    token = secrets.token_urlsafe(_BYTES)
    if not User.objects.filter(pk=user_id).update(calendar_token=token):
        raise NotFound(gettext("There is no such user."))
    return token


def revoke_calendar_token(*, user_id: UUID) -> None:
    """The address stops working; none is made in its place."""
    User.objects.filter(pk=user_id).update(calendar_token=None)
