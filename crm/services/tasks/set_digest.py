"""Whether a colleague wants the daily digest."""

from uuid import UUID

from users.models.user import User


def set_digest(*, user_id: UUID, is_wanted: bool) -> None:
    """It counts at once: a digest that is queued already asks again. An id of nobody changes nothing."""
    User.objects.filter(pk=user_id).update(wants_digest=is_wanted)
