"""After a restore: nothing is sold before what was paid since is in the books."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from embedded_postgres.backup.recovering import mark_restored
from inventory.models.level import StockLevel
from orders.jobs import expire_unpaid_orders
from orders.models.order import Order
from orders.services.orders.expire_unpaid_orders import expire_orders_holding
from orders.states import RefundStatus
from payments.jobs import send_refund
from payments.services.change_intent import capture_intent
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.clock import database_now
from shared.database.restored import DOOR, Restoring, restored_until
from shared.errors import Unavailable
from shared.ids import new_id
from tests.payments.services.restored import MOMENT, Restore, lose_intents, pay_for, pay_unheard, superuser
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


def order_over_http(staff: Caller) -> int:
    level, buyer = make_level(on_hand=5), make_buyer()
    body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    return staff.post("/orders", body).status_code


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
    assert expire_orders_holding(level_ids=StockLevel.objects.values_list("pk", flat=True)) == 0
    with pytest.raises(CommandError, match="reconcile"):
        call_command("expire_unpaid_orders")
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
    pay_for(sandbox, "4711")

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


@pytest.mark.usefixtures("restored")
def test_whoever_wants_it_open_all_the_same_gets_it_open_and_told_who_did_not_answer(
    server: StripeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for flags, is_open in ((("--open",), False), (("--unasked",), True)):
        server.breaks_next = 500
        with nullcontext() if is_open else pytest.raises(CommandError, match="--unasked"):
            call_command("reconcile", *flags)
        assert (restored_until() is None) is is_open

    assert "stripe does not answer" in capsys.readouterr().out
    assert restored_until() is None


def test_a_moment_after_the_one_restored_to_leaves_nothing_between_out(server: StripeServer, restore: Restore) -> None:
    order = an_order()
    server.payer_confirms(begin_at_stripe(order).provider_id)
    lose_intents()
    restore()
    later = database_now() + timedelta(days=1)

    call_command("reconcile", "--since", later.isoformat())

    assert state(order) == ("CONFIRMED", "PAID")


@pytest.mark.usefixtures("restored")
def test_restored_once_more_it_asks_from_the_earlier_moment_on() -> None:
    with superuser() as link:
        mark_restored(link, until=MOMENT + timedelta(hours=1))
    assert restored_until() == MOMENT

    with superuser() as link:
        mark_restored(link, until=MOMENT - timedelta(hours=1))
    assert restored_until() == MOMENT - timedelta(hours=1)


@pytest.mark.usefixtures("restored")
def test_a_server_that_starts_while_the_database_is_away_sells_nothing_before_it_has_looked() -> None:
    def is_away(*_call: object) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(is_away), pytest.raises(Unavailable) as refusal:
        DOOR.check()
    assert not isinstance(refusal.value, Restoring), "it has looked, and was told nothing"
    with pytest.raises(Restoring):
        DOOR.check()


def test_what_is_authorised_is_not_captured_before_it_is_known_how_it_stands(
    sandbox: Sandbox, restore: Restore
) -> None:
    intent = begin(an_order(), capture="manual")
    restore()

    with pytest.raises(Restoring):
        capture_intent(intent_id=intent.pk, actor=SYSTEM)

    assert sandbox.captured() == 0


def test_who_restored_nothing_says_since_when(transactional_db: None) -> None:
    with pytest.raises(CommandError, match="--since"):
        call_command("reconcile")
