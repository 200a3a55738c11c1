"""What a removal would take, and what it would leave. Reads alone."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q

from catalog.models.variant import Variant
from crm.demo.removal.bound import bound_documents, bound_orders, with_own_goods
from crm.demo.removal.changes import changed_rows
from crm.demo.removal.kinds import KINDS
from crm.demo.removal.reasons import CHANGED, YOU
from crm.demo.removal.uses import Goes, Kind, users_of
from crm.models.demo_row import DemoRow, DemoRowState
from inventory.models.document import StockDocument
from orders.models.order import Order
from shared.actor import Actor
from shared.database.transactions import take_time
from users.models.customer import Customer
from users.models.user import User

_CUSTOMERS = next(kind for kind in KINDS if kind.model is Customer)
_SECONDS = 60  # own orders are asked for the countries and codes that they name


@dataclass(slots=True)
class Plan:
    """`listed`: rows of the demo shop that are there. `kept`: those of them that stay, each with its reason. `goes`
    has also rows of colleagues' own, with trials. `authors`: logins whose notes are the demo shop's. `payers`:
    customers who are still as they were loaded, so that what they paid by hand was play."""

    with_trials: bool
    listed: Goes = field(default_factory=dict)
    goes: Goes = field(default_factory=dict)
    kept: dict[type[Model], dict[UUID, str]] = field(default_factory=dict)
    authors: set[UUID] = field(default_factory=set)
    payers: set[UUID] = field(default_factory=set)

    def goes_for(self, kind: Kind) -> Goes:
        """What goes, as uses of the kind ask for it: a login that stays was no colleague's for that."""
        return self.goes if kind.model is User else {**self.goes, User: self.authors}

    def reasons(self, model: type[Model]) -> Counter[str]:
        return Counter(self.kept.get(model, {}).values())

    def keep(self, model: type[Model], rows: dict[Any, str]) -> None:
        """These stay after all, so that what they name does, too."""
        self.kept.setdefault(model, {}).update(rows)
        self.goes[model] -= set(rows)


@transaction.atomic
def plan_removal(*, with_trials: bool, actor: Actor) -> Plan:
    """By kind, what goes and what stays. About 110 statements, each of the demo shop's rows, but for those that look
    for own orders by country and code. The actor's login stays."""
    take_time(_SECONDS)
    plan = Plan(with_trials, listed=_listed_rows())
    changed = {kind.model: _as_they_are(kind, plan, actor) for kind in KINDS}
    plan.authors = plan.listed[User] - set(changed[User])
    # With trials, too: a demo customer who was made a real one pays with real money.
    plan.payers = plan.listed[Customer] - set(changed_rows(_CUSTOMERS, plan.listed[Customer]))
    for kind in KINDS:
        _plan_kind(kind, plan, changed)
    return plan


def _as_they_are(kind: Kind, plan: Plan, actor: Actor) -> dict[Any, str]:
    listed = plan.listed[kind.model]
    kept: dict[Any, str] = {} if plan.with_trials else dict(changed_rows(kind, listed))
    if kind.model is User and actor.user_id in listed:
        kept[actor.user_id] = YOU
    return kept


def _plan_kind(kind: Kind, plan: Plan, changed: dict[type[Model], dict[Any, str]]) -> None:
    candidates = set(plan.listed[kind.model])
    if plan.with_trials and kind.trial:
        candidates |= _trials_of(kind, plan.listed)
    kept = users_of(kind, candidates, plan.goes_for(kind), with_trials=plan.with_trials)
    kept |= with_own_goods(kind.model, candidates, plan.listed[Variant])
    if kind.model is Order:
        kept = bound_orders(candidates, kept, plan.listed[Variant], plan.payers)
    if kind.model is StockDocument:
        kept = bound_documents(candidates, plan.listed[Variant], plan.goes, with_trials=plan.with_trials)
    if kind.part_of is not None:
        column, whole = kind.part_of
        parts = kind.model._base_manager.filter(pk__in=candidates, **{f"{column}__in": set(changed[whole])})
        kept |= dict.fromkeys(parts.values_list("pk", flat=True), CHANGED)
    kept |= changed[kind.model]
    plan.goes[kind.model] = candidates - set(kept)
    plan.kept[kind.model] = {row: reason for row, reason in kept.items() if row in plan.listed[kind.model]}


def _listed_rows() -> Goes:
    by_table: dict[str, set[UUID]] = {}
    for table, row in DemoRow.objects.exclude(state=DemoRowState.REMOVED).values_list("table", "row"):
        by_table.setdefault(table, set()).add(row)
    found: Goes = {}
    for kind in KINDS:
        rows = kind.model._base_manager.filter(pk__in=by_table.get(kind.table, ()))
        if kind.model is User:
            rows = rows.filter(is_superuser=False)  # somebody made the login their own
        found[kind.model] = set(rows.values_list("pk", flat=True))
    return found


def _trials_of(kind: Kind, listed: Goes) -> set[UUID]:
    """Rows of colleagues' own about customers and goods of the demo shop."""
    ours = Q()
    for lookup, model in kind.trial:
        ours |= Q(**{f"{lookup}__in": listed.get(model, set())})
    rows = set(kind.model._base_manager.filter(ours).order_by().values_list("pk", flat=True))
    if kind.model is Order:  # an order's parts, and what holds them together
        rows |= set(Order.objects.filter(sub_orders__in=rows).values_list("pk", flat=True))
        rows |= set(Order.objects.filter(parent__in=rows).values_list("pk", flat=True))
    return rows - listed.get(kind.model, set())
