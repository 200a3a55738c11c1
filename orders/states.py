"""The states of orders, lines, payments, shipments, refunds and returns, and the tables of allowed changes.

Pure: no database. Services, API errors, the admin's buttons and the drawn diagram all read these tables.
"""

from collections.abc import Iterable, Mapping

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


class DisputeStatus(TextChoices):
    """Of a payer who has the bank take money back. Declared in the order in which news overrides other news: what is
    won stays won."""

    NEEDS_RESPONSE = "needs_response", _("Needs an answer")
    UNDER_REVIEW = "under_review", _("Under review")
    LOST = "lost", _("Lost")
    WON = "won", _("Won")


class DisputeFunds(TextChoices):
    """Where its money is; declared as DisputeStatus is."""

    HERE = "here", _("Here")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REINSTATED = "reinstated", _("Reinstated")


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
    """What may move something from one state to another; its label says so in words."""

    PAYMENT = "payment", _("money comes in")
    NOTHING_DUE = "nothing_due", _("nothing is to be paid")
    LATE_PAYMENT = "late_payment", _("money comes in after the deadline")
    FAILURE = "failure", _("a payment fails")
    STATUS = "status", _("staff move it on by hand")
    SHIPMENT = "shipment", _("goods are packed, leave or arrive")
    EDIT = "edit", _("the order is changed")
    CANCEL = "cancel", _("it is cancelled before it is paid")
    TIMEOUT = "timeout", _("nobody pays in time")
    REFUND = "refund", _("money is given back")
    STAFF = "staff", _("staff decide")
    CUSTOMER = "customer", _("the customer decides")
    PROVIDER = "provider", _("the payment provider answers")


# (from, to): what may cause it. All else is an invalid transition.
Table = Mapping[tuple[str, str], frozenset[Trigger]]

ORDER: Table = {
    (OrderStatus.PENDING, OrderStatus.CONFIRMED): frozenset({Trigger.PAYMENT, Trigger.NOTHING_DUE}),
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
    (PaymentStatus.PENDING, PaymentStatus.PAID): frozenset(
        {Trigger.PAYMENT, Trigger.NOTHING_DUE, Trigger.LATE_PAYMENT}
    ),
    (PaymentStatus.PENDING, PaymentStatus.FAILED): frozenset({Trigger.FAILURE}),
    (PaymentStatus.FAILED, PaymentStatus.PENDING): frozenset({Trigger.PAYMENT}),
    (PaymentStatus.FAILED, PaymentStatus.PAID): frozenset({Trigger.PAYMENT, Trigger.NOTHING_DUE, Trigger.LATE_PAYMENT}),
    (PaymentStatus.PENDING, PaymentStatus.REFUND_DUE): frozenset(
        {Trigger.LATE_PAYMENT, Trigger.CANCEL, Trigger.TIMEOUT}
    ),
    (PaymentStatus.FAILED, PaymentStatus.REFUND_DUE): frozenset({Trigger.LATE_PAYMENT}),
    (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.PAID, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.REFUND_DUE, PaymentStatus.REFUNDED): frozenset({Trigger.REFUND}),
    (PaymentStatus.REFUNDED, PaymentStatus.REFUND_DUE): frozenset({Trigger.LATE_PAYMENT, Trigger.PROVIDER}),
    # What was taken back came again: a dispute was won.
    (PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED): frozenset({Trigger.PROVIDER}),
    (PaymentStatus.REFUNDED, PaymentStatus.PAID): frozenset({Trigger.PROVIDER}),
    (PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.PAID): frozenset({Trigger.PROVIDER}),
}
SHIPMENT: Table = {
    (ShipmentStatus.READY, ShipmentStatus.SHIPPED): frozenset({Trigger.STAFF}),
    (ShipmentStatus.READY, ShipmentStatus.CANCELLED): frozenset({Trigger.STAFF, Trigger.REFUND}),
    (ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED): frozenset({Trigger.STAFF}),
}
REFUND: Table = {
    (RefundStatus.DUE, RefundStatus.SENT): frozenset({Trigger.PROVIDER}),
    # By the provider alone: staff gave it back in the provider's own dashboard.
    (RefundStatus.DUE, RefundStatus.DONE): frozenset({Trigger.STAFF, Trigger.PROVIDER}),
    (RefundStatus.SENT, RefundStatus.DONE): frozenset({Trigger.PROVIDER}),
    (RefundStatus.SENT, RefundStatus.FAILED): frozenset({Trigger.PROVIDER}),
    # Paid out, and returned by the payer's bank.
    (RefundStatus.DONE, RefundStatus.FAILED): frozenset({Trigger.PROVIDER}),
    (RefundStatus.FAILED, RefundStatus.DUE): frozenset({Trigger.STAFF}),
    (RefundStatus.FAILED, RefundStatus.SENT): frozenset({Trigger.PROVIDER}),
    (RefundStatus.FAILED, RefundStatus.DONE): frozenset({Trigger.STAFF, Trigger.PROVIDER}),
    # What a lost dispute took came back.
    (RefundStatus.DONE, RefundStatus.CANCELLED): frozenset({Trigger.PROVIDER}),
}
RETURN: Table = {
    (ReturnStatus.REQUESTED, ReturnStatus.APPROVED): frozenset({Trigger.STAFF}),
    (ReturnStatus.REQUESTED, ReturnStatus.REJECTED): frozenset({Trigger.STAFF}),
    (ReturnStatus.REQUESTED, ReturnStatus.CANCELLED): frozenset({Trigger.CUSTOMER, Trigger.STAFF}),
    (ReturnStatus.APPROVED, ReturnStatus.CANCELLED): frozenset({Trigger.CUSTOMER, Trigger.STAFF}),
    (ReturnStatus.APPROVED, ReturnStatus.RECEIVED): frozenset({Trigger.STAFF}),
    (ReturnStatus.RECEIVED, ReturnStatus.REFUNDED): frozenset({Trigger.REFUND}),
}

