"""Removing the demo shop, for the admin, the worker and the command alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Exists, Model, OuterRef, ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product
from catalog.models.variant import Variant
from crm.demo.marks import SOURCE
from crm.demo.opening import one_load_at_a_time
from crm.demo.removal.kinds import CHANGED, IN_USE, KINDS, Kind, users_of
from crm.demo.removal.orders import remove_orders, restart_invoice_numbers
from crm.demo.removal.plan import Plan, bound_orders, plan_removal, whole_orders
from crm.models.demo_row import DemoRow, DemoRowState
from inventory.models.movement import StockMovement
from inventory.services.remove_levels import remove_levels
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.services.upkeep.refresh_sales import refresh_sales
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.errors import Refusal
from shared.history.signing import acting
from shop.current import current_shop
from shop.services.note_demo_shop import note_demo_removed, note_removal_began
from users.models.user import User

JOB: Final = "crm.remove_demo_shop"
# Whoever may set the shop up and take logins away.
MAY_REMOVE_DEMO: Final = ("shop.change_shop", "users.delete_user")
_BATCH = 25  # orders or other rows a transaction: each is over in well under a second
Say = Callable[[str], None]


class NoDemoShop(Refusal):
    code = "no_demo_shop"
    title = _("There is no demo shop")


@dataclass(slots=True)
class Removal:
    """How many rows went, and how many of the demo shop's stay, by the name of their kind."""

    removed: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)


def check_demo_there() -> None:
    """Raises NoDemoShop where nothing is left to remove."""
    is_left = DemoRow.objects.exclude(state=DemoRowState.REMOVED).exists()
    if current_shop().demo_loaded_at is None and not is_left:
        raise NoDemoShop(gettext("There is no demo shop here, or none that can be told from your own records."))


def ask_for_removal(*, with_trials: bool, actor: Actor) -> None:
    """Have the worker remove it. Raises NoDemoShop. Asked twice, it is done once."""
    check_demo_there()
    with transaction.atomic():
        note_removal_began()
        enqueue(JOB, with_trials=with_trials, actor_id=str(actor.user_id) if actor.user_id else None)


def remove_demo_shop(*, with_trials: bool, actor: Actor, say: Say = lambda _line: None) -> Removal:
    """Remove what the demo shop brought, but for what a colleague made their own or what something of their own names.

    `with_trials`: also that, and what was only tried out with demo goods and customers. Commits a small transaction at
    a time; stopped anywhere, it goes on where it was when called again. What somebody orders meanwhile stays, with its
    goods. Raises NoDemoShop, or LoadRunning while another process loads or removes.
    """
    with one_load_at_a_time(), acting(actor.user_id, SOURCE):
        check_demo_there()
        note_removal_began()
        removal = _Removal(plan_removal(with_trials=with_trials), actor, say).run()
        restart_invoice_numbers()
        _forget_lines()
        refresh_sales(everything=True)
        note_demo_removed()
    return removal


