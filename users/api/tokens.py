"""JSON web tokens: what is in them, and when they stop being good (docs/decisions/tokens.md)."""

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Q
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token
from rest_framework_simplejwt.utils import datetime_from_epoch, get_md5_hash_password

from shared.errors import Refusal
from shared.ids import new_id
from users.models.refresh_family import RefreshFamily
from users.models.user import User

log = structlog.get_logger("kontor.users")

_FAMILY, _GENERATION, _BY_SECOND_FACTOR = "family", "generation", "second_factor"


class RefreshToken(Token):
    """The library's own would write its text into a table."""

    token_type = "refresh"  # noqa: S105 - the kind of token
    lifetime = api_settings.REFRESH_TOKEN_LIFETIME


class TokenRefused(Refusal):
    """The refresh token is not ours, expired, used already or ended, or its user may no longer sign in."""

    code = "token_refused"
    status = 401
    title = "The refresh token is no longer good"


def user_id_in(token: Token) -> UUID:
    """The user a token was made for; our signature on it says that this is an id."""
    return UUID(token[api_settings.USER_ID_CLAIM])


def family_of(token: Token) -> UUID | None:
    """The sign-in it descends from; None of tokens of versions that knew no families: they have ended."""
    family = token.get(_FAMILY)
    return UUID(family) if family else None


def is_good(token: Token, user: User) -> bool:
    """Whether the user has the password and the generation of tokens that it had when the token was made, is active,
    and has shown a second factor where one is required."""
    return bool(
        user.is_active
        and token.get(api_settings.REVOKE_TOKEN_CLAIM) == get_md5_hash_password(user.password)
        and token.get(_GENERATION) == user.token_generation
        and (token.get(_BY_SECOND_FACTOR) or not (settings.REQUIRE_SECOND_FACTOR and user.is_staff))
    )


def issue_tokens(user: User, *, by_second_factor: bool = False) -> dict[str, str]:
    """A new family's first pair: `access` for the Authorization header, `refresh` to be traded in for the next pair.

    `user` as read before the credentials were checked: what has ended since ends these, too.
    """
    family = new_id()
    refresh = _refresh_token(user, family, by_second_factor=by_second_factor)
    RefreshFamily.objects.create(pk=family, user=user, **_what_is_kept(refresh))
    return _token_pair(refresh)


def trade_in(refresh: str) -> dict[str, str]:
    """Trade a refresh token in for the next pair; of two at once, one wins. Raises TokenRefused.

    One that was used before ends its family: two have it, and nobody can tell which of them is the thief. This must
    commit although it is refused: call it outside of a transaction.
    """
    try:
        token: Any = RefreshToken(refresh)  # type: ignore[arg-type]
    except TokenError as error:
        raise TokenRefused from error
    family = _kept_family(token)
    if family is None or not is_good(token, family.user):
        raise TokenRefused
    used = UUID(token[api_settings.JTI_CLAIM])
    if family.good_token != used:
        RefreshFamily.objects.filter(pk=family.pk).delete()
        log.warning("refresh_token_used_again", account=family.user.email)
        raise TokenRefused
    following = _refresh_token(family.user, family.pk, by_second_factor=bool(token.get(_BY_SECOND_FACTOR)))
    is_first = Q(pk=family.pk, good_token=used)
    if not RefreshFamily.objects.filter(is_first).update(**_what_is_kept(following)):
        raise TokenRefused
    return _token_pair(following)


def _kept_family(token: Token) -> RefreshFamily | None:
    id_of_family = family_of(token)
    if id_of_family is None:
        return None
    return RefreshFamily.objects.select_related("user").filter(pk=id_of_family, user=user_id_in(token)).first()


def _refresh_token(user: User, family: UUID, *, by_second_factor: bool) -> RefreshToken:
    token = RefreshToken.for_user(user)
    token[_FAMILY], token[_GENERATION], token[_BY_SECOND_FACTOR] = str(family), user.token_generation, by_second_factor
    return token


def _what_is_kept(token: RefreshToken) -> dict[str, Any]:
    return {"good_token": UUID(token[api_settings.JTI_CLAIM]), "expires_at": datetime_from_epoch(token["exp"])}


def _token_pair(refresh: RefreshToken) -> dict[str, str]:
    access = AccessToken()
    access.set_exp(from_time=refresh.current_time)
    own = {api_settings.TOKEN_TYPE_CLAIM, api_settings.JTI_CLAIM, "exp", "iat"}
    access.payload.update({claim: value for claim, value in refresh.payload.items() if claim not in own})
    return {"access": str(access), "refresh": str(refresh)}
