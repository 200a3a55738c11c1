"""Make the secret address of a colleague's calendar lead nowhere."""

from uuid import UUID

from users.models.user import User


def revoke_calendar_token(*, user_id: UUID) -> None:
    """The address stops working; none is made in its place."""
    User.objects.filter(pk=user_id).update(calendar_token_hash=None)
