from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.product import Product
from catalog.models.tax import TaxClass
from catalog.models.variant import Variant, default_currency
from catalog.variant_price import check_price
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput


def create_variant(
    *,
    product_id: UUID,
    sku: str,
    price: Decimal,
    name: str = "",
    currency: str | None = None,
    tax_rate: Decimal = Decimal(0),
    tax_class: str = TaxClass.STANDARD,
    is_active: bool = True,
    backorder_limit: int = 0,
) -> Variant:
    """A new variant of a product, priced in `currency` (default: the shop's).

    Raises InvalidInput for an unknown product or a price that its currency cannot have, AlreadyExists for a
    taken SKU.
    """
    currency = currency or default_currency()
    check_price(price, currency)
    check_product(product_id)
    values: dict[str, Any] = {
        "sku": sku,
        "name": name,
        "price": price,
        "currency": currency,
        "tax_rate": tax_rate,
        "tax_class": tax_class,
        "is_active": is_active,
        "backorder_limit": backorder_limit,
    }
    check_columns(Variant, values)
    taken = {"catalog_variant_sku_key": lambda: AlreadyExists("/sku", gettext("This SKU is taken."))}
    with named_constraints(taken), transaction.atomic():
        return Variant.objects.create(product_id=product_id, **values)


def check_product(product_id: UUID) -> None:
    """Raises InvalidInput for a product that does not exist."""
    if not Product.objects.filter(pk=product_id).exists():
        raise InvalidInput(("/product", "does_not_exist", gettext("There is no such product.")))
