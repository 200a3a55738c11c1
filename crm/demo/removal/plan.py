"""What a removal would take, and what it would leave. Reads alone."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from catalog.models.variant import Variant
from crm.demo.marks import OLD_SOURCES, SOURCE
from crm.demo.removal.kinds import CHANGED, INVOICE, KINDS, MONEY, OWN_GOODS, Kind, users_of
from crm.models.demo_row import DemoRow, DemoRowState
from inventory.models.document import StockDocument, StockDocumentLine
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_item import OrderItem
from payments.models.payment_intent import PaymentIntent
from shared.models.record_change import Operation, RecordChange
from users.models.user import User

# Providers at which no money moves.
_PLAYED = ("sandbox", "manual")
_PICTURES = "catalog_picture"  # of the history of their product

Ids = dict[type[Model], set[UUID]]


@dataclass(slots=True)
class Plan:
    """`kept`: rows of the demo shop that stay, each with its reason. `trials`: rows of colleagues' own that go or, if
    they were not to, that would go with `with_trials`."""

    goes: Ids = field(default_factory=dict)
    kept: dict[type[Model], dict[UUID, str]] = field(default_factory=dict)
    trials: Ids = field(default_factory=dict)

    def reasons(self, model: type[Model]) -> Counter[str]:
        return Counter(self.kept.get(model, {}).values())


def plan_removal(*, with_trials: bool) -> Plan:
    """By kind, what goes and what stays. About 80 statements, each of the demo shop's rows alone."""
    plan = Plan()
    marked = _marked_rows()
    plan.trials = {kind.model: ids for kind in KINDS if kind.trial and (ids := _trials_of(kind, marked))}
    for kind in KINDS:
        candidates = set(marked.get(kind.model, set()))
        if with_trials:
            candidates |= plan.trials.get(kind.model, set())
        kept = {} if with_trials else _changed_rows(kind, candidates)
        kept = {**users_of(kind, candidates, {**plan.goes, kind.model: candidates}), **kept}
        if kind.model is Order:
            kept = whole_orders({**kept, **bound_orders(candidates, marked[Variant])})
        if kind.model is StockDocument:
            kept = _bound_documents(candidates, marked[Variant], plan.goes)
        plan.goes[kind.model] = candidates - set(kept)
        plan.kept[kind.model] = {row: reason for row, reason in kept.items() if row in marked.get(kind.model, set())}
    return plan


def _marked_rows() -> Ids:
    by_table: dict[str, set[UUID]] = {}
    for table, row in DemoRow.objects.exclude(state=DemoRowState.REMOVED).values_list("table", "row"):
        by_table.setdefault(table, set()).add(row)
    found: Ids = {}
    for kind in KINDS:
        rows = kind.model._base_manager.filter(pk__in=by_table.get(kind.table, ()))
        if kind.model is User:
            rows = rows.filter(is_superuser=False)  # somebody made the login their own
        found[kind.model] = set(rows.values_list("pk", flat=True))
    return found


def _trials_of(kind: Kind, marked: Ids) -> set[UUID]:
    """Rows of colleagues' own about customers and goods of the demo shop."""
    ours = Q()
    for lookup, model in kind.trial:
        ours |= Q(**{f"{lookup}__in": marked.get(model, set())})
    rows = set(kind.model._base_manager.filter(ours).order_by().values_list("pk", flat=True))
    if kind.model is Order:  # an order's parts, and what holds them together
        rows |= set(Order.objects.filter(sub_orders__in=rows).values_list("pk", flat=True))
        rows |= set(Order.objects.filter(parent__in=rows).values_list("pk", flat=True))
    return rows - marked.get(kind.model, set())


def _changed_rows(kind: Kind, ids: set[UUID]) -> dict[UUID, str]:
    """What a colleague has changed is theirs: the name of a product, the rate of a region, a picture more."""
    if kind.changes is None or not ids:
        return {}
    tables = [kind.table, _PICTURES] if kind.table == "catalog_product" else [kind.table]
    changes = RecordChange.objects.filter(record__in=[str(one) for one in ids], table__in=tables, actor__isnull=False)
    changes = changes.filter(Q(operation=Operation.UPDATE) | Q(table=_PICTURES))
    if kind.changes:
        changes = changes.filter(after__has_any_keys=list(kind.changes))
    changes = changes.exclude(source__in=(SOURCE, *OLD_SOURCES))
    return {UUID(record): CHANGED for record in changes.order_by().values_list("record", flat=True).distinct()}


def bound_orders(ids: set[UUID], goods: set[UUID]) -> dict[UUID, str]:
    """Orders of goods that are not the demo shop's (the stock that they took is the shop's own), that money moved for
    at a provider, and those in the middle of the shop's own invoices."""
    kept: dict[UUID, str] = {}
    own = OrderItem.objects.filter(order__in=ids).exclude(variant__in=goods)
    kept |= dict.fromkeys(own.values_list("order", flat=True), OWN_GOODS)
    if Invoice.objects.exclude(order__in=ids).exists():
        kept |= dict.fromkeys(Invoice.objects.filter(order__in=ids).values_list("order", flat=True), INVOICE)
    paid = PaymentIntent.objects.filter(order__in=ids).exclude(provider__in=_PLAYED).exclude(provider_id="")
    kept |= dict.fromkeys(paid.values_list("order", flat=True), MONEY)
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


def _bound_documents(ids: set[UUID], goods: set[UUID], goes: Ids) -> dict[UUID, str]:
    """Documents about goods of the shop's own, or about goods that stay: the ledger names them."""
    lines = StockDocumentLine.objects.filter(document__in=ids).values_list("document", "variant")
    variant = next(kind for kind in KINDS if kind.model is Variant)
    all_go: Ids = dict(goes)
    all_go[StockDocument] = ids
    staying = {one for _document, one in lines if one not in goods} | set(users_of(variant, goods, all_go))
    kept: set[UUID] = set()
    while more := {document for document, one in lines if one in staying and document not in kept}:
        kept |= more
        staying |= {one for document, one in lines if document in kept}
    return dict.fromkeys(kept, OWN_GOODS)
