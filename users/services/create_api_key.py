import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext

from shared.errors import InvalidInput
from users.models.api_key import ApiKey, Scope
from users.models.user import User

PREFIX = "kontor_"


def create_api_key(
    *, owner: User, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key that acts as `owner` with at most `scopes`. The secret is in the answer and nowhere else.

    Raises InvalidInput naming every unknown scope.
    """
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown:
        faults = [
            ("/scopes", "invalid_choice", gettext("No such scope: %(name)s.") % {"name": name}) for name in unknown
        ]
        raise InvalidInput(*faults)
    secret = PREFIX + secrets.token_urlsafe(32)
    api_key = ApiKey.objects.create(
        owner=owner,
        name=name,
        # Enough to tell keys apart in a list, and far too little to guess the rest.
        prefix=secret[: len(PREFIX) + 6],
        # Plain and without salt: 256 random bits cannot be guessed as a password can, and each request looks a key up
        # by it.
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    return api_key, secret
