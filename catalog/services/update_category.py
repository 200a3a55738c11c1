from typing import TypedDict
from uuid import UUID

from catalog.models.category import Category
from shared.database.write_row import update_row


class CategoryChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    name: str
    slug: str


def update_category(*, category_id: UUID, changes: CategoryChanges) -> Category:
    """Change a category. Raises NotFound or AlreadyExists."""
    return update_row(Category, key=category_id, changes=changes)
