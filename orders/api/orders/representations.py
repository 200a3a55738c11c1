"""Orders as JSON-ready dicts. Plain functions, because they stand on the hot path; the serializers beside them declare
the same shapes for OpenAPI, and a test holds the two together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orders.incoming_payments.due import shown_due
from orders.models.adjustment import Adjustment
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.reservation import Reservation
from orders.reads.orders import reasons_shown, sub_orders_shown
from shared.money.amounts import format_money


def represent_order(order: Order) -> dict[str, Any]:
    """The order with its items (which must be prefetched)."""
    currency = order.currency
    return {
        "id": str(order.pk),
        "number": order.number,
        "customer": str(order.customer_id),
        "status": order.status,
        "payment_status": order.payment_status,
        "currency": currency,
        "subtotal": format_money(order.subtotal, currency),
        "discount_total": format_money(order.discount_total, currency),
        "tax_total": format_money(order.tax_total, currency),
        "shipping_total": format_money(order.shipping_total, currency),
        "total": format_money(order.total, currency),
        "amount_due": _amount_due(order),
        "dispute": order.dispute,
        "items": [represent_item(item, currency) for item in order.items.all()],
        "note": order.note,
        "payment_expires_at": represent_time(order.payment_expires_at),
        "paid_at": represent_time(order.paid_at),
        "cancelled_at": represent_time(order.cancelled_at),
        "cancel_reason": order.cancel_reason,
        "parent": str(order.parent_id) if order.parent_id else None,
        "seller": str(order.seller_id) if order.seller_id else None,
        "sub_orders": [represent_sub_order(seller_order) for seller_order in sub_orders_shown(order)],
        "ship_to_country": order.ship_to_country,
        "shipping_method": order.shipping_method,
        "coupon": order.coupon_code,
        "payment_method": order.payment_method,
        "version": order.version,
        "created_at": represent_time(order.created_at),
        "updated_at": represent_time(order.updated_at),
    }


def represent_sub_order(seller_order: Order) -> dict[str, Any]:
    """One sub-order of a split order; its lines stand with the order's."""
    currency = seller_order.currency
    return {
        "id": str(seller_order.pk),
        "number": seller_order.number,
        "seller": str(seller_order.seller_id),
        "status": seller_order.status,
        "subtotal": format_money(seller_order.subtotal, currency),
        "discount_total": format_money(seller_order.discount_total, currency),
        "tax_total": format_money(seller_order.tax_total, currency),
        "shipping_total": format_money(seller_order.shipping_total, currency),
        "total": format_money(seller_order.total, currency),
        "version": seller_order.version,
    }


def represent_order_in_full(order: Order) -> dict[str, Any]:
    """The order with everything that hangs on it (orders.reads.orders.orders_in_full)."""
    reservations = [hold for item in order.items.all() for hold in item.reservations.all()]
    return represent_order(order) | {
        "disputes": [represent_dispute(dispute) for dispute in _disputes_of(order)],
        "payments": [represent_payment(payment) for payment in order.payments.all()],
        "reservations": [represent_reservation(hold) for hold in reservations],
        "events": [represent_event(event) for event in order.events.all()],
        "adjustments": [represent_adjustment(reason, order.currency) for reason in reasons_shown(order)],
    }


def _amount_due(order: Order) -> str | None:
    """A sub-order's money is its whole order's."""
    return None if order.parent_id else format_money(shown_due(order), order.currency)


def _disputes_of(order: Order) -> Sequence[Dispute]:
    """Few orders have any, and only these are asked."""
    return list(Dispute.objects.filter(order=order.parent_id or order.pk).order_by("id")) if order.dispute else ()


def represent_dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        "id": str(dispute.pk),
        "kind": dispute.kind,
        "payment": str(dispute.payment_id) if dispute.payment_id else None,
        "provider": dispute.provider,
        "provider_id": dispute.provider_id,
        "amount": format_money(dispute.amount, dispute.currency),
        "currency": dispute.currency,
        "reason": dispute.reason,
        "status": dispute.status,
        "funds": dispute.funds,
        "evidence_due_at": represent_time(dispute.evidence_due_at),
        "created_at": represent_time(dispute.created_at),
        "closed_at": represent_time(dispute.closed_at),
    }


def represent_board_order(order: Any) -> dict[str, Any]:
    """The order as the board of orders in progress shows it (orders.reads.orders.orders_on_board)."""
    return {
        "id": str(order.pk),
        "number": order.number,
        "status": order.status,
        "payment_status": order.payment_status,
        "customer": str(order.customer_id),
        "customer_name": order.customer_name,
        "item_count": order.item_count,
        "currency": order.currency,
        "total": format_money(order.total, order.currency),
        "created_at": represent_time(order.created_at),
    }


def represent_item(item: OrderItem, currency: str) -> dict[str, Any]:
    """One line; amounts in the order's currency."""
    return {
        "id": str(item.pk),
        "order": str(item.order_id),
        "variant": str(item.variant_id),
        "sku": item.sku,
        "name": item.name,
        "seller": str(item.seller_id),
        "quantity": item.quantity,
        "unit_price": format_money(item.unit_price, currency),
        "total_price": format_money(item.total_price, currency),
        "tax_amount": format_money(item.tax_amount, currency),
        "tax_included": item.tax_included,
        "discount_amount": format_money(item.discount_amount, currency),
        "price_reason": item.price_reason,
        "shipped_quantity": item.shipped_quantity,
        "returned_quantity": item.returned_quantity,
        "refunded_quantity": item.refunded_quantity,
        "cancelled_quantity": item.cancelled_quantity,
        "status": item.status,
    }


def represent_payment(payment: Payment) -> dict[str, Any]:
    return {
        "id": str(payment.pk),
        "amount": format_money(payment.amount, payment.currency),
        "refunded_amount": format_money(payment.refunded_amount, payment.currency),
        "currency": payment.currency,
        "reference": payment.reference,
        "status": payment.status,
        "match": payment.match,
        "excess_amount": format_money(payment.excess_amount, payment.currency),
        "provider": payment.provider,
        "method": payment.method,
        "intent": str(payment.intent_id) if payment.intent_id else None,
        "created_at": represent_time(payment.created_at),
    }


def represent_reservation(hold: Reservation) -> dict[str, Any]:
    return {
        "id": str(hold.pk),
        "item": str(hold.item_id),
        "stock_level": str(hold.level_id),
        "quantity": hold.quantity,
        "status": hold.status,
        "expires_at": represent_time(hold.expires_at),
    }


def represent_adjustment(reason: Adjustment, currency: str) -> dict[str, Any]:
    """Why the order costs what it costs; the amount is in its currency."""
    return {
        "kind": reason.kind,
        "label": reason.label,
        "amount": format_money(reason.amount, currency),
        "item": str(reason.item_id) if reason.item_id else None,
        "data": reason.data,
    }


def represent_event(event: OrderEvent) -> dict[str, Any]:
    return {
        "id": str(event.pk),
        "kind": event.kind,
        "from_status": event.from_status,
        "to_status": event.to_status,
        "actor": str(event.actor_id) if event.actor_id else None,
        "reason": event.reason,
        "data": event.details,
        "created_at": represent_time(event.created_at),
    }


def represent_time(moment: datetime | None) -> str | None:
    """RFC 3339, UTC."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
