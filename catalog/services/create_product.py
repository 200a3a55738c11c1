from collections.abc import Mapping

from django.utils.translation import gettext

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.writing.slugs import create_with_slug
from shared.errors import InvalidInput
from shared.values.metadata import change_metadata


def create_product(
    *,
    name: str,
    slug: str | None = None,
    description: str = "",
    category: str | None = None,
    is_active: bool = True,
    metadata: Mapping[str, str | None] | None = None,
) -> Product:
    """A new product without variants; `category` is a slug. Raises InvalidInput or AlreadyExists."""
    return create_with_slug(
        Product,
        name=name,
        slug=slug,
        description=description,
        category=find_category(category),
        is_active=is_active,
        metadata=change_metadata({}, metadata or {}),
    )


def find_category(slug: str | None) -> Category | None:
    """The category with this slug, None for none. Raises InvalidInput when there is no such category."""
    if slug is None:
        return None
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise InvalidInput(("/category", "does_not_exist", gettext("There is no category with this slug.")))
    return category
