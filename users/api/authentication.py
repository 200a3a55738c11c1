"""Who is it: a JWT, an API key, or a staff member's session in the admin. One statement each."""

import hashlib
from typing import Any

import structlog
from django.conf import settings
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import Token

from users.api.tokens import family_of, is_good, user_id_in
from users.models.api_key import ApiKey
from users.models.user import User
from users.security.credentials import find_api_key, find_user
from users.security.session_keys import SECOND_FACTOR_DONE


def _bind_principal(principal: object) -> None:
    structlog.contextvars.bind_contextvars(principal=str(principal))


class BearerAuthentication(JWTAuthentication):
    """`Authorization: Bearer <access token>`."""

    def get_raw_token(self, header: bytes) -> bytes | None:
        """The scheme's name is the same in any case."""
        scheme, _, rest = header.partition(b" ")
        return super().get_raw_token(b"Bearer " + rest) if scheme.lower() == b"bearer" else None

    def get_user(self, validated_token: Token) -> Any:
        """The user with the customer it is. Raises InvalidToken if gone, inactive, or its tokens have ended."""
        family = family_of(validated_token)
        user = find_user(user_id_in(validated_token), family=family) if family else None
        if user is None or not is_good(validated_token, user):
            raise InvalidToken("The token has ended, or its user is gone or inactive.")
        _bind_principal(user.pk)
        return user


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <secret>`; acts as its owner, with at most its scopes (ScopedPermission)."""

    keyword = b"api-key"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Send the header as: Authorization: Api-Key <secret>.")
        key = find_api_key(hashlib.sha256(parts[1]).hexdigest())
        if key is None:
            raise AuthenticationFailed("The API key is unknown, revoked, expired, or its owner is inactive.")
        _bind_principal(f"key {key.pk}")
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        return 'Api-Key realm="api"'


class SignedInSessionAuthentication(SessionAuthentication):
    """The admin's session, so that Swagger works for whoever is signed in there; asks for the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is None or not found[0].is_staff:
            return None
        if settings.REQUIRE_SECOND_FACTOR and SECOND_FACTOR_DONE not in request._request.session:
            return None
        _bind_principal(found[0].pk)
        return found