# Everything that has states: its name in docs/states.md and in errors, and its table.
MACHINES: Mapping[str, tuple[type[TextChoices], Table]] = {
    "order": (OrderStatus, ORDER),
    "item": (OrderStatus, ITEM),
    "payment": (PaymentStatus, PAYMENT),
    "shipment": (ShipmentStatus, SHIPMENT),
    "refund": (RefundStatus, REFUND),
    "return": (ReturnStatus, RETURN),
}

# Sets that rules, constraints and SQL ask for by name: a new status is put into those that it belongs to, here alone.
# The order is paid, and what was paid may partly have gone back.
MONEY_IS_HERE = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)
UNPAID = (PaymentStatus.PENDING, PaymentStatus.FAILED)
MONEY_GOES_BACK = (PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED, PaymentStatus.REFUND_DUE)
# What was held is free again.
GIVEN_BACK = (ReservationStatus.EXPIRED, ReservationStatus.CANCELLED)
# How far goods have come, in order.
JOURNEY = (OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
# Of an order or a line: all that goes out is gone.
GOODS_LEFT = (OrderStatus.SHIPPED, OrderStatus.DELIVERED)
# Somebody has begun with it, whatever has left since.
BEGUN = JOURNEY[1:]
# Begun, and some of it is still here.
IN_PROGRESS = tuple(status for status in BEGUN if status not in GOODS_LEFT)
# Paid, and perhaps not yet packed.
TO_PACK = (OrderStatus.CONFIRMED, *IN_PROGRESS)
# Lines may still change.
EDITABLE = (OrderStatus.PENDING, *TO_PACK)
# (order, line): a line leaves and arrives before the others of an order that has begun.
LINE_AHEAD = tuple((order, line) for line in GOODS_LEFT for order in JOURNEY[1 : JOURNEY.index(line)])
# Nothing of it is to be delivered: it waits for money, or is off.
NOT_GOING = (OrderStatus.PENDING, OrderStatus.CANCELLED)
# Nothing more happens to it by itself.
FINISHED = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)
UNFINISHED = tuple(status for status in OrderStatus if status not in FINISHED)
# The goods in it are no longer here.
HAS_LEFT = (ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED)
# Packed, and not yet where it goes.
OPEN_SHIPMENTS = (ShipmentStatus.READY, ShipmentStatus.SHIPPED)
# Somebody must still do something about it.
OPEN_REFUNDS = (RefundStatus.DUE, RefundStatus.SENT, RefundStatus.FAILED)
OPEN_RETURNS = (ReturnStatus.REQUESTED, ReturnStatus.APPROVED, ReturnStatus.RECEIVED)


def in_sql(statuses: Iterable[str]) -> str:
    """The statuses as SQL lists them: `'PAID', 'REFUNDED'`."""
    return ", ".join(f"'{status!s}'" for status in statuses)


def is_allowed(current: str, target: str, *, by: Trigger, table: Table = ORDER) -> bool:
    """Whether `by` may move what the table is about from `current` to `target`."""
    return by in table.get((current, target), frozenset())


def next_statuses(current: str, *, by: Trigger, table: Table = ORDER) -> list[str]:
    """Where `by` may take what is in `current`."""
    return [target for (source, target), causes in table.items() if source == current and by in causes]


def status_of_parent(statuses: Iterable[str]) -> str:
    """Where an order over several sellers stands when its sub-orders stand at `statuses`.

    Cancelled sub-orders count only when all are. It waits for the slowest of them, and is PROCESSING as soon as the
    first has begun. What is not paid yet is paid, cancelled or expired in all its sub-orders at once.
    """
    going = {status for status in statuses if status != OrderStatus.CANCELLED}
    if not going:
        return OrderStatus.CANCELLED
    if OrderStatus.PENDING in going:
        return OrderStatus.PENDING
    slowest = min(going, key=JOURNEY.index)
    begun = slowest == OrderStatus.CONFIRMED and going != {OrderStatus.CONFIRMED}
    return OrderStatus.PROCESSING if begun else slowest


def steps_between(current: str, target: str) -> list[str]:
    """The statuses that goods pass on their way from `current`, which is left out, to `target`; none backwards."""
    if current not in JOURNEY or target not in JOURNEY:
        return []
    return [status.value for status in JOURNEY[JOURNEY.index(current) + 1 : JOURNEY.index(target) + 1]]
