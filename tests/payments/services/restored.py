"""A database that was brought back to a moment, and what was paid since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from embedded_postgres.backup.taking import superuser_url
from orders.models.order import Order
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from shared.ids import new_id
from tests.shop.servers.sandbox import Sandbox, an_order, begin

Restore = Callable[[], None]
MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@contextmanager
def superuser() -> Iterator[psycopg.Connection]:
    url = superuser_url(Path(connection.settings_dict["EMBEDDED_HOME"]))
    with psycopg.connect(make_conninfo(url, dbname=connection.settings_dict["NAME"]), autocommit=True) as link:
        yield link


def pay_unheard(sandbox: Sandbox) -> tuple[Order, PaymentIntent]:
    """An order whose payer has paid at the provider, which could tell nobody."""
    order = an_order()
    intent = begin(order, method="card_3ds")
    sandbox.payer(intent, "pay")
    return order, intent


def pay_for(sandbox: Sandbox, number: str, **metadata: str) -> None:
    """For an order that is not here any more."""
    lost = {"intent": str(new_id()), "order": number} | metadata
    wanted = {"amount": "19.99", "currency": "USD", "method": "card", "capture": "automatic", "metadata": lost}
    sandbox.books.change(lambda: sandbox.books.create(wanted))


def lose_intents() -> None:
    """They were begun after the moment of the restore."""
    IntentOperation.objects.all().delete()
    PaymentIntent.objects.all().delete()
