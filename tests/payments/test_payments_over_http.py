"""Payment intents over REST, and what staff do with odd payments in the admin."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orders.models.adjustment import Adjustment
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.services.payments.confirm_payment import record_payment
from orders.services.upkeep.audit_books import audit_books
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.services.recover_operations import recover_operations
from payments.services.send_refund import send_refund
from shared.actor import SYSTEM
from tests.shop.goods import balances, make_level
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.sandbox import Sandbox, an_order, begin, books_agree, state
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)
TRANSFER = {"provider": "manual", "method": "bank_transfer"}


@pytest.fixture
def staff(transactional_db: None) -> Caller:
    return login(User.objects.create_superuser("till@example.com"))


def test_a_customer_pays_its_own_order_and_no_other(sandbox: Sandbox) -> None:
    order, other = an_order(), an_order()
    buyer = login(User.objects.get(customer=order.customer_id))
    path = f"/orders/{order.pk}/payment-intents"

    begun = buyer.post(path, {"provider": "sandbox", "method": "card_3ds"})
    again = buyer.post(path, {"provider": "sandbox", "method": "card_3ds"})

    intent = ok(begun, 201)
    assert begun["Location"] == f"/api/v1/payment-intents/{intent['id']}"
    assert ok(again, 200) == intent
    assert (intent["status"], intent["amount"], intent["order"]) == ("requires_action", "119.00", str(order.pk))
    assert intent["action_url"].startswith(sandbox.url)
    assert ok(buyer.get(f"/payment-intents/{intent['id']}")) == intent
    assert [row["id"] for row in ok(buyer.get("/payment-intents", order=str(order.pk)))["results"]] == [intent["id"]]
    refused(buyer.post(f"/orders/{other.pk}/payment-intents", TRANSFER), 404, "order_not_found")
    stranger = login(User.objects.get(customer=other.customer_id))
    refused(stranger.get(f"/payment-intents/{intent['id']}"), 404, "not_found")
    refused(buyer.post(f"/payment-intents/{intent['id']}/capture", {}), 403, "permission_denied")
    refused(buyer.post(path, {"provider": "sandbox", "method": "card", "capture": "manual"}), 400, "invalid")


def test_what_cannot_be_paid_is_refused(staff: Caller) -> None:
    order = an_order()
    path = f"/orders/{order.pk}/payment-intents"

    refused(staff.post(path, {"provider": "piggy_bank"}), 404, "provider_not_found")
    refused(staff.post(path, {"provider": "stripe"}), 404, "provider_not_found")  # no keys are configured
    refused(staff.post(path, {"provider": "manual", "method": "shells"}), 400, "invalid")
    refused(staff.post(path, {**TRANSFER, "colour": "red"}), 400, "invalid")
    refused(staff.post("/webhooks/piggy_bank", {}), 404, "provider_not_found")
    refused(staff.post("/webhooks/manual", {}), 400, "bad_signature")
    ok(staff.patch(f"/orders/{order.pk}/payment", {"status": "paid"}))
    refused(staff.post(path, TRANSFER), 409, "nothing_due")


def test_staff_say_what_came_in_on_a_manual_intent(staff: Caller) -> None:
    order = an_order("100.00")
    intent = ok(staff.post(f"/orders/{order.pk}/payment-intents", TRANSFER), 201)
    path = f"/payment-intents/{intent['id']}/capture"

    refused(staff.post(path, {"amount": "60.005"}), 400, "invalid")
    refused(staff.post(path, {"version": 1}), 412, "stale_version")
    captured = ok(staff.post(path, {"amount": "60.00", "version": intent["version"]}))

    assert (captured["status"], captured["captured_amount"]) == ("captured", "60.00")
    assert state(order) == ("PENDING", "PENDING")
    refused(staff.post(path, {"amount": "40.00"}), 409, "intent_not_open")
    rest = ok(staff.post(f"/orders/{order.pk}/payment-intents", TRANSFER), 201)
    assert rest["amount"] == "40.00"
    ok(staff.post(f"/payment-intents/{rest['id']}/capture", {}))
    assert state(order) == ("CONFIRMED", "PAID")
    assert_books_are_right()


def test_a_key_needs_the_scope(staff: Caller) -> None:
    order = an_order()
    reader = machine(staff.user, "orders:read")
    payer = machine(staff.user, "payments:write")

    refused(reader.post(f"/orders/{order.pk}/payment-intents", TRANSFER), 403, "missing_scope")
    intent = ok(payer.post(f"/orders/{order.pk}/payment-intents", TRANSFER), 201)
    ok(payer.post(f"/payment-intents/{intent['id']}/void", {}))
    refused(payer.post(f"/payment-intents/{intent['id']}/capture", {}), 409, "intent_not_open")
    refused(payer.get(f"/payment-intents/{intent['id']}"), 403, "missing_scope")


def test_the_plain_confirmation_pays_what_was_begun_elsewhere(staff: Caller, sandbox: Sandbox) -> None:
    """PATCH /orders/{id}/payment stays what it was; the intent that nobody needs any more is voided."""
    order = an_order()
    intent = begin(order, "card_3ds")

    ok(staff.patch(f"/orders/{order.pk}/payment", {"status": "paid", "reference": "wire-1"}))
    recover_operations()

    intent.refresh_from_db()
    assert intent.status == "voided"
    assert state(order) == ("CONFIRMED", "PAID")


def test_a_short_payment_is_accepted_and_the_rest_written_off(staff: Caller) -> None:
    level = make_level(on_hand=3, price="50.00", tax_rate="0.2")
    order = order_of(make_buyer(), (level, 2))
    paid_short(order, "119.50")
    payment = Payment.objects.get()

    answer = settle(payment, "accept_short", "half a crown")

    assert answer.status_code == 302
    assert state(order) == ("CONFIRMED", "PAID")
    assert (order.total, order.discount_total) == (Decimal("119.50"), Decimal("0.50"))
    assert Adjustment.objects.get(order=order, kind="write_off").amount == Decimal("-0.50")
    assert balances(level.pk) == (1, 0)
    assert settle(payment, "accept_short", "again").status_code == 409
    assert_books_are_right()


def test_a_surplus_goes_back_through_the_provider(sandbox: Sandbox) -> None:
    order = an_order("100.00")
    sandbox.payer(begin(order, "bank_transfer"), "pay", amount="104.00")
    sandbox.tell_all()
    payment = Payment.objects.get()
    assert in_queue(payment)

    settle(payment, "refund_overpayment", "paid too much")
    send_refund(refund_id=Refund.objects.get().pk)
    sandbox.tell_all()

    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (4, "DONE")
    assert sandbox.refunded() == 4
    assert not in_queue(payment)
    assert state(order) == ("CONFIRMED", "PAID")
    books_agree(sandbox)
    assert_books_are_right()


def test_a_refund_that_the_provider_refuses_waits_for_staff(sandbox: Sandbox) -> None:
    """By the sandbox's magic: 20.95 cannot be given back."""
    order = an_order("100.00")
    sandbox.payer(begin(order, "bank_transfer"), "pay", amount="120.95")
    sandbox.tell_all()

    settle(Payment.objects.get(), "refund_overpayment", "paid too much")
    send_refund(refund_id=Refund.objects.get().pk)
    sandbox.tell_all()

    refund = Refund.objects.get()
    assert (refund.status, refund.failure) == ("FAILED", "The account is closed.")
    assert sandbox.refunded() == 0


