"""Reads of refunds and returns, each with what it prefetches decided once."""

from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.lifecycle.order_group import OrderGroup
from orders.models.order import Order
from orders.models.order_return import Return, ReturnItem
from orders.models.refund import Refund, RefundItem
from shared.errors import NotFound
from shared.planner.compiled import Ids, compiled_rows
from shared.planner.compiled_query import EqualsAny
from shared.planner.compiled_rows import Hanging


class RefundNotFound(NotFound):
    code = "refund_not_found"
    title = _("No such refund")

    def __init__(self, refund_id: UUID) -> None:
        super().__init__(gettext("No such refund: %(refund)s.") % {"refund": refund_id})


def refunds_in_full() -> QuerySet[Refund]:
    """With their lines: 2 statements for any page."""
    return Refund.objects.prefetch_related(Prefetch("items", RefundItem.objects.order_by("id")))


@compiled_rows(hanging=lambda: {"items": Hanging(RefundItem.objects.filter(refund=OuterRef("pk")).order_by("id"))})
def read_refunds(*, ids: Ids) -> QuerySet[Refund]:
    """These refunds with their lines, oldest first: 1 statement."""
    return Refund.objects.filter(EqualsAny("pk", ids)).order_by("id")


def returns_in_full() -> QuerySet[Return]:
    """With their lines and refunds: 3 statements for any page."""
    return Return.objects.prefetch_related(
        Prefetch("items", ReturnItem.objects.order_by("id")), Prefetch("refunds", Refund.objects.order_by("id"))
    )


def read_order_group(order: Order) -> OrderGroup:
    """The order group as it is now, unlocked: to show what a change would come to."""
    parent = order.parent or order
    return OrderGroup(parent, tuple(Order.objects.filter(parent=parent).order_by("id")))
