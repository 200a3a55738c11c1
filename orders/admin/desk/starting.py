"""What the order desk begins with: nothing, a customer, or all of an order that is to be placed again."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest

from orders.admin.desk.form import TYPED
from orders.models.order import Order
from orders.models.order_item import OrderItem
from shared.ids import new_id

DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Start:
    """Initial values of the form and its lines; `typed`: addresses by kind; `order`: what is placed again."""

    values: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    typed: dict[str, Any] = field(default_factory=dict)
    order: Order | None = None


def start_of(pages: ModelAdmin, request: HttpRequest) -> Start:
    """As the link to the page says. Raises Http404 for an order that there is not."""
    values: dict[str, Any] = {"key": new_id()}
    if _uuid(request, DUPLICATE) is not None and request.method != "POST":
        return _again(pages.find(request, request.GET[DUPLICATE]), values)  # type: ignore[attr-defined]
    customer = _uuid(request, "customer")
    return Start(values if customer is None else {**values, "customer": customer})


def _again(order: Order, values: dict[str, Any]) -> Start:
    """Its lines at today's prices: what was agreed or taken off was for that order, and so was its note."""
    items = OrderItem.objects.filter(order__in=[order.pk, *order.sub_orders.values_list("pk", flat=True)])
    rows = items.order_by("position", "id").values("variant_id", "quantity")
    lines = [{"variant": str(row["variant_id"]), "quantity": row["quantity"]} for row in rows if row["quantity"]]
    named = {name: getattr(order, name) for name in ("shipping_method", "payment_method", "ship_to_country")}
    filled = {**values, "customer": order.customer_id, **{name: value for name, value in named.items() if value}}
    typed = {
        kind: address
        for kind, address in (("delivery", order.delivery_address), ("billing", order.billing_address))
        if address
    }
    return Start({**filled, **dict.fromkeys(typed, TYPED)}, lines, typed, order)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
