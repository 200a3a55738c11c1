"""Removing the demo shop, for the worker and the command alike."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q
from django.db.models.functions import Now

from catalog.models.product import Product
from catalog.models.variant import Variant
from crm.demo.marks import SOURCE
from crm.demo.opening import one_load_at_a_time
from crm.demo.removal.asking import check_demo_there
from crm.demo.removal.bound import bound_orders, whole_orders, with_own_goods
from crm.demo.removal.changes import changed_rows
from crm.demo.removal.kinds import KINDS
from crm.demo.removal.orders import remove_orders
from crm.demo.removal.plan import Plan, plan_removal
from crm.demo.removal.reasons import AS_THEY_ARE, BUSY, CHANGED, IN_USE, INVOICE
from crm.demo.removal.uses import Kind, users_of
from crm.models.demo_row import DemoRow, DemoRowState
from inventory.models.movement import StockMovement
from inventory.services.remove_levels import remove_levels
from orders.documents.numbers import NumberedAfter
from orders.lifecycle.locking import OrderNotFound, lock_order_group
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.actor import Actor
from shared.database.transactions import retry_transaction, take_time
from shared.errors import Unavailable
from shared.history.signing import acting
from shop.services.note_demo_shop import note_demo_removed, note_removal_began
from users.models.user import User

log = structlog.get_logger("kontor.demo")
_BATCH = 25  # orders or other rows a transaction: each is over in well under a second
Say = Callable[[str], None]
Kept = dict[Any, str]


@dataclass(slots=True)
class Removal:
    """How many rows went, and how many of the demo shop's stay, by the name of their kind."""

    removed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)


def remove_demo_shop(*, with_trials: bool, actor: Actor, say: Say = lambda _line: None) -> Removal:
    """Remove what the demo shop brought, but for what is not as it was loaded or what something of one's own names.

    `with_trials`: also what was changed, and what was only tried out with demo goods and customers. Commits a small
    transaction at a time; stopped anywhere, it goes on where it was when called again. What somebody orders meanwhile
    stays, with its goods. Raises NoDemoShop, OrdersAreArchived, or LoadRunning while another process loads or removes.
    """
    with one_load_at_a_time(), acting(actor.user_id, SOURCE):
        check_demo_there()
        note_removal_began()
        removal = _Removal(plan_removal(with_trials=with_trials, actor=actor), actor, say).run()
        _forget_lines()
        retry_transaction(lambda _again: refresh_sales(everything=True), name="refresh_sales")
        note_demo_removed()
    return removal


