"""Make the secret address of a colleague's calendar. Only its hash is kept."""

import secrets
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext

from shared.errors import NotFound
from users.models.user import User

_BYTES = 32


def make_calendar_token(*, user_id: UUID) -> str:
    """A new secret, in the answer and nowhere else; an earlier one stops working at once. Raises NotFound."""
    token = secrets.token_urlsafe(_BYTES)
    if not User.objects.filter(pk=user_id).update(calendar_token_hash=hash_of(token)):
        raise NotFound(gettext("There is no such user."))
    return token


def hash_of(token: str) -> str:
    """As it is kept."""
    # Plain and without salt, as of API keys: of 256 random bits nothing can be guessed.
    return sha256(token.encode()).hexdigest()
