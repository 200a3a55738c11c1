"""The states of orders, lines, payments, shipments, refunds and returns, and the tables of allowed changes.

Pure: no database. Services, API errors, the admin's buttons and the drawn diagram all read these tables.
"""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderStatus(TextChoices):
    PENDING = "PENDING", _("Pending")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    PROCESSING = "PROCESSING", _("Processing")
    SHIPPED = "SHIPPED", _("Shipped")
    DELIVERED = "DELIVERED", _("Delivered")
    CANCELLED = "CANCELLED", _("Cancelled")


class PaymentStatus(TextChoices):
    PENDING = "PENDING", _("Pending")
    PAID = "PAID", _("Paid")
    REFUND_DUE = "REFUND_DUE", _("Refund due")
    FAILED = "FAILED", _("Failed")
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED", _("Partially refunded")
    REFUNDED = "REFUNDED", _("Refunded")


class ReservationStatus(TextChoices):
    ACTIVE = "active", _("Active")
    CONVERTED = "converted", _("Converted")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


class CancelReason(TextChoices):
    PAYMENT_TIMEOUT = "payment_timeout", _("Not paid in time")
    CUSTOMER = "customer", _("By the customer")
    STAFF = "staff", _("By staff")


class ShipmentStatus(TextChoices):
    READY = "READY", _("Ready to ship")
    SHIPPED = "SHIPPED", _("Shipped")
    DELIVERED = "DELIVERED", _("Delivered")
    CANCELLED = "CANCELLED", _("Cancelled")


class RefundStatus(TextChoices):
    """DUE: to be given back. SENT: the provider was asked. FAILED: it refused, staff must look."""

    DUE = "DUE", _("To be paid out")
    SENT = "SENT", _("Under way")
    DONE = "DONE", _("Paid out")
    FAILED = "FAILED", _("Failed")
    CANCELLED = "CANCELLED", _("Called off")


class ReturnStatus(TextChoices):
    REQUESTED = "REQUESTED", _("Requested")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    RECEIVED = "RECEIVED", _("Received")
    REFUNDED = "REFUNDED", _("Refunded")
    CANCELLED = "CANCELLED", _("Withdrawn")


class Trigger(TextChoices):
    """What may move something from one state to another."""

    PAYMENT = "payment"
    LATE_PAYMENT = "late_payment"
    FAILURE = "failure"
    STATUS = "status"
    SHIPMENT = "shipment"
    EDIT = "edit"
    CANCEL = "cancel"
    TIMEOUT = "timeout"
    REFUND = "refund"
    STAFF = "staff"
    CUSTOMER = "customer"
    PROVIDER = "provider"


# (from, to): what may cause it. All else is an invalid transition.
Table = Mapping[tuple[str, str], frozenset[Trigger]]

