from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.barcode import plain_barcode
from catalog.models.variant import Variant
from catalog.services.create_variant import TAKEN, VariantDetails, check_product
from catalog.variant_price import check_price
from shared.database.errors import named_constraints
from shared.database.write_row import check_columns, update_row
from shared.errors import NotFound
from shared.values.metadata import change_metadata


class VariantChanges(VariantDetails, total=False):
    """What may change; what is missing stays."""

    product_id: UUID
    sku: str
    price: Decimal
    currency: str


def update_variant(*, variant_id: UUID, changes: VariantChanges) -> Variant:
    """Change a variant; orders keep the price, name and SKU they were placed with.

    Raises NotFound, InvalidInput for a price that its currency cannot have or an unknown product, AlreadyExists for a
    taken SKU or barcode.
    Locks the variant: price and currency must fit each other, whoever changes the other one meanwhile.
    """
    with transaction.atomic():
        variant = Variant.objects.select_for_update(no_key=True).filter(pk=variant_id).first()
        if variant is None:
            raise NotFound(gettext("There is no such variant."))
        if changes.get("product_id", variant.product_id) != variant.product_id:
            check_product(changes["product_id"])
        check_price(changes.get("price", variant.price), changes.get("currency", variant.currency))
        values: dict[str, Any] = {**changes}
        if "barcode" in changes:
            values["barcode"] = plain_barcode(changes["barcode"])
        if "metadata" in changes:
            values["metadata"] = change_metadata(variant.metadata, changes["metadata"])
        check_columns(Variant, values)
        with named_constraints(TAKEN):
            return update_row(Variant, key=variant_id, changes=values)
