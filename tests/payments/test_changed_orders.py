"""An order is changed while somebody is about to pay it: nobody pays the old amount without anybody noticing."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.incoming_payments.due import amount_due
from orders.models.order import Order
from orders.models.order_edit import OrderEdit
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.services.orders.edit_order import edit_order
from payments.jobs import void_outdated_intents
from payments.models.payment_intent import Capture, PaymentIntent
from payments.services.create_intent import create_intent
from payments.services.recover_operations import recover_operations
from shared.actor import SYSTEM
from tests.shop.database.races import run_together
from tests.shop.goods import make_level
from tests.shop.http.api_client import login, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.sandbox import Sandbox, begin, books_agree, process_stored
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)


def an_order_of(units: int = 2) -> Order:
    """10.00 each."""
    return order_of(make_buyer(), (make_level(on_hand=9, tax_rate="0"), units))


def give_units(order: Order, units: int) -> Order:
    line = OrderItem.objects.get(order=order)
    wish = EditRequest((ChangedQuantity(0, line.pk, units),))
    return edit_order(order_id=order.pk, requested=wish, actor=SYSTEM, reason="told by phone")


def run_queued() -> int:
    """The jobs that edits asked for."""
    jobs = list(ProcrastinateJob.objects.filter(task_name="payments.void_outdated_intents"))
    return sum(void_outdated_intents(**job.args) for job in jobs)


def changed_at(order: Order) -> datetime:
    return OrderEdit.objects.get(order=order).created_at


def status(intent: PaymentIntent) -> str:
    intent.refresh_from_db()
    return intent.status


def theirs(sandbox: Sandbox) -> list[str]:
    return [found["status"] for found in sandbox.books.everything()["intents"]]


def test_what_was_begun_over_the_old_amount_is_voided_at_the_provider_and_begun_anew(sandbox: Sandbox) -> None:
    order = an_order_of(2)
    staff = login(User.objects.create_superuser("desk@example.com"))
    path = f"/orders/{order.pk}/payment-intents"
    card = {"provider": "sandbox", "method": "card_3ds"}
    intents = [ok(staff.post(path, card), 201), ok(staff.post(path, {"provider": "manual", "method": "cash"}), 201)]
    line = OrderItem.objects.get(order=order)

    ok(
        staff.patch(
            f"/orders/{order.pk}/items", {"reason": "one more", "lines": [{"item": str(line.pk), "quantity": 3}]}
        )
    )

    assert run_queued() == 2
    assert {ok(staff.get(f"/payment-intents/{intent['id']}"))["status"] for intent in intents} == {"voided"}
    assert theirs(sandbox) == ["voided"]
    assert ok(staff.post(path, card), 201)["amount"] == "30.00"
    books_agree(sandbox)


def test_a_payer_who_saw_the_order_before_the_change_pays_nothing(sandbox: Sandbox) -> None:
    order = an_order_of(2)
    buyer = login(User.objects.get(customer=order.customer_id))
    path, card = f"/orders/{order.pk}/payment-intents", {"provider": "sandbox", "method": "card_3ds"}
    seen = buyer.get(f"/orders/{order.pk}")["ETag"]
    ok(buyer.post(path, card, if_match=seen), 201)
    changed = f'"{give_units(order, 3).version}"'

    for stale in (buyer.post(path, card, if_match=seen), buyer.post(path, {**card, "version": 1})):
        refused(stale, 412, "stale_version")
    assert theirs(sandbox) == ["requires_action"]

    begun = buyer.post(path, card, if_match=changed, idempotency_key="k1")  # voids the first one on its way
    assert ok(begun, 201)["amount"] == "30.00"
    again = buyer.post(path, card, if_match=changed, idempotency_key="k1")
    assert (again["Idempotent-Replayed"], again.json()["id"]) == ("true", begun.json()["id"])
    assert theirs(sandbox) == ["voided", "requires_action"]


def test_what_a_key_began_goes_on_whatever_has_become_of_the_order(sandbox: Sandbox) -> None:
    order = an_order_of(2)
    buyer = login(User.objects.get(customer=order.customer_id))
    call = partial(
        buyer.post,
        f"/orders/{order.pk}/payment-intents",
        {"provider": "sandbox", "method": "card"},
        if_match=f'"{order.version}"',
        idempotency_key="k1",
    )

    paid, again = call(), call()

    assert ok(buyer.get(f"/orders/{order.pk}"))["payment_status"] == "PAID"  # at another version, so
    assert (ok(paid, 201)["id"], again["Idempotent-Replayed"]) == (again.json()["id"], "true")
    assert theirs(sandbox) == ["captured"]


def test_without_the_job_whoever_pays_anew_or_the_next_recovery_voids_it(sandbox: Sandbox) -> None:
    asked, forgotten = an_order_of(), an_order_of()
    old = [begin(order, "card_3ds") for order in (asked, forgotten)]
    for order in (asked, forgotten):
        give_units(order, 1)

    new = begin(asked, "card_3ds")
    done = recover_operations()

    assert (new.amount, status(old[0]), status(new)) == (Decimal(10), "voided", "requires_action")
    assert (done["outdated"], status(old[1])) == (1, "voided")
    assert recover_operations()["outdated"] == 0


def test_what_is_authorised_or_still_right_stays(sandbox: Sandbox) -> None:
    authorised, right = an_order_of(2), an_order_of(2)
    held = begin(authorised, capture=Capture.MANUAL)
    waiting = begin(right, "card_3ds")
    give_units(authorised, 3)
    for units in (3, 2):
        give_units(right, units)

    assert run_queued() == 0
    assert recover_operations()["outdated"] == 0
    assert (status(held), status(waiting)) == ("authorised", "requires_action")


@pytest.mark.parametrize("units", [1, 3])
def test_paying_beginning_and_changing_at_one_moment(sandbox: Sandbox, units: int) -> None:
    orders = [an_order_of(2) for _ in range(3)]
    for order in orders:
        intent = begin(order, "card_3ds")

        def void(order: Order = order) -> Any:
            give_units(order, units)
            return void_outdated_intents(str(order.pk))

        def pay(intent: PaymentIntent = intent) -> Any:
            sandbox.payer(intent, "pay")  # or the provider says that it is voided
            sandbox.tell_all(process=False)
            process_stored()

        anew = partial(create_intent, order_id=order.pk, actor=SYSTEM, provider="sandbox", method="card_3ds")
        run_together(pay, void, anew)

    sandbox.tell_all()
    recover_operations()
    for order in orders:
        order.refresh_from_db()
        payments = list(Payment.objects.filter(order=order))
        due = amount_due(order, payments)
        begun = PaymentIntent.objects.filter(order=order, status__in=["created", "requires_action"])
        assert {intent.amount for intent in begun} <= {due}, "nobody is asked for the old amount any more"
        for payment in payments:
            was_due = Decimal(20) if payment.created_at < changed_at(order) else order.total
            assert payment.amount == was_due or payment.match != "exact", "staff are told"
    books_agree(sandbox)