ORDER: Table = {
    (OrderStatus.PENDING, OrderStatus.CONFIRMED): frozenset({Trigger.PAYMENT}),
    (OrderStatus.CONFIRMED, OrderStatus.PROCESSING): frozenset({Trigger.STATUS, Trigger.SHIPMENT}),
    (OrderStatus.PROCESSING, OrderStatus.SHIPPED): frozenset({Trigger.STATUS, Trigger.SHIPMENT}),
    (OrderStatus.SHIPPED, OrderStatus.DELIVERED): frozenset({Trigger.STATUS, Trigger.SHIPMENT}),
    (OrderStatus.PENDING, OrderStatus.CANCELLED): frozenset({Trigger.CANCEL, Trigger.TIMEOUT}),
    (OrderStatus.CONFIRMED, OrderStatus.CANCELLED): frozenset({Trigger.REFUND}),
    (OrderStatus.PROCESSING, OrderStatus.CANCELLED): frozenset({Trigger.REFUND}),
    (OrderStatus.CANCELLED, OrderStatus.CONFIRMED): frozenset({Trigger.LATE_PAYMENT}),
}
# A line goes along with its order, but may be dropped, shipped or refunded before the others.
ITEM: Table = {
    **ORDER,
    (OrderStatus.PENDING, OrderStatus.CANCELLED): frozenset({Trigger.CANCEL, Trigger.TIMEOUT, Trigger.EDIT}),
    (OrderStatus.CONFIRMED, OrderStatus.CANCELLED): frozenset({Trigger.REFUND, Trigger.EDIT}),
    (OrderStatus.PROCESSING, OrderStatus.CANCELLED): frozenset({Trigger.REFUND, Trigger.EDIT}),
}
PAYMENT: Table = {
    (PaymentStatus.PENDING, PaymentStatus.PAID): frozenset({Trigger.PAYMENT, Trigger.LATE_PAYMENT}),
    (PaymentStatus.PENDING, PaymentStatus.FAILED): frozenset({Trigger.FAILURE}),
    (PaymentStatus.FAILED, PaymentStatus.PAID): frozenset({Trigger.PAYMENT, Trigger.LATE_PAYMENT}),
    (PaymentStatus.PENDING, PaymentStatus.REFUND_DUE): frozenset(
        {Trigger.LATE_PAYMENT, Trigger.CANCEL, Trigger.TIMEOUT}
    ),
    (PaymentStatus.FAILED, PaymentStatus.REFUND_DUE): frozenset({Trigger.LATE_PAYMENT}),
    (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.PAID, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.REFUND_DUE, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.REFUNDED, PaymentStatus.REFUND_DUE): frozenset({Trigger.LATE_PAYMENT}),
}
SHIPMENT: Table = {
    (ShipmentStatus.READY, ShipmentStatus.SHIPPED): frozenset({Trigger.STAFF}),
    (ShipmentStatus.READY, ShipmentStatus.CANCELLED): frozenset({Trigger.STAFF, Trigger.REFUND}),
    (ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED): frozenset({Trigger.STAFF}),
}
REFUND: Table = {
    (RefundStatus.DUE, RefundStatus.SENT): frozenset({Trigger.PROVIDER}),
    (RefundStatus.DUE, RefundStatus.DONE): frozenset({Trigger.STAFF}),
    (RefundStatus.SENT, RefundStatus.DONE): frozenset({Trigger.PROVIDER}),
    (RefundStatus.SENT, RefundStatus.FAILED): frozenset({Trigger.PROVIDER}),
    (RefundStatus.FAILED, RefundStatus.DUE): frozenset({Trigger.STAFF}),
    (RefundStatus.FAILED, RefundStatus.DONE): frozenset({Trigger.STAFF}),
}
RETURN: Table = {
    (ReturnStatus.REQUESTED, ReturnStatus.APPROVED): frozenset({Trigger.STAFF}),
    (ReturnStatus.REQUESTED, ReturnStatus.REJECTED): frozenset({Trigger.STAFF}),
    (ReturnStatus.REQUESTED, ReturnStatus.CANCELLED): frozenset({Trigger.CUSTOMER, Trigger.STAFF}),
    (ReturnStatus.APPROVED, ReturnStatus.CANCELLED): frozenset({Trigger.CUSTOMER, Trigger.STAFF}),
    (ReturnStatus.APPROVED, ReturnStatus.RECEIVED): frozenset({Trigger.STAFF}),
    (ReturnStatus.RECEIVED, ReturnStatus.REFUNDED): frozenset({Trigger.REFUND}),
}

# Goods on their way out; the order is paid, and what was paid may partly have gone back.
MONEY_IS_HERE = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)


def is_allowed(current: str, target: str, *, by: Trigger, table: Table = ORDER) -> bool:
    """Whether `by` may move what the table is about from `current` to `target`."""
    return by in table.get((current, target), frozenset())


def next_statuses(current: str, *, by: Trigger, table: Table = ORDER) -> list[str]:
    """Where `by` may take what is in `current`."""
    return [target for (source, target), causes in table.items() if source == current and by in causes]
