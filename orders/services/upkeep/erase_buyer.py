"""Forget who bought, as far as the books allow. See docs/decisions/privacy.md."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.changes import raise_versions
from orders.models.dispute import Dispute
from orders.models.order import Order
from orders.models.order_return import Return
from orders.models.refund import Refund
from orders.services.upkeep.erase_words import erase_books, erase_drafts, erase_words
from orders.states import OPEN_REFUNDS, OPEN_RETURNS, UNFINISHED, PaymentStatus
from shared.clock import database_now
from shared.errors import Refusal
from shared.planner.lookups import one_of
from shared.privacy.erasure import ERASED_NAME, registered_orders_erasers
from users.models.customer import Customer

_GONE: dict[str, Any] = {
    "customer_name": ERASED_NAME,
    "customer_email": "",
    "customer_address": "",
    "customer_tax_number": "",
    "delivery_address": None,
    "billing_address": None,
    "note": "",
    "metadata": {},
}
# The books keep where the goods went and whom the invoice names, not how to call them.
_WITHOUT_PHONES: dict[str, Any] = {
    name: Func(F(name), Value(["phone"]), Value("", output_field=JSONField()), function="jsonb_set")
    for name in ("delivery_address", "billing_address")
}
_BATCH = 1_000


class CustomerHasOpenOrders(Refusal):
    code = "customer_has_open_orders"
    title = _("The customer has orders that are not finished")
    members = {"orders": [str]}


def check_no_open_orders(customer_id: UUID) -> None:
    """Raises CustomerHasOpenOrders while goods or money are still owed, either way."""
    owed = Q(status__in=UNFINISHED) | Q(payment_status=PaymentStatus.REFUND_DUE) | _something_goes_back()
    open_orders = Order.objects.filter(owed, customer_id=customer_id).order_by("-created_at")
    numbers = list(open_orders.values_list("number", flat=True)[:5])
    if numbers:
        raise CustomerHasOpenOrders(
            gettext("Deliver, cancel or refund first: %(numbers)s.") % {"numbers": ", ".join(numbers)},
            orders=[str(number) for number in numbers],
        )


def _something_goes_back() -> Q:
    """Money that was promised and is not paid out, or that a bank may take back (what was shipped where is the answer
    to that); goods that are on their way back."""
    refunds = Refund.objects.filter(order=OuterRef("pk"), status__in=OPEN_REFUNDS)
    returns = Return.objects.filter(order=OuterRef("pk"), status__in=OPEN_RETURNS)
    disputes = Dispute.objects.filter(order=OuterRef("pk"), closed_at=None)
    return Q(Exists(refunds)) | Q(Exists(returns)) | Q(Exists(disputes))


def erase_buyer(*, customer_id: UUID, now: datetime) -> set[str]:
    """Empty what the books do not need: e-mail, telephone numbers and all words everywhere, name and address where
    nothing was ever paid. What was paid keeps name and address for BOOKS_RETENTION_YEARS (erase_expired_buyers). Return
    the ids of the rows that have a history."""
    orders = Order.objects.filter(customer_id=customer_id)
    order_ids = list(orders.values_list("pk", flat=True))
    erase_words(order_ids)
    raise_versions(orders, customer_email="", note="", metadata={}, updated_at=now, **_WITHOUT_PHONES)
    # Not those that money came in for, though too little or too late: the books say from whom.
    never_paid = list(orders.filter(paid_at=None).exclude(payments__isnull=False).values_list("pk", flat=True))
    _empty_orders(never_paid, now)
    return erase_drafts(customer_id=customer_id, now=now)


def erase_expired_buyers(*, now: datetime | None = None) -> int:
    """Empty name and address, and the payments' references, of deleted orders and of erased customers' orders that the
    books need no longer; return how many orders were. In batches that commit by themselves."""
    now = now or database_now()
    # Most years have no 29th of February.
    until = now.replace(year=now.year - settings.BOOKS_RETENTION_YEARS, day=min(now.day, 28))
    erased = Customer.everyone.filter(erased_at__isnull=False).values("pk")
    unwanted = Q(customer_id__in=erased) | Q(deleted_at__isnull=False)
    # Those that are done are left out, else the loop would find the same batch for ever.
    expired = Order.objects.filter(unwanted, created_at__lt=until).exclude(customer_name=ERASED_NAME)
    done = 0
    while batch := list(expired.order_by().values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            done += _empty_orders(batch, now)
    return done


def _empty_orders(order_ids: list[UUID], now: datetime) -> int:
    """Nothing of the buyer stays in the orders, or in what belongs to them."""
    erase_words(order_ids)
    erase_books(order_ids)
    for erase in registered_orders_erasers():
        erase(order_ids)
    emptied = Order.objects.filter(one_of("pk", order_ids))
    # A whole order shows the versions of its sub-orders.
    raise_versions(Order.objects.filter(pk__in=emptied.values("parent_id")).exclude(one_of("pk", order_ids)))
    return raise_versions(emptied, **_GONE, updated_at=now)
