from uuid import UUID

from django.utils.translation import gettext

from catalog.models.category import Category
from shared.errors import NotFound


def delete_category(*, category_id: UUID) -> None:
    """Delete a category; its products stay, without one. Raises NotFound."""
    deleted, _ = Category.objects.filter(pk=category_id).delete()
    if not deleted:
        raise NotFound(gettext("There is no such category."))