def test_what_is_no_money_matter_any_more_is_marked_as_settled(staff: Caller) -> None:
    order = an_order("100.00")
    record_payment(order_id=order.pk, actor=SYSTEM, amount=Decimal(101), currency="USD", reference="wire-1")
    payment = Payment.objects.get()
    assert in_queue(payment)

    settle(payment, "mark_settled", "a tip")

    assert not in_queue(payment)
    assert settle(payment, "mark_settled", "again").status_code == 409
    assert_books_are_right()


def test_a_webhook_is_processed_again_by_hand(sandbox: Sandbox) -> None:
    order = an_order()
    intent = begin(order, "card_3ds")
    sandbox.payer(intent, "pay")
    sandbox.tell(sandbox.events()[-1])
    WebhookEvent.objects.update(status=WebhookStatus.FAILED, attempts=9, error="no luck")
    event = WebhookEvent.objects.get()
    page = reverse("admin:payments_webhookevent_replay", args=[event.pk])

    for _ in range(2):
        assert boss().post(page).status_code == 302

    event.refresh_from_db()
    assert (event.status, event.error) == ("processed", "")
    assert Payment.objects.filter(order=order).count() == 1
    assert state(order) == ("CONFIRMED", "PAID")


def test_the_confirmation_page_takes_another_amount_when_asked_to(staff: Caller) -> None:
    order = an_order("100.00")
    page = reverse("admin:orders_order_confirm_payment", args=[order.pk])

    assert boss().post(page, {"amount": "60", "reference": "wire-1"}).status_code == 409
    assert boss().post(page, {"amount": "60", "reference": "wire-1", "as_it_came": "on"}).status_code == 302

    assert state(order) == ("PENDING", "PENDING")
    assert Payment.objects.get().amount == 60


def paid_short(order: Order, amount: str) -> None:
    record_payment(order_id=order.pk, actor=SYSTEM, amount=Decimal(amount), currency="USD", reference="wire-1")


def settle(payment: Payment, how: str, reason: str) -> Answer:
    """A button of the payment's page, pressed."""
    answer: Any = boss().post(reverse(f"admin:orders_payment_{how}", args=[payment.pk]), {"reason": reason})
    return answer


def in_queue(payment: Payment) -> bool:
    listed = boss().get(reverse("admin:orders_payment_changelist"), {"queue": "to_settle"})
    return str(payment.pk) in listed.content.decode()


def boss() -> Client:
    user = User.objects.filter(is_superuser=True).first()
    return signed_in(user or superuser())


def assert_books_are_right() -> None:
    assert [
        (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
    ] == []
