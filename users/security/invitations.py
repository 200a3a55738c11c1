"""Links by which an invited colleague sets a password: signed, good for three days and once
(docs/decisions/invitations.md)."""

from uuid import UUID

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from users.models.user import User


class _Tokens(PasswordResetTokenGenerator):
    """Signs the password that there is, or the random letters in its place: whatever sets another ends the link."""

    key_salt = "kontor.users.invitations"


_TOKENS = _Tokens()


def invitation_path(user: User) -> tuple[str, str]:
    """The two parts of its address."""
    return urlsafe_base64_encode(user.pk.bytes), _TOKENS.make_token(user)


def invited_by_link(key: str, token: str) -> User | None:
    """Whom the link is for, while it is good: not used, not older than three days, not withdrawn."""
    try:
        user = User.objects.filter(pk=UUID(bytes=urlsafe_base64_decode(key)), is_active=True).first()
    except (ValueError, ValidationError):
        return None
    is_good = user is not None and not user.has_usable_password() and _TOKENS.check_token(user, token)
    return user if is_good else None
