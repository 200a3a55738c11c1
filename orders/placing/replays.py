"""The order that a key placed before, by what it names as the order keeps it."""

from decimal import Decimal
from uuid import UUID

from inventory.sellable_variants import SellableVariant
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.placing.requested_lines import PlaceOrder, add_up, fingerprint


def fingerprint_of_placed(request: PlaceOrder, order_id: UUID) -> str | None:
    """The request's, with its SKUs and ids taken for the variants that this order of theirs has: those may be renamed
    or deleted by now, or their SKU another variant's. None where the order has no such line. 2 statements."""
    # Two, as one that asks for either would be answered by reading every line there is.
    sub_orders = Order.objects.filter(parent=order_id).order_by().values_list("pk", flat=True)
    rows = OrderItem.objects.filter(order__in=[order_id, *sub_orders]).order_by()
    named: dict[str, SellableVariant] = {}
    for variant_id, sku in rows.values_list("variant_id", "sku"):
        # What it costs now is asked by nobody: the fingerprint is of what was asked for.
        variant = SellableVariant(variant_id, sku, "", Decimal(0), "", Decimal(0), is_active=False)
        named |= {sku: variant, str(variant_id): variant}
    known = {line.variant: named.get(line.variant) or named.get(_plain_id(line.variant)) for line in request.lines}
    found = {reference: variant for reference, variant in known.items() if variant is not None}
    return fingerprint(request, add_up(request.lines, found)) if len(found) == len(known) else None


def _plain_id(reference: str) -> str:
    """An id however it was written: in capitals, without its dashes."""
    try:
        return str(UUID(reference))
    except ValueError:
        return reference
