"""Asking for the removal of the demo shop, and how far it is: for the admin."""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from crm.demo.opening import is_loading_or_removing
from crm.demo.removal.kinds import KINDS
from crm.models.demo_row import DemoRow, DemoRowState
from orders.models.sales import ArchivedOrder
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.errors import Refusal
from shop.current import current_shop
from shop.services.note_demo_shop import note_removal_began

JOB: Final = "crm.remove_demo_shop"
# Whoever may set the shop up and take logins away.
MAY_REMOVE_DEMO: Final = ("shop.change_shop", "users.delete_user")


class NoDemoShop(Refusal):
    code = "no_demo_shop"
    title = _("There is no demo shop")


class RemovalRunning(Refusal):
    code = "demo_removal_running"
    title = _("The demo shop is being removed already")


class OrdersAreArchived(Refusal):
    code = "orders_are_archived"
    title = _("Orders are in the archive")


def check_demo_there() -> None:
    """Raises NoDemoShop where nothing is left to remove, or OrdersAreArchived: nobody can tell what goods, people and
    coupons orders name that are not here."""
    is_left = DemoRow.objects.exclude(state=DemoRowState.REMOVED).exists()
    if current_shop().demo_loaded_at is None and not is_left:
        raise NoDemoShop(gettext("There is no demo shop here, or none that can be told from your own records."))
    months = ArchivedOrder.objects.order_by("month").values_list("month", flat=True).distinct()[:5]
    if months:
        raise OrdersAreArchived(
            gettext("Orders of %(months)s are in the archive. Bring them back before the demo shop is removed.")
            % {"months": ", ".join(months)}
        )


def ask_for_removal(*, with_trials: bool, actor: Actor) -> None:
    """Have the worker remove it. Raises NoDemoShop, OrdersAreArchived, or RemovalRunning where it is asked for already:
    with other choices perhaps, which nobody must think to be theirs."""
    check_demo_there()
    with transaction.atomic():
        user_id = str(actor.user_id) if actor.user_id else None
        if is_being_removed() or not enqueue(JOB, with_trials=with_trials, actor_id=user_id):
            raise RemovalRunning(gettext("The demo shop is being removed already. When it is done, you may ask again."))
        note_removal_began()


def is_being_removed() -> bool:
    """Whether a job for it waits or runs, or a command is at it. One that failed does not come back by itself."""
    jobs: Any = ProcrastinateJob.objects
    return jobs.filter(task_name=JOB, status__in=("todo", "doing")).exists() or is_loading_or_removing()


def removal_progress() -> tuple[int, int]:
    """How many of the demo shop's rows have been dealt with, and how many there are."""
    rows = DemoRow.objects.filter(table__in=[kind.table for kind in KINDS])
    return rows.exclude(state=DemoRowState.THERE).count(), rows.count()
