"""Whether the demo shop may be loaded, and the sign on the door while it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from catalog.models.product import Product
from crm.demo.people import LOGINS, WEB_SHOP
from crm.models.deal import Deal
from crm.models.demo_row import DemoRow
from crm.models.email import EmailTemplate
from crm.models.lead import Lead
from crm.models.task import Task
from inventory.models.level import StockLevel
from orders.models.order import Order
from shared.errors import Refusal
from users.models.company import Company
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User

# A label that staff see too: it is taken off by the transaction that ends the load.
_SIGN = "Demo shop: loading"
_CONTENT: tuple[type[models.Model], ...] = (
    Customer,
    Company,
    Category,
    Product,
    StockLevel,
    Order,
    Lead,
    Deal,
    Task,
    EmailTemplate,
)
# Of pg_advisory_lock: only one load at a time in a database.
_LOCK = 0x4B6F6E74_64656D6F


class ShopNotEmpty(Refusal):
    code = "shop_not_empty"
    title = "The demo shop goes into an empty shop only"


class LoadInterrupted(ShopNotEmpty):
    code = "demo_load_interrupted"
    title = "Loading the demo shop was interrupted: only a part of it is there"


class LoadRunning(Refusal):
    code = "demo_load_running"
    title = _("The demo shop is being loaded or removed right now")


START_ANEW = (
    "To start anew: stop Kontor, empty the whole database, logins included, with `manage.py flush`, and "
    "start Kontor again or run `manage.py load_demo_shop`. Do not do so if there is anything to keep."
)


def check_shop_is_empty() -> None:
    """Raise ShopNotEmpty naming what is there, or LoadInterrupted when it is what an earlier load left."""
    found = [str(model._meta.verbose_name_plural) for model in _CONTENT if model._default_manager.exists()]
    if found and Tag.objects.filter(name=_SIGN).exists():
        raise LoadInterrupted(f"{LoadInterrupted.title}. {START_ANEW}")
    if found:
        raise ShopNotEmpty(f"The demo shop goes into an empty shop only; this one has {', '.join(found)}.")
    taken = User.objects.filter(email__in=[*LOGINS, WEB_SHOP]).values_list("email", flat=True)
    if taken:
        raise ShopNotEmpty(f"The demo shop brings logins that exist already: {', '.join(sorted(taken))}.")


def check_never_loaded() -> None:
    """Raise ShopNotEmpty where the demo shop was loaded and removed: nobody who starts Kontor again wants it back."""
    if DemoRow.objects.exists():
        raise ShopNotEmpty("The demo shop was here before.")


def put_sign_up() -> None:
    """Say that loading has begun; call it in the transaction that writes the first content."""
    Tag.objects.get_or_create(name=_SIGN)


def take_sign_down() -> None:
    """Say that all is there; call it in the transaction that ends the load."""
    Tag.objects.filter(name=_SIGN).delete()


@contextmanager
def one_load_at_a_time() -> Iterator[None]:
    """Raises LoadRunning when another process is at it. Holds an advisory lock of the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise LoadRunning(gettext("The demo shop is being loaded or removed by another process right now."))
    try:
        yield
    finally:
        _run_if_connected("SELECT pg_advisory_unlock(%s)", _LOCK)


def is_loading_or_removing() -> bool:
    """Whether some process is at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = %s)",
            [_LOCK >> 32, _LOCK & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """Commits do not wait for the disk: a crash may lose the last ones, as an interruption does."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        _run_if_connected("RESET synchronous_commit")


def _run_if_connected(sql: str, *values: int) -> None:
    """Tidy the session up. One that broke, or was interrupted amid a statement, ends with the process anyway."""
    if connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
