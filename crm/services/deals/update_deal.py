"""Change what is known of a deal; its stage is moved by move_deal, its lines by deal_lines."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.pipeline.deal_checks import DealDetails, check_details, check_unchanged
from crm.services.deals.lock_deal import lock_deal
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import DEAL_CHANGED
from orders.models.order import Order
from shared.actor import Actor
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, Refusal
from users.custom_fields import change_custom_fields
from users.models.custom_field import CustomFieldOwner

_CONSTRAINTS: Mapping[str, Callable[[], Refusal]] = {
    # Left to the database: two deals may be given one order at the same moment.
    "crm_deal_order_id_key": lambda: AlreadyExists("/order", gettext("This order is another deal's already.")),
}


class DealChanges(DealDetails, total=False):
    """What may change; what is missing stays. `order_id` links an order that was placed elsewhere."""

    title: str
    customer_id: UUID
    order_id: UUID | None


def update_deal(
    *, deal_id: UUID, changes: DealChanges, actor: Actor, expected_updated_at: datetime | None = None
) -> Deal:
    """Change a deal and note in the timeline what was changed. What equals the present changes nothing.

    Of `custom_fields` those not named stay. Raises NotFound, StaleVersion, AlreadyExists for an order that is another
    deal's, InvalidInput for an order or customer that does not fit, a wrong value of an own field, or a value or
    currency that contradicts the deal's lines. Locks: the deal.
    """
    with named_constraints(_CONSTRAINTS), transaction.atomic():
        deal = lock_deal(deal_id)
        check_unchanged(deal, expected_updated_at)
        values: dict[str, Any] = dict(changes)
        if "custom_fields" in changes:  # of which those not named stay
            current, sent = deal.custom_fields, changes["custom_fields"]
            values["custom_fields"] = change_custom_fields(CustomFieldOwner.DEAL, current, sent)
        # An entry that says nothing would hide in the timeline those that do.
        changed = [column for column, value in values.items() if getattr(deal, column) != value]
        if not changed:
            return deal
        for column in changed:
            setattr(deal, column, values[column])
        check_details(deal.title, changes)
        _check_links(deal, changed)
        deal.save(update_fields=[*changed, "updated_at"])
        record_change(
            subject=DEAL_CHANGED(title=deal.title[:120], fields=changed),
            actor=actor,
            customer_id=deal.customer_id,
            deal_id=deal.pk,
        )
    return deal


def _check_links(deal: Deal, changed: list[str]) -> None:
    """Order and customer belong together; the lines decide value and currency."""
    faults = []
    if {"order_id", "customer_id"} & set(changed) and deal.order_id is not None:
        order = Order.objects.filter(pk=deal.order_id).first()
        if order is None:
            faults.append(("/order", "does_not_exist", gettext("There is no such order.")))
        elif order.customer_id != deal.customer_id:
            faults.append(
                (
                    "/order",
                    "other_customer",
                    gettext("Order %(number)s is another customer's.") % {"number": order.number},
                )
            )
    lines = {"value", "currency"} & set(changed)
    if lines and DealLine.objects.filter(deal=deal).exists():
        text = gettext("Value and currency follow the deal's lines.")
        faults += [(f"/{column}", "follows_lines", text) for column in sorted(lines)]
    if faults:
        raise InvalidInput(*faults)
