from typing import Any, TypedDict
from uuid import UUID

from catalog.models.product import Product
from catalog.services.create_product import find_category
from shared.database.write_row import update_row


class ProductChanges(TypedDict, total=False):
    """What may change; what is missing stays. `category` is a slug."""

    name: str
    slug: str
    description: str
    category: str | None
    is_active: bool


def update_product(*, product_id: UUID, changes: ProductChanges) -> Product:
    """Change a product; `is_active: False` hides it, orders keep what they bought.

    Raises NotFound, InvalidInput for an unknown category, or AlreadyExists for a slug that is taken.
    """
    values: dict[str, Any] = dict(changes)
    if "category" in changes:
        values["category"] = find_category(changes["category"])
    return update_row(Product, key=product_id, changes=values)
