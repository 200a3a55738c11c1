"""Orders, drafts, deals and stock documents that may not go, whoever leans on them."""

from typing import Any
from uuid import UUID

from django.db.models import Model

from catalog.models.variant import Variant
from crm.demo.removal.kinds import KINDS
from crm.demo.removal.reasons import INVOICE, MONEY, OWN_GOODS
from crm.demo.removal.uses import Goes, users_of
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from inventory.models.document import StockDocument, StockDocumentLine
from orders.models.draft import Draft, DraftLine
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from payments.models.payment_intent import PaymentIntent
from payments.states import IntentStatus

# Providers at which no money moves.
_PLAYED = ("sandbox",)
_BY_HAND = "manual"
_LINES: dict[type[Model], tuple[type[Model], str]] = {
    Draft: (DraftLine, "draft"),
    Deal: (DealLine, "deal"),
    Order: (OrderItem, "order"),
}


def with_own_goods(model: type[Model], ids: set[Any], goods: set[Any]) -> dict[Any, str]:
    """Orders, drafts and deals with goods that are not the demo shop's."""
    if model not in _LINES:
        return {}
    lines, column = _LINES[model]
    own = lines._base_manager.filter(**{f"{column}__in": ids}).exclude(variant__in=goods)
    return dict.fromkeys(own.order_by().values_list(column, flat=True), OWN_GOODS)


def paid_orders(ids: set[UUID], customers: set[UUID]) -> dict[UUID, str]:
    """Orders that money moved for, or may: at a provider, unless it has come to nothing for good, and that others than
    the demo shop's `customers` paid by hand."""
    intents = PaymentIntent.objects.filter(order__in=ids).exclude(provider__in=(*_PLAYED, _BY_HAND))
    at_providers = intents.exclude(status=IntentStatus.VOIDED)
    payments = Payment.objects.filter(order__in=ids).exclude(provider__in=_PLAYED)
    by_hand = payments.exclude(provider=_BY_HAND, order__customer__in=customers)
    paid = {*at_providers.values_list("order", flat=True), *by_hand.values_list("order", flat=True)}
    return dict.fromkeys(paid, MONEY)


def bound_orders(ids: set[UUID], kept: dict[Any, str], goods: set[UUID], customers: set[UUID]) -> dict[Any, str]:
    """`kept`, with the orders that may not go, and all parts of both. Orders with invoices go together or not at all,
    for their numbers have no gap."""
    kept = {**kept, **with_own_goods(Order, ids, goods), **paid_orders(ids, customers)}
    kept = whole_orders(kept)
    invoiced = set(Invoice.objects.filter(order__in=ids).values_list("order", flat=True))
    if invoiced and Invoice.objects.exclude(order__in=ids - set(kept)).exists():
        kept = whole_orders({**dict.fromkeys(invoiced, INVOICE), **kept})
    return kept


def whole_orders(kept: dict[Any, str]) -> dict[Any, str]:
    """An order and its sub-orders stay together."""
    wholes: dict[Any, str] = {}
    for pk, parent in Order.objects.filter(pk__in=kept).order_by("pk").values_list("pk", "parent"):
        wholes.setdefault(parent or pk, kept[pk])
    together = {**wholes, **kept}
    for pk, parent in Order.objects.filter(parent__in=wholes).values_list("pk", "parent"):
        together.setdefault(pk, wholes[parent])
    return together


def bound_documents(ids: set[Any], goods: set[UUID], goes: Goes, *, with_trials: bool) -> dict[Any, str]:
    """Documents about goods of the shop's own, or about goods that stay: the ledger names them."""
    lines = list(StockDocumentLine.objects.filter(document__in=ids).values_list("document", "variant"))
    variant = next(kind for kind in KINDS if kind.model is Variant)
    all_go: Goes = {**goes, StockDocument: ids}
    staying = {one for _document, one in lines if one not in goods}
    staying |= set(users_of(variant, goods, all_go, with_trials=with_trials))
    kept: set[Any] = set()
    while more := {document for document, one in lines if one in staying and document not in kept}:
        kept |= more
        staying |= {one for document, one in lines if document in kept}
    return dict.fromkeys(kept, OWN_GOODS)
