from decimal import Decimal
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.variant import Variant
from catalog.services.create_variant import check_product
from catalog.variant_price import check_price
from shared.database.write_row import check_columns, update_row
from shared.errors import NotFound


class VariantChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    product_id: UUID
    sku: str
    name: str
    price: Decimal
    currency: str
    tax_rate: Decimal
    tax_class: str
    is_active: bool
    backorder_limit: int


def update_variant(*, variant_id: UUID, changes: VariantChanges) -> Variant:
    """Change a variant; orders keep the price, name and SKU they were placed with.

    Raises NotFound, InvalidInput for a price that its currency cannot have or an unknown product, AlreadyExists for a
    taken SKU.
    Locks the variant: price and currency must fit each other, whoever changes the other one meanwhile.
    """
    with transaction.atomic():
        variant = Variant.objects.select_for_update(no_key=True).filter(pk=variant_id).first()
        if variant is None:
            raise NotFound(gettext("There is no such variant."))
        if changes.get("product_id", variant.product_id) != variant.product_id:
            check_product(changes["product_id"])
        check_price(changes.get("price", variant.price), changes.get("currency", variant.currency))
        check_columns(Variant, changes)
        return update_row(Variant, key=variant_id, changes=changes)
