"""What the names in an order's e-mail stand for; plain texts in the buyer's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.shipment import Shipment, ShipmentItem
from orders.reads.orders import ids_of_whole
from orders.states import OrderStatus
from shared.money.amounts import format_money
from shared.planner.lookups import one_of


def values_of(order: Order, event: OrderEvent, *, language: str) -> Mapping[str, str]:
    """By the names of crm.mail.text.ORDER_NAMES. `order` is the whole one, read as it is now."""
    words = order.customer_name.split()
    values = {
        "customer.name": order.customer_name,
        "customer.first_name": words[0] if words else "",
        "order.number": order.number,
        "order.lines": _order_lines(order),
        "order.total": f"{format_money(order.total, order.currency)} {order.currency}",
        "order.deadline": _format_deadline(order, language),
    }
    return {**values, **_of_parcels(event.data), **_of_refund(event.data)}


def _format_deadline(order: Order, language: str) -> str:
    if order.payment_expires_at is None or order.status != OrderStatus.PENDING:
        return ""
    with override(language):
        return date_format(localtime(order.payment_expires_at), "DATETIME_FORMAT")


def _order_lines(order: Order) -> str:
    shown = OrderItem.objects.filter(one_of("order_id", ids_of_whole(order.pk)), quantity__gt=0)
    return "\n".join(
        _format_line(item.quantity, item.name, item.sku) for item in shown.order_by("order__number", "position")
    )


def _format_line(quantity: int, name: str, sku: str) -> str:
    return f"{quantity} x {name} ({sku})"


def _of_parcels(data: Mapping[str, Any]) -> dict[str, str]:
    """Of the parcels that the event sent: usually one."""
    ids = [facts["id"] for facts in data.get("shipments", [])]
    parcels = list(Shipment.objects.filter(pk__in=ids).order_by("number"))
    rows = ShipmentItem.objects.filter(shipment__in=parcels).select_related("item").order_by("shipment__number", "id")
    return {
        "parcel.number": ", ".join(parcel.number for parcel in parcels),
        "parcel.lines": "\n".join(_format_line(row.quantity, row.item.name, row.item.sku) for row in rows),
        "parcel.carrier": _join_distinct(parcel.carrier for parcel in parcels),
        "parcel.tracking": _join_distinct(parcel.tracking_number for parcel in parcels),
        "parcel.url": "\n".join(parcel.tracking_url for parcel in parcels if parcel.tracking_url),
    }


def _join_distinct(names: Any) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))


def _of_refund(data: Mapping[str, Any]) -> dict[str, str]:
    return {"refund.amount": f"{data['amount']} {data['currency']}"} if data.get("refund") else {}
