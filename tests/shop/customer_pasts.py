"""Customers with a past, and everything that the database says of them."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.db import connection

from crm.models.activity import Activity
from crm.models.duplicate_pair import DuplicatePair
from crm.models.email import Email
from crm.models.lead import Lead
from crm.models.segment import Segment, SegmentMember
from crm.models.task import Task
from ops.check_sizes import PACKAGES
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.actor import SYSTEM
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from users.models.company import Company
from users.models.consent import Consent
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User

# What merging itself writes and keeps: the merges, the history that triggers write, and the timeline's entries.
OWN_BOOKS = {"crm_customer_merge", "crm_merged_row", "shared_record_change"}
_serial = count(1)


def make_customer(**fields: Any) -> Buyer:
    """A buyer with a login, or without if `user` is None."""
    buyer = make_buyer()
    for name, value in fields.items():
        setattr(buyer.customer, name, value)
    buyer.customer.save()
    return buyer


def give_past(buyer: Buyer, events: Iterable[str], *, tags: Iterable[str] = (), segments: Iterable[str] = ()) -> None:
    """Write what EVENTS name into the customer's past, with tags and segments by name."""
    customer = buyer.customer
    for event in events:
        _MAKERS[event](buyer)
    customer.tags.add(*(Tag.objects.get_or_create(name=name)[0] for name in tags))
    for name in segments:
        SegmentMember.objects.create(segment=Segment.objects.get_or_create(name=name)[0], customer=customer)


def _paid_order(buyer: Buyer) -> None:
    order = order_of(buyer, (make_level(on_hand=9), 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM)


_MAKERS: dict[str, Callable[[Buyer], object]] = {
    "order": lambda buyer: order_of(buyer, (make_level(on_hand=9), 1)),
    "paid order": _paid_order,
    "deal": make_deal,
    "task": lambda buyer: Task.objects.create(title="Call", customer=buyer.customer),
    "deal's task": lambda buyer: Task.objects.create(title="Call", customer=buyer.customer, deal=make_deal(buyer)),
    "note": lambda buyer: Activity.objects.create(customer=buyer.customer, text="Likes green"),
    "deal's note": lambda buyer: Activity.objects.create(customer=buyer.customer, deal=make_deal(buyer), text="Big"),
    "email": lambda buyer: Email.objects.create(customer=buyer.customer, to="a@b.example", subject="Hi", body="Hi"),
    "lead": lambda buyer: Lead.objects.create(name="Ann", status="converted", customer=buyer.customer),
    "consent": lambda buyer: Consent.objects.create(
        customer=buyer.customer, purpose="profiling", is_given=True, source="call"
    ),
}
# What a customer's past may consist of.
EVENTS = tuple(_MAKERS)


def make_pair(one: Customer, other: Customer, *, is_dismissed: bool = False) -> DuplicatePair:
    first, second = sorted((one, other), key=lambda customer: customer.pk)
    dismissed = {"state": "dismissed", "dismissed_at": datetime.now(UTC)} if is_dismissed else {}
    return DuplicatePair.objects.create(first=first, second=second, score=90, reasons=["email"], **dismissed)


def make_company() -> Company:
    return Company.objects.create(name=f"Company {next(_serial)}")


def make_colleague() -> User:
    return User.objects.create_user(f"colleague{next(_serial)}@example.com", is_staff=True)


def sum_up_sales() -> None:
    """As the job does, with all orders there are."""
    refresh_sales(everything=True, now=datetime.now(UTC) + timedelta(minutes=1))


def dump() -> dict[str, list[str]]:
    """Every row of every table of ours, OWN_BOOKS apart, as text."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if _is_ours(model)}
    dumped = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - OWN_BOOKS):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t")
            dumped[table] = sorted(_as_text(json.loads(row), table) for (row,) in cursor.fetchall())
    dumped["crm_activity"] = [row for row in dumped["crm_activity"] if '"kind": "change"' not in row]
    return dumped


def _as_text(row: dict[str, Any], table: str) -> str:
    """A customer's `updated_at` says when the row was last written, so undoing sets it, too; an order's or draft's
    version counts how often it was shown otherwise."""
    for name in ("version", "changes_elsewhere") if "customer_id" in row else ():
        row.pop(name, None)
    if table == "users_customer":
        del row["updated_at"]
    return json.dumps(row, sort_keys=True)


def _is_ours(model: type) -> bool:
    return model.__module__.split(".")[0] in PACKAGES
