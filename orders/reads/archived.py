"""Orders that are asked for and left with their month."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.sales import ArchivedOrder
from orders.states import OrderStatus
from shared.errors import Refusal


class OrderArchived(Refusal):
    code = "order_archived"
    status = 410
    title = _("The order is in the archive")
    members = {"number": str, "month": str}


def refuse_archived(order_id: UUID, *, customer_id: UUID | None) -> None:
    """Raises OrderArchived for an order that left and was not deleted; `customer_id`: for that customer's alone."""
    theirs = Q(customer=customer_id) if customer_id else Q()
    order = ArchivedOrder.objects.filter(theirs, pk=order_id, deleted_at=None).first()
    if order is not None:
        raise OrderArchived(where_it_is(order), number=order.number, month=order.month)


def archived_order_of(deal_id: UUID) -> ArchivedOrder | None:
    """The order that the deal became, if it left and was not cancelled."""
    named = [{"table": "crm_deal", "row": str(deal_id)}]
    return ArchivedOrder.objects.filter(named_by__contains=named).exclude(status=OrderStatus.CANCELLED).first()


def where_it_is(order: ArchivedOrder) -> str:
    facts = {"number": order.number, "month": order.month}
    return gettext("Order %(number)s is in the archive of %(month)s.") % facts
