"""Labels for customers."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import delete_row
from shared.errors import NotFound
from users.models.tag import Tag

_TAKEN = {"tag_name_unique": lambda: AlreadyExists("/name", gettext("There is a tag of this name."))}


def create_tag(*, name: str) -> Tag:
    """A new tag. Raises AlreadyExists for a name that is there in any case."""
    with named_constraints(_TAKEN), transaction.atomic():
        return Tag.objects.create(name=name)


def rename_tag(*, tag_id: UUID, name: str) -> Tag:
    """Another name for the tag, on all its customers. Raises NotFound or AlreadyExists."""
    with named_constraints(_TAKEN), transaction.atomic():
        if not Tag.objects.filter(pk=tag_id).update(name=name):
            raise NotFound(gettext("There is no such tag."))
    return Tag(pk=tag_id, name=name)


def delete_tag(*, tag_id: UUID) -> None:
    """Delete the tag, from all its customers too. Raises NotFound."""
    delete_row(Tag, key=tag_id)
