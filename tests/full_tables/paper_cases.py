"""Each paper and each answer about one person: what is read to make it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import crm
import orders
from crm.privacy.export_pdf import person_pdf
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import export_person
from orders.documents.drawing import invoice_pdf, packing_slip_pdf
from orders.documents.quote import quote_pdf
from orders.models.draft import Draft
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from orders.services.invoices.issue_invoice import issue_credit_note, issue_invoice
from orders.services.orders.advance_order import advance_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import OrderStatus
from shared.actor import SYSTEM
from tests.full_tables.job_cases import split_order
from tests.shop.every_table.edits import fill_edits
from tests.shop.every_table.refunds import fill_refunds
from tests.shop.goods import make_level
from tests.shop.people import make_buyer
from users.models.customer import Customer

Draw = Callable[[], Any]
ERASING = "person_pdf: erased"


def _paid() -> Order:
    order = split_order()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    return order


def _invoice() -> Draw:
    order = _paid()

    def draw() -> None:
        issue_invoice(order_id=order.pk, actor=SYSTEM)
        invoice_pdf(Invoice.objects.get(order=order))

    return draw


def _credit_note() -> Draw:
    order = fill_refunds(make_buyer(), make_level(on_hand=3))
    issue_invoice(order_id=order.pk, actor=SYSTEM)
    refund = Refund.objects.get(order=order)

    def draw() -> None:
        issue_credit_note(order_id=order.pk, refund_id=refund.pk, actor=SYSTEM)
        invoice_pdf(Invoice.objects.get(order=order, kind="credit_note"))

    return draw


def _packing_slip() -> Draw:
    order = fill_refunds(make_buyer(), make_level(on_hand=3))
    return lambda: packing_slip_pdf(Shipment.objects.filter(order=order).latest("id"))


def _quote() -> Draw:
    draft = fill_edits(make_buyer(), make_level(on_hand=4))
    return lambda: quote_pdf(Draft.objects.get(pk=draft.pk))


def _of_somebody_with_orders() -> Customer:
    order = _paid()
    for status in (OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        advance_order(order_id=order.pk, status=status, actor=SYSTEM)
    return order.customer


def _person() -> Draw:
    person = _of_somebody_with_orders()
    return lambda: person_pdf(export_person(customer_id=person.pk))


def _erasing() -> Draw:
    person = _of_somebody_with_orders()
    return lambda: erase_customer(customer_id=person.pk, actor=SYSTEM)


# By the function that draws it; after a colon, what else it draws, or what is done with the same rows.
PAPERS: dict[str, Callable[[], Draw]] = {
    "invoice_pdf": _invoice,
    "invoice_pdf: credit note": _credit_note,
    "packing_slip_pdf": _packing_slip,
    "quote_pdf": _quote,
    "person_pdf": _person,
    ERASING: _erasing,
}


def papers_of_the_code() -> set[str]:
    """Every function that makes a PDF, by its name; `as_pdf` answers with one."""
    found = set()
    for package in (orders, crm):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in module.name or "management" in module.name:
                continue
            members = inspect.getmembers(importlib.import_module(module.name), inspect.isfunction)
            found |= {
                name
                for name, one in members
                if name.endswith("_pdf") and name != "as_pdf" and one.__module__ == module.name
            }
    return found
