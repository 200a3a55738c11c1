"""JSON web tokens: what is in them, and when they stop being good."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import get_md5_hash_password

from shared.errors import Refusal
from users.models.user import User


def user_id_in(token: Token) -> UUID:
    """The user a token was made for; our signature on it says that this is an id."""
    return UUID(token[api_settings.USER_ID_CLAIM])


def password_unchanged(token: Token, user: User) -> bool:
    """Whether the user still has the password it had when the token was made."""
    return bool(token.get(api_settings.REVOKE_TOKEN_CLAIM) == get_md5_hash_password(user.password))


def issue_tokens(user: User) -> dict[str, str]:
    """A new pair: `access` for the Authorization header, `refresh` to be traded in for the next pair."""
    refresh = RefreshToken.for_user(user)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


class TokenRefused(Refusal):
    """The refresh token is not ours, expired, used already, or its user may no longer sign in."""

    code = "token_refused"
    status = 401
    title = "The refresh token is no longer good"


def trade_in(refresh: str) -> dict[str, str]:
    """Trade a refresh token in for the next pair; of two at once, one wins. Raises TokenRefused."""
    try:
        token: Any = RefreshToken(refresh)  # type: ignore[arg-type]
    except TokenError as error:
        raise TokenRefused from error
    with transaction.atomic():
        user = User.objects.filter(pk=user_id_in(token), is_active=True).first()
        if user is None or not password_unchanged(token, user):
            raise TokenRefused
        _, was_unused = token.blacklist()
        if not was_unused:
            raise TokenRefused
        return issue_tokens(user)
