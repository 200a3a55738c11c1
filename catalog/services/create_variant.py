from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.barcode import plain_barcode
from catalog.models.product import Product
from catalog.models.variant import Variant, default_currency
from catalog.variant_price import check_price
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput
from shared.values.metadata import change_metadata

TAKEN = {
    "catalog_variant_sku_key": lambda: AlreadyExists("/sku", gettext("This SKU is taken.")),
    "variant_barcode_unique": lambda: AlreadyExists("/barcode", gettext("Another variant has this barcode.")),
}


class VariantDetails(TypedDict, total=False):
    """What a new variant may do without, and then has the columns' defaults."""

    name: str
    tax_rate: Decimal
    tax_class: str
    is_active: bool
    backorder_limit: int
    barcode: str
    metadata: dict[str, str | None]  # of which those not named stay; None or "" takes one away


def create_variant(
    *,
    product_id: UUID,
    sku: str,
    price: Decimal,
    currency: str | None = None,
    **details: Unpack[VariantDetails],
) -> Variant:
    """A new variant of a product, priced in `currency` (default: the shop's).

    Raises InvalidInput for an unknown product or a price that its currency cannot have, AlreadyExists for a
    taken SKU or barcode.
    """
    currency = currency or default_currency()
    check_price(price, currency)
    check_product(product_id)
    values: dict[str, Any] = {"sku": sku, "price": price, "currency": currency, **details}
    values["barcode"] = plain_barcode(details.get("barcode", ""))
    values["metadata"] = change_metadata({}, details.get("metadata", {}))
    check_columns(Variant, values)
    with named_constraints(TAKEN), transaction.atomic():
        return Variant.objects.create(product_id=product_id, **values)


def check_product(product_id: UUID) -> None:
    """Raises InvalidInput for a product that does not exist."""
    if not Product.objects.filter(pk=product_id).exists():
        raise InvalidInput(("/product", "does_not_exist", gettext("There is no such product.")))
