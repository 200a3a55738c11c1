"""After a restore: nothing is sold before what was paid since is in the books."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from embedded_postgres.backup.recovering import mark_restored
from embedded_postgres.backup.taking import superuser_url
from embedded_postgres.server.roles import RESTORED_SETTING
from orders.jobs import expire_unpaid_orders
from orders.models.order import Order
from orders.states import RefundStatus
from payments.jobs import send_refund
from payments.models.payment_intent import PaymentIntent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.database.restored import DOOR, Restoring, restored_until
from shared.ids import new_id
from tests.payments.stripe_orders import begin as begin_at_stripe
from tests.payments.stripe_server import StripeServer
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, login
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.embedded_clients import eventually
from tests.shop.servers.sandbox import Sandbox, an_order, begin, books_agree, received, state
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def restored(transactional_db: None) -> Iterator[None]:
    """The database is a restored one, and the web server has just started on it."""
    url = superuser_url(Path(connection.settings_dict["EMBEDDED_HOME"]))
    with psycopg.connect(make_conninfo(url, dbname=connection.settings_dict["NAME"]), autocommit=True) as link:
        mark_restored(link, until=MOMENT)
        DOOR.close_until_looked()
        yield
        link.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" RESET {RESTORED_SETTING}')
    DOOR.look()


def order_over_http(staff: Caller) -> int:
    level, buyer = make_level(on_hand=5), make_buyer()
    body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    return staff.post("/orders", body).status_code


def pay_unheard(sandbox: Sandbox) -> tuple[Order, PaymentIntent]:
    """An order whose payer has paid at the provider, which could tell nobody."""
    order = an_order()
    intent = begin(order, method="card_3ds")
    sandbox.payer(intent, "pay")
    return order, intent


@pytest.fixture
def overdue(transactional_db: None) -> Order:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    Order.objects.update(payment_expires_at=MOMENT)
    return order


def test_nothing_is_sold_or_paid_or_swept_until_it_is_reconciled(
    sandbox: Sandbox, overdue: Order, restored: None
) -> None:
    staff = login(User.objects.create_superuser("staff@example.com"))

    assert order_over_http(staff) == 503
    with pytest.raises(Restoring):
        create_intent(order_id=overdue.pk, actor=SYSTEM, provider="sandbox", method="card")
    assert expire_unpaid_orders() == 0
    assert send_refund(str(new_id())) == "waits for reconciliation"
    assert state(overdue)[0] == "PENDING"
    assert restored_until() == MOMENT

    call_command("reconcile")

    assert restored_until() is None
    eventually(lambda: order_over_http(staff) == 201, "it sells again")
    assert expire_unpaid_orders() == 1


def test_what_was_paid_since_is_in_the_books_before_the_shop_opens(sandbox: Sandbox) -> None:
    order, _intent = pay_unheard(sandbox)
    assert received(order) == 0

    call_command("reconcile", "--since", MOMENT.isoformat())
    call_command("reconcile", "--since", MOMENT.isoformat())

    assert state(order) == ("CONFIRMED", "PAID")
    books_agree(sandbox)


def test_a_payment_of_an_order_that_is_gone_is_named_and_keeps_the_shop_closed(
    sandbox: Sandbox, restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = {"intent": str(new_id()), "order": "4711"}
    wanted = {"amount": "19.99", "currency": "USD", "method": "card", "capture": "automatic", "metadata": lost}
    sandbox.books.change(lambda: sandbox.books.create(wanted))

    with pytest.raises(SystemExit):
        call_command("reconcile")

    assert "19.99 USD taken for order 4711" in capsys.readouterr().out
    assert restored_until() == MOMENT
    call_command("reconcile", "--open")
    assert restored_until() is None


def test_what_was_given_back_since_is_in_the_books(sandbox: Sandbox) -> None:
    order, intent = pay_unheard(sandbox)
    intent.refresh_from_db()
    sandbox.books.change(lambda: sandbox.books.refund(intent.provider_id, "119.00", {}))

    call_command("reconcile", "--since", MOMENT.isoformat())

    assert received(order) == 119
    assert order.refunds.filter(status=RefundStatus.DONE).count() == 1
    books_agree(sandbox)


def test_stripe_is_asked_in_its_own_way(server: StripeServer) -> None:
    order = an_order()
    intent = begin_at_stripe(order)
    server.intents[intent.provider_id] |= {"status": "succeeded", "amount_received": 11900}

    call_command("reconcile", "--since", MOMENT.isoformat())

    assert state(order) == ("CONFIRMED", "PAID")
    assert {path for _method, path, *_rest in server.requests} >= {"/v1/payment_intents", "/v1/refunds"}


@pytest.mark.usefixtures("restored")
def test_without_an_answer_of_the_provider_nothing_is_opened(server: StripeServer) -> None:
    server.breaks_next = 500

    with pytest.raises(CommandError, match="does not answer"):
        call_command("reconcile")

    assert restored_until() == MOMENT


def test_who_restored_nothing_says_since_when(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="--since"):
        call_command("reconcile")
