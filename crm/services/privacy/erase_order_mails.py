"""Forget the e-mails about a person's orders."""

from uuid import UUID

from crm.models.order_mail import OrderMail
from shared.planner.lookups import one_of


def erase_order_mails(order_ids: list[UUID]) -> None:
    """Of orders that the books need no longer."""
    OrderMail.objects.filter(one_of("order_id", order_ids)).delete()
