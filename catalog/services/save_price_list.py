from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.price_list import Price, PriceList
from catalog.models.variant import Variant
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, NotFound
from shared.money.checks import check_amounts

_TAKEN = {
    "price_list_name_unique": lambda: AlreadyExists("/name", gettext("This name is taken.")),
    "price_once_a_quantity": lambda: AlreadyExists(
        "/prices", gettext("A variant has one price from a quantity up, not two.")
    ),
}


def save_price_list(*, price_list_id: UUID | None, values: Mapping[str, Any]) -> PriceList:
    """Make a price list, or change one. `prices` among the values, each {variant_id, min_quantity, amount}, replace all
    that it has. Raises NotFound, InvalidInput (amounts, variants), AlreadyExists. Locks the list."""
    values = dict(values)
    prices: Sequence[Mapping[str, Any]] | None = values.pop("prices", None)
    with named_constraints(_TAKEN), transaction.atomic():
        row = PriceList() if price_list_id is None else lock_price_list(price_list_id)
        for name, value in values.items():
            setattr(row, name, value)
        if prices is not None:
            _check_prices(prices, row.currency)
        row.save()
        if prices is not None:
            row.prices.all().delete()
            Price.objects.bulk_create(Price(price_list=row, **price) for price in prices)
        elif "currency" in values and price_list_id is not None:
            # Prices that stay must be possible in the new currency, too: 9.50 is none in JPY.
            kept = list(row.prices.values("variant_id", "amount"))
            _check_prices(kept, row.currency)
    return row


def lock_price_list(price_list_id: UUID) -> PriceList:
    """The list, locked until the transaction ends. Raises NotFound."""
    row = PriceList.objects.select_for_update().filter(pk=price_list_id).first()
    if row is None:
        raise NotFound(gettext("No such price list: %(id)s.") % {"id": price_list_id})
    return row


def _check_prices(prices: Sequence[Mapping[str, Any]], currency: str) -> None:
    check_amounts({f"/prices/{place}/amount": price["amount"] for place, price in enumerate(prices)}, currency)
    wanted = {price["variant_id"] for price in prices}
    known = set(Variant.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    faults = [
        (f"/prices/{place}/variant", "not_found", gettext("No such variant."))
        for place, price in enumerate(prices)
        if price["variant_id"] not in known
    ]
    if faults:
        raise InvalidInput(*faults)
