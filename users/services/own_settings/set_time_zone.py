"""In which time zone a colleague reads and types times."""

from uuid import UUID

from django.utils.translation import gettext

from shared.errors import InvalidInput
from shared.zones import is_zone
from users.models.user import User


def set_time_zone(*, user_id: UUID, time_zone: str) -> None:
    """Show the colleague all times in this zone of the tz database from now on; empty: in the shop's. Raises
    InvalidInput for one that is not known."""
    if time_zone and not is_zone(time_zone):
        raise InvalidInput(("/time_zone", "invalid", gettext("There is no such time zone: write one as Europe/Kyiv.")))
    User.objects.filter(pk=user_id).exclude(time_zone=time_zone).update(time_zone=time_zone)
