from django.utils.translation import gettext

from catalog.models.category import Category
from catalog.writing.slugs import create_with_slug
from shared.database.errors import AlreadyExists, named_constraints


def create_category(*, name: str, slug: str | None = None) -> Category:
    """A new category. Raises AlreadyExists for a name or slug that is taken."""
    taken = {"catalog_category_name_key": lambda: AlreadyExists("/name", gettext("This name is taken."))}
    with named_constraints(taken):
        return create_with_slug(Category, name=name, slug=slug)
