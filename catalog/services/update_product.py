from typing import Any, TypedDict
from uuid import UUID

from django.db import transaction

from catalog.models.product import Product
from catalog.services.create_product import find_category
from shared.database.write_row import update_row
from shared.values.metadata import change_metadata


class ProductChanges(TypedDict, total=False):
    """What may change; what is missing stays. `category` is a slug."""

    name: str
    slug: str
    description: str
    category: str | None
    is_active: bool
    metadata: dict[str, str | None]  # of which those not named stay; None or "" takes one away


def update_product(*, product_id: UUID, changes: ProductChanges) -> Product:
    """Change a product; `is_active: False` hides it, orders keep what they bought.

    Raises NotFound, InvalidInput for an unknown category, or AlreadyExists for a slug that is taken. Locks the product
    if its metadata changes.
    """
    values: dict[str, Any] = dict(changes)
    if "category" in changes:
        values["category"] = find_category(changes["category"])
    with transaction.atomic():
        # Merged with what is there, where the other columns are simply set: two at once would lose one's words.
        if "metadata" in changes:
            product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
            values["metadata"] = change_metadata(product.metadata if product else {}, changes["metadata"])
        return update_row(Product, key=product_id, changes=values)
