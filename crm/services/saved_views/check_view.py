"""What a saved view must fulfil before it is written."""

from django.utils.translation import gettext

from shared.database.errors import AlreadyExists
from shared.errors import InvalidInput

MAX_NAME_LENGTH = 80


def check_view(name: str) -> str:
    """The name as it is kept, with single blanks. Raises InvalidInput."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_LENGTH or "\0" in name:
        raise InvalidInput(
            ("/name", "out_of_range", gettext("A name has 1 to %(limit)s characters.") % {"limit": MAX_NAME_LENGTH})
        )
    return name


NAME_TAKEN = {
    "saved_view_name_unique": lambda: AlreadyExists("/name", gettext("You have a view of this name already."))
}
