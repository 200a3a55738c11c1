"""How a colleague has a list laid out."""

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shared.errors import InvalidInput
from users.models.user import User

MAX_COLUMNS = 100
_NAME = re.compile(r"[A-Za-z_]\w{0,79}", re.ASCII)
_LIST = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}", re.ASCII)


def set_list_layout(*, user_id: UUID, page: str, hidden: list[str], added: list[str], is_compact: bool) -> None:
    """Show the list `page` (a model's label) without its columns `hidden` and with those `added` that it shows to
    nobody else, its rows close together or not. What differs in nothing from everybody's is not kept.

    Whoever calls has checked that the list has the columns. Raises InvalidInput. Locks: the login.
    """
    names = [*hidden, *added]
    if not _LIST.fullmatch(page) or len(names) > MAX_COLUMNS or not all(map(_NAME.fullmatch, names)):
        raise InvalidInput(("/columns", "invalid", gettext("These are no columns of a list.")))
    layout = {"hidden": hidden, "added": added, "is_compact": is_compact}
    with transaction.atomic():
        # Locked, so that two lists which are laid out at once do not undo each other.
        kept = User.objects.select_for_update(no_key=True).values_list("list_layouts", flat=True).get(pk=user_id)
        others = {key: value for key, value in kept.items() if key != page}
        layouts = {**others, page: layout} if any(layout.values()) else others
        User.objects.filter(pk=user_id).update(list_layouts=layouts)