class _Removal:
    def __init__(self, plan: Plan, actor: Actor, say: Say) -> None:
        self._plan = plan
        self._actor = actor
        self._say = say
        self._done = Removal()

    def run(self) -> Removal:
        self._stop_offering()
        for kind in KINDS:
            self._remove_kind(kind)
            self._note_kept(kind)
        return self._done

    def _stop_offering(self) -> None:
        """Nobody orders any more what is about to go, or stays for an order's sake, and nobody signs in as who goes."""
        for model in (Variant, Product, User):
            kept = {row for row, reason in self._plan.kept[model].items() if reason != CHANGED}
            rows = model._base_manager.filter(pk__in=self._plan.goes[model] | kept, is_active=True)
            rows.update(is_active=False)

    def _remove_kind(self, kind: Kind) -> None:
        name = str(kind.model._meta.verbose_name_plural)
        heads = sorted(self._heads(kind))
        for first in range(0, len(heads), _BATCH):
            ids = heads[first : first + _BATCH]
            if not self._is_removed(kind, ids):
                for one in ids:  # somebody needs one of them since: the others go
                    self._is_removed(kind, [one])
            self._say(f"{name}: {self._done.removed[name]} of {len(self._plan.goes[kind.model])}")

    def _heads(self, kind: Kind) -> set[UUID]:
        """Of orders those with sub-orders, which go together."""
        ids = self._plan.goes[kind.model]
        if kind.model is Order:
            return set(Order.objects.filter(pk__in=ids, parent=None).values_list("pk", flat=True))
        return ids

    def _is_removed(self, kind: Kind, ids: Sequence[UUID]) -> bool:
        try:
            with transaction.atomic():
                gone = self._remove_rows(kind, ids)
                DemoRow.objects.filter(table=kind.table, row__in=gone).update(state=DemoRowState.REMOVED, kept_for="")
        except (ProtectedError, DatabaseError):
            # The last word is the foreign keys'. What one row alone cannot leave behind stays.
            self._plan.kept[kind.model] |= dict.fromkeys(ids, IN_USE) if len(ids) == 1 else {}
            return False
        self._done.removed[str(kind.model._meta.verbose_name_plural)] += len(gone)
        return True

    def _remove_rows(self, kind: Kind, ids: Sequence[UUID]) -> list[UUID]:
        """Looks again at who uses them: the plan may be minutes old."""
        used = users_of(kind, ids, self._plan.goes)
        if kind.model is Order:
            family = set(Order.objects.filter(parent__in=ids).values_list("pk", flat=True)) | set(ids)
            bound = bound_orders(family, self._plan.goes[Variant] | set(self._plan.kept[Variant]))
            used = whole_orders(used | bound)
        self._plan.kept[kind.model] |= used
        going = [one for one in ids if one not in used]
        if kind.model is Order:
            return self._remove_orders(going)
        if kind.model is Variant:
            removed = [
                DemoRow(table="inventory_stock_level", row=level, state=DemoRowState.REMOVED)
                for level in remove_levels(variant_ids=going)
            ]
            DemoRow.objects.bulk_create(removed, ignore_conflicts=True)
        kind.model._base_manager.filter(pk__in=going).delete()
        return going

    def _remove_orders(self, ids: Sequence[UUID]) -> list[UUID]:
        parts = list(Order.objects.filter(parent__in=ids).values_list("pk", flat=True))
        remove_orders(ids, actor=self._actor)
        return [*ids, *parts]

    def _note_kept(self, kind: Kind) -> None:
        kept = self._plan.kept.get(kind.model, {})
        rows = DemoRow.objects.filter(table=kind.table).exclude(state=DemoRowState.REMOVED)
        by_reason: dict[str, list[Any]] = {}
        for row, reason in kept.items():
            by_reason.setdefault(reason, []).append(row)
        for reason, ids in by_reason.items():
            rows.filter(row__in=ids).update(state=DemoRowState.KEPT, kept_for=reason)
        gone = [one for one in rows.values_list("row", flat=True) if not _is_there(kind.model, one)]
        rows.filter(row__in=gone).update(state=DemoRowState.REMOVED)  # somebody deleted them before
        left = rows.count()
        if left:
            self._done.kept[str(kind.model._meta.verbose_name_plural)] = left


def _is_there(model: type[Model], pk: UUID) -> bool:
    return model._base_manager.filter(pk=pk).exists()


def _forget_lines() -> None:
    """Lines of removed orders that no ledger row names any more, because their level went, too."""
    named = StockMovement.objects.filter(order_item_id=OuterRef("row"))
    DemoRow.objects.filter(~Exists(named), table=OrderItem._meta.db_table).delete()


def removal_progress() -> tuple[int, int]:
    """How many of the demo shop's rows have been dealt with, and how many there are."""
    listed: Iterable[str] = [kind.table for kind in KINDS]
    rows = DemoRow.objects.filter(table__in=listed)
    return rows.exclude(state=DemoRowState.THERE).count(), rows.count()
