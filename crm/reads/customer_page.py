"""What the customer's page shows, each in one statement however much there is of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import JSONObject

from crm.models.deal import Deal
from crm.models.task import Task
from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.states import UNFINISHED, OrderStatus, ReservationStatus
from shared.planner.lookups import InlineWord
from users.access.ownership import visible_to
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer

# Rows of each kind on the page.
MAX_SHOWN = 20
_MAX_OF_STATUS = 10
_MAX_FINISHED = 5
# Stock is held by unpaid orders; so many of the newest are looked at.
MAX_HOLDING = 500


def customer_in_full(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """With company, owner and login; `tag_names`, `consents_now` (what holds for each purpose) and `own_fields` (the
    shop's own fields) as lists."""
    tags = Customer.tags.through.objects.filter(customer_id=OuterRef("pk")).order_by("tag__name")
    consents = Consent.objects.filter(customer=OuterRef("pk")).order_by("purpose", "-recorded_at", "-id")
    said = JSONObject(purpose="purpose", is_given="is_given", source="source", recorded_at="recorded_at")
    fields = CustomField.objects.filter(model="customer").order_by("position", "key")
    return (
        customers.prefetch_related(None)
        .select_related("company", "owner", "user")
        .annotate(
            tag_names=ArraySubquery(tags.values_list("tag__name", flat=True)),
            consents_now=ArraySubquery(consents.distinct("purpose").values(said=said)),
            own_fields=ArraySubquery(fields.values(field=JSONObject(key="key", label="label", kind="kind"))),
        )
    )


def orders_to_show(customer_id: UUID) -> list[Order]:
    """Live orders, those to be paid in front with the next deadline first, then a few that are finished. Reads
    order_customer_status once for each status."""
    of_customer = Order.objects.whole().filter(customer=customer_id)
    pending = of_customer.filter(status=OrderStatus.PENDING).order_by("created_at", "id")[:MAX_SHOWN]
    others = [
        of_customer.filter(status=status).order_by("-created_at", "-id")[:limit]
        for status, limit in (
            *((status, _MAX_OF_STATUS) for status in UNFINISHED[1:]),
            (OrderStatus.DELIVERED, _MAX_FINISHED),
            (OrderStatus.CANCELLED, _MAX_FINISHED),
        )
    ]
    # Not one filter on all statuses: the newest of each are then sought among a customer's whole history.
    return sorted(pending.union(*others, all=True), key=_sort_key)


def _sort_key(order: Order) -> tuple[int, float]:
    if order.status == OrderStatus.PENDING:
        deadline = order.payment_expires_at
        return 0, deadline.timestamp() if deadline else float("inf")
    return 1 if order.status in UNFINISHED else 2, -order.created_at.timestamp()


def held_stock(customer_id: UUID) -> Sequence[Mapping[str, object]]:
    """Units held now by the customer's unpaid orders: sku, name, units and until when the first of them, by variant."""
    unpaid = Order.objects.filter(customer=customer_id, status=OrderStatus.PENDING)
    holding = unpaid.order_by("-created_at", "-id").values("pk")[:MAX_HOLDING]
    held = Reservation.objects.filter(item__order__in=holding, status=InlineWord(ReservationStatus.ACTIVE))
    by_variant = held.values(sku=F("item__sku"), name=F("item__name"), variant=F("item__variant_id"))
    return list(
        by_variant.annotate(units=Sum("quantity"), until=Min("expires_at")).order_by("-units", "sku")[:MAX_SHOWN]
    )


def open_tasks_about(user: Any, customer_id: UUID) -> QuerySet[Task]:
    """Those that the user sees, as the list of tasks has them."""
    tasks = Task.objects.filter(customer=customer_id, done_at=None).select_related("assignee")
    tasks = visible_to(user, tasks)
    return tasks.order_by("due_at")[:MAX_SHOWN]


def latest_deals(customer_id: UUID) -> QuerySet[Deal]:
    deals = Deal.objects.filter(customer=customer_id).select_related("stage", "owner")
    return deals.order_by("-created_at", "-id")[:MAX_SHOWN]
