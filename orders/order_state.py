"""The states of orders, payments and reservations, and the one table of allowed changes. Pure: no database."""

from django.db.models import TextChoices


class OrderStatus(TextChoices):
    PENDING = "PENDING", "Pending"
    CONFIRMED = "CONFIRMED", "Confirmed"
    PROCESSING = "PROCESSING", "Processing"
    SHIPPED = "SHIPPED", "Shipped"
    DELIVERED = "DELIVERED", "Delivered"
    CANCELLED = "CANCELLED", "Cancelled"


class PaymentStatus(TextChoices):
    PENDING = "PENDING", "Pending"
    PAID = "PAID", "Paid"
    REFUND_DUE = "REFUND_DUE", "Refund due"
    FAILED = "FAILED", "Failed"


class ReservationStatus(TextChoices):
    ACTIVE = "active", "Active"
    CONVERTED = "converted", "Converted"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"


class CancelReason(TextChoices):
    PAYMENT_TIMEOUT = "payment_timeout", "Not paid in time"
    CUSTOMER = "customer", "By the customer"
    STAFF = "staff", "By staff"


class Trigger(TextChoices):
    """What may move an order from one status to another."""

    PAYMENT = "payment"
    LATE_PAYMENT = "late_payment"
    STATUS = "status"
    CANCEL = "cancel"
    TIMEOUT = "timeout"


# (from, to): what may cause it. All else is an invalid transition.
TRANSITIONS: dict[tuple[str, str], frozenset[Trigger]] = {
    (OrderStatus.PENDING, OrderStatus.CONFIRMED): frozenset({Trigger.PAYMENT}),
    (OrderStatus.CONFIRMED, OrderStatus.PROCESSING): frozenset({Trigger.STATUS}),
    (OrderStatus.PROCESSING, OrderStatus.SHIPPED): frozenset({Trigger.STATUS}),
    (OrderStatus.SHIPPED, OrderStatus.DELIVERED): frozenset({Trigger.STATUS}),
    (OrderStatus.PENDING, OrderStatus.CANCELLED): frozenset({Trigger.CANCEL, Trigger.TIMEOUT}),
    (OrderStatus.CANCELLED, OrderStatus.CONFIRMED): frozenset({Trigger.LATE_PAYMENT}),
}


def is_allowed(current: str, target: str, *, by: Trigger) -> bool:
    """Whether `by` may move an order from `current` to `target`."""
    return by in TRANSITIONS.get((current, target), frozenset())


def next_statuses(current: str, *, by: Trigger) -> list[str]:
    """Where `by` may take an order that is in `current`."""
    return [target for (source, target), causes in TRANSITIONS.items() if source == current and by in causes]
