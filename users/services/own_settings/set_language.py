"""Which language a colleague is written to in."""

from uuid import UUID

from django.utils.translation import gettext

from shared.errors import InvalidInput
from users.models.language import Language
from users.models.user import User


def set_language(*, user_id: UUID, language: str) -> None:
    """Write to the colleague in this language from now on. Raises InvalidInput for one that Kontor does not speak."""
    if language not in Language.values:
        raise InvalidInput(("/language", "invalid", gettext("There is no such language.")))
    User.objects.filter(pk=user_id).exclude(language=language).update(language=language)
