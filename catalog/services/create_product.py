from django.utils.translation import gettext

from catalog.models.category import Category
from catalog.models.product import Product
from catalog.writing.slugs import create_with_slug
from shared.errors import InvalidInput


def create_product(
    *,
    name: str,
    slug: str | None = None,
    description: str = "",
    category: str | None = None,
    is_active: bool = True,
) -> Product:
    """A new product without variants; `category` is a slug. Raises InvalidInput or AlreadyExists."""
    return create_with_slug(
        Product,
        name=name,
        slug=slug,
        description=description,
        category=find_category(category),
        is_active=is_active,
    )


def find_category(slug: str | None) -> Category | None:
    """The category with this slug, None for none. Raises InvalidInput when there is no such category."""
    if slug is None:
        return None
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise InvalidInput(("/category", "does_not_exist", gettext("There is no category with this slug.")))
    return category