class _Removal:
    def __init__(self, plan: Plan, actor: Actor, say: Say) -> None:
        self._plan = plan
        self._actor = actor
        self._say = say
        self._done = Removal()

    def run(self) -> Removal:
        retry_transaction(lambda _again: self._stop_offering(), name="stop_offering_demo")
        for kind in KINDS:
            self._remove_kind(kind)
            self._note_kept(kind)
        return self._done

    @transaction.atomic
    def _stop_offering(self) -> None:
        """Nobody orders any more what is about to go, or stays for a past order's sake, and nobody signs in as who
        goes. A product with a variant that stays on offer does, too."""
        orders = {str(Order._meta.model_name), "stockdocument"}
        past = {row for row, reason in self._plan.kept[Variant].items() if reason in orders}
        variants = Variant._base_manager.filter(pk__in=self._plan.goes[Variant] | past, is_active=True)
        variants.update(is_active=False, updated_at=Now())
        stay = {row for row, reason in self._plan.kept[Product].items() if reason in AS_THEY_ARE}
        products = Product._base_manager.filter(pk__in=self._plan.listed[Product] - stay, is_active=True)
        offered = Exists(Variant._base_manager.filter(product=OuterRef("pk"), is_active=True))
        products.exclude(offered).update(is_active=False, updated_at=Now())
        works = {row for row, reason in self._plan.kept[User].items() if reason in AS_THEY_ARE}
        logins = User._base_manager.filter(pk__in=self._plan.listed[User] - works, is_active=True)
        logins.update(is_active=False)

    def _remove_kind(self, kind: Kind) -> None:
        heads = self._heads(kind)
        together = _with_invoices(heads) if kind.model is Order else set()
        if together:
            self._remove_batch(kind, sorted(together), is_last=True)  # one of them stays, and so do all
        rest = sorted(heads - together)
        for first in range(0, len(rest), _BATCH):
            ids = rest[first : first + _BATCH]
            if not self._remove_batch(kind, ids, is_last=len(ids) == 1):
                for one in ids:  # somebody needs one of them since: the others go
                    self._remove_batch(kind, [one], is_last=True)
        if heads:
            self._say(f"{kind.name}: {self._done.removed[kind.name]} of {len(heads)}")

    def _heads(self, kind: Kind) -> set[UUID]:
        """Of orders those with sub-orders, which go together."""
        ids = self._plan.goes[kind.model]
        if kind.model is Order:
            return set(Order.objects.filter(pk__in=ids, parent=None).values_list("pk", flat=True))
        return ids

    def _remove_batch(self, kind: Kind, ids: Sequence[UUID], *, is_last: bool) -> bool:
        """What cannot go stays, once it is tried for the last time; False: nothing of the batch went."""
        try:
            gone, kept = retry_transaction(lambda _again: self._remove_rows(kind, ids), name="remove_demo_rows")
        except (ProtectedError, IntegrityError, NumberedAfter, OrderNotFound, Unavailable) as error:
            if is_last:
                reason = _REASON_OF.get(type(error), IN_USE)
                log.warning("demo_rows_stay", table=kind.table, rows=len(ids), reason=reason, error=str(error)[:300])
                self._plan.keep(kind.model, _whole(kind, dict.fromkeys(ids, reason)))
            return False
        self._plan.keep(kind.model, kept)
        self._done.removed[kind.name] += len(gone)
        return True

    @transaction.atomic
    def _remove_rows(self, kind: Kind, ids: Sequence[UUID]) -> tuple[list[UUID], Kept]:
        """Looks again at who uses them, the orders locked: the plan may be minutes old."""
        take_time()  # foreign keys look through whole ledgers for who wrote in them
        for order in ids if kind.model is Order else ():
            lock_order_group(order)
        kept = self._kept_now(kind, set(ids))
        going = [one for one in ids if one not in kept]
        gone = self._delete_rows(kind, going)
        DemoRow.objects.filter(table=kind.table, row__in=gone).update(state=DemoRowState.REMOVED, kept_for="")
        return gone, kept

    def _kept_now(self, kind: Kind, ids: set[UUID]) -> Kept:
        plan = self._plan
        if kind.model is Order:
            ids = ids | set(Order.objects.filter(parent__in=ids).values_list("pk", flat=True))
        kept = users_of(kind, ids, plan.goes_for(kind), with_trials=plan.with_trials)
        kept |= with_own_goods(kind.model, ids, plan.listed[Variant])
        if kind.model is Order:
            kept = bound_orders(ids, kept, plan.listed[Variant], plan.payers)
        if not plan.with_trials:
            kept |= changed_rows(kind, ids)
        return kept

    def _delete_rows(self, kind: Kind, ids: list[UUID]) -> list[UUID]:
        if kind.model is Order:
            parts = list(Order.objects.filter(parent__in=ids).values_list("pk", flat=True))
            remove_orders(ids, actor=self._actor)
            return [*ids, *parts]
        if kind.model is Variant:
            removed = [
                DemoRow(table="inventory_stock_level", row=level, state=DemoRowState.REMOVED)
                for level in remove_levels(variant_ids=ids)
            ]
            DemoRow.objects.bulk_create(removed, ignore_conflicts=True)
        kind.model._base_manager.filter(pk__in=ids).delete()
        return ids

    def _note_kept(self, kind: Kind) -> None:
        rows = DemoRow.objects.filter(table=kind.table).exclude(state=DemoRowState.REMOVED)
        by_reason: dict[str, list[Any]] = {}
        for row, reason in self._plan.kept.get(kind.model, {}).items():
            by_reason.setdefault(reason, []).append(row)
        for reason, ids in by_reason.items():
            rows.filter(row__in=ids).update(state=DemoRowState.KEPT, kept_for=reason)
        listed = set(rows.values_list("row", flat=True))
        there = set(kind.model._base_manager.filter(pk__in=listed).values_list("pk", flat=True))
        rows.filter(row__in=listed - there).update(state=DemoRowState.REMOVED)  # somebody deleted them before
        # A login that was made an administrator's is not looked at.
        rows.filter(state=DemoRowState.THERE).update(state=DemoRowState.KEPT, kept_for=CHANGED)
        left = rows.count()
        if left:
            self._done.kept[kind.name] = left


_REASON_OF: dict[type[Exception], str] = {NumberedAfter: INVOICE, Unavailable: BUSY}


def _with_invoices(heads: set[UUID]) -> set[UUID]:
    """Orders whose invoices go together or not at all."""
    invoices = Invoice.objects.filter(Q(order__in=heads) | Q(order__parent__in=heads))
    return {parent or order for order, parent in invoices.values_list("order", "order__parent")}


def _whole(kind: Kind, kept: Kept) -> Kept:
    return whole_orders(kept) if kind.model is Order else kept


@transaction.atomic
def _forget_lines() -> None:
    """Lines of removed orders that no ledger row names any more, because their level went, too. Reads the stock ledger
    once, for which there is no index."""
    take_time()
    named = StockMovement.objects.filter(order_item_id=OuterRef("row"))
    DemoRow.objects.filter(~Exists(named), table=OrderItem._meta.db_table).delete()
