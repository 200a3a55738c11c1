"""Write into the timeline."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.activity import Activity, ActivityKind
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.services.timeline.mention_colleagues import mention_colleagues
from crm.timeline.limits import MAX_SUBJECT_LENGTH, MAX_TEXT_LENGTH
from orders.models.order import Order
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound
from users.models.customer import Customer


def add_activity(
    *,
    actor: Actor,
    kind: ActivityKind = ActivityKind.NOTE,
    customer_id: UUID | None = None,
    lead_id: UUID | None = None,
    deal_id: UUID | None = None,
    order_id: UUID | None = None,
    subject: str = "",
    text: str = "",
    happened_at: datetime | None = None,
) -> Activity:
    """Note what happened, signed by the actor. About a deal or order without a customer, it is about theirs. Colleagues
    whom a note names by @ get a task (mention_colleagues).

    `happened_at` (UTC) unset: now. Raises NotFound, or InvalidInput when it is about nobody, says nothing, is too
    long, or when somebody would write a change by hand.
    """
    subject, text = subject.strip(), text.strip()
    if kind == ActivityKind.CHANGE:
        raise InvalidInput(("/kind", "not_by_hand", gettext("Changes are noted by the system.")))
    _check_texts(subject, text)
    if deal_id is not None and customer_id is None and lead_id is None:
        customer_id = Deal.objects.filter(pk=deal_id).values_list("customer_id", flat=True).first()
    order = _order_of(customer_id, order_id)
    customer_id = order.customer_id if order is not None else customer_id
    if customer_id is None and lead_id is None:
        raise InvalidInput(("/customer", "required", gettext("Say which customer or lead it is about.")))
    if customer_id is not None and not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound(gettext("There is no such customer."))
    if lead_id is not None and not Lead.objects.filter(pk=lead_id).exists():
        raise NotFound(gettext("There is no such lead."))
    if deal_id is not None and not _is_deal_of(customer_id, deal_id):
        raise InvalidInput(("/deal", "does_not_exist", gettext("There is no such deal of this customer.")))
    with transaction.atomic():
        activity = Activity.objects.create(
            kind=kind,
            customer_id=customer_id,
            lead_id=lead_id,
            deal_id=deal_id,
            order=order,
            author_id=actor.user_id,
            subject=subject,
            text=text,
            happened_at=happened_at or database_now(),
        )
        if kind == ActivityKind.NOTE:
            mention_colleagues(activity=activity, actor=actor, number=order.number if order is not None else "")
    return activity


def _order_of(customer_id: UUID | None, order_id: UUID | None) -> Order | None:
    """The order it is about. Raises InvalidInput where there is none, or it is another customer's."""
    if order_id is None:
        return None
    order = Order.objects.filter(pk=order_id).only("customer_id", "number").first()
    if order is None or customer_id not in (None, order.customer_id):
        raise InvalidInput(("/order", "does_not_exist", gettext("There is no such order of this customer.")))
    return order


def _is_deal_of(customer_id: UUID | None, deal_id: UUID) -> bool:
    return customer_id is not None and Deal.objects.filter(pk=deal_id, customer_id=customer_id).exists()


def _check_texts(subject: str, text: str) -> None:
    faults = []
    if not subject and not text:
        faults.append(
            ("/text", "out_of_range", gettext("Write 1 to %(limit)s characters.") % {"limit": f"{MAX_TEXT_LENGTH:,}"})
        )
    if len(text) > MAX_TEXT_LENGTH or "\0" in text:
        faults.append(
            (
                "/text",
                "out_of_range",
                gettext("A text has up to %(limit)s characters and no NUL.") % {"limit": f"{MAX_TEXT_LENGTH:,}"},
            )
        )
    if len(subject) > MAX_SUBJECT_LENGTH or "\0" in subject:
        faults.append(
            (
                "/subject",
                "out_of_range",
                gettext("A subject has up to %(limit)s characters and no NUL.") % {"limit": MAX_SUBJECT_LENGTH},
            )
        )
    if faults:
        raise InvalidInput(*faults)
