"""Buyers hear of their orders: once, in their language, over real SMTP, and nothing from before it was turned on."""

from datetime import timedelta

from crm.models.activity import Activity
from crm.models.order_mail import OrderMail, OrderMailTemplate
from crm.services.mail.queue_order_mails import queue_order_mails
from crm.services.mail.send_order_mails import send_order_mails
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment_method import PaymentMethod
from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from orders.services.payments.confirm_payment import confirm_payment
from orders.services.refunds.refund_order import refund_order
from orders.services.refunds.settle_refund import settle_refund
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from shop.services.save_bank_account import save_bank_account
from shop.services.update_shop import update_shop
from tests.crm.mail.order_mails import CONFIRMED, buy, deadline_of, deliver, subjects
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.servers.smtp_server import Letters
from users.models.customer import Customer


def test_nothing_is_written_about_what_happened_before(db: None, letters: Letters) -> None:
    old = buy()

    assert [deliver(), deliver()] == [[], []]
    new = buy()
    assert deliver() == ["sent"]

    assert (subjects(letters, old), len(subjects(letters, new))) == ([], 1)


def test_a_confirmation_names_what_was_bought_and_stands_in_the_timeline(shop: Letters) -> None:
    order = buy()

    assert deliver() == ["sent"]

    (letter,) = shop.to(order.customer_email)
    item = OrderItem.objects.get(order=order)
    assert letter["Subject"] == f"{CONFIRMED} {order.number}"
    assert f"2 x {item.name} ({item.sku})" in letter.get_content()
    assert "23.80 USD" in letter.get_content()
    assert "Please pay by" in letter.get_content()
    assert Activity.objects.get(customer=order.customer, kind="email").subject == letter["Subject"]


def test_it_is_written_in_the_customers_language(shop: Letters) -> None:
    buyer = make_buyer()
    Customer.objects.filter(pk=buyer.customer.pk).update(language="uk")
    order = buy(buyer)

    deliver()

    (letter,) = shop.to(order.customer_email)
    assert subjects(shop, order)[0] == f"Ми отримали ваше замовлення {order.number}"
    assert "Дякуємо за замовлення" in letter.get_content()


def test_an_orders_e_mail_comes_from_the_shop_and_may_name_it(shop: Letters) -> None:
    update_shop(changes={"name": "Чай"})
    OrderMailTemplate.objects.filter(kind="confirmation").update(body_en="Bye, {{ shop.name }}")
    order = buy()

    assert deliver() == ["sent"]

    (letter,) = shop.to(order.customer_email)
    assert str(letter["From"]).startswith("Чай <")
    assert "Bye, Чай" in letter.get_content()


def test_how_to_pay_is_told_with_the_orders_number_and_the_shops_account(shop: Letters) -> None:
    for iban, currency in (("DE89370400440532013000", ""), ("NL91ABNA0417164300", "EUR")):
        save_bank_account(account_id=None, values={"iban": iban, "currency": currency})
    text = "Transfer {amount}, reference {order}, to {accounts}"
    PaymentMethod.objects.create(code="bank", name="Bank transfer", instructions=text)
    OrderMailTemplate.objects.filter(kind="confirmation").update(
        body_en="{{ payment.method }}: {{ payment.instructions }}"
    )
    order = buy()
    Order.objects.filter(pk=order.pk).update(payment_method="bank")

    assert deliver() == ["sent"]

    (letter,) = shop.to(order.customer_email)
    told = f"Bank transfer: Transfer 23.80 USD, reference {order.number}, to DE89 3704 0044 0532 0130 00"
    assert told in " ".join(letter.get_content().split())
    assert "NL91" not in letter.get_content(), "that account takes euros"


def test_each_way_to_cancel_has_its_own_words(shop: Letters) -> None:
    ours, theirs, late = buy(), buy(), buy()
    deliver()
    cancel_order(order_id=ours.pk, actor=SYSTEM, reason=CancelReason.STAFF)
    cancel_order(order_id=theirs.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)
    expire_unpaid_orders(now=deadline_of(late) + timedelta(minutes=1))

    deliver()

    assert "We had to cancel" in subjects(shop, ours)[1]
    assert "is cancelled" in subjects(shop, theirs)[1]
    assert "not paid in time" in subjects(shop, late)[1]


def test_a_split_order_is_confirmed_and_cancelled_once(shop: Letters) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1), (make_level_of_another(on_hand=5), 1))
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    assert deliver() == ["sent", "sent"]

    assert len(subjects(shop, order)) == 2
    assert len(shop.to(order.customer_email)[0].get_content().split(" x ")) == 3


def test_a_shipment_is_told_once(shop: Letters) -> None:
    order = buy()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    advance_order(order_id=order.pk, status="PROCESSING", actor=SYSTEM)
    advance_order(order_id=order.pk, status="SHIPPED", actor=SYSTEM)

    deliver()

    assert [subject.split(str(order.number))[0] for subject in subjects(shop, order)] == [
        f"{CONFIRMED} ",
        "Your order ",
    ]
    assert OrderItem.objects.get(order=order).name in shop.to(order.customer_email)[1].get_content()


def test_a_refund_is_told_when_it_is_paid_out(shop: Letters) -> None:
    order = buy()
    confirm_payment(order_id=order.pk, actor=SYSTEM)
    item = OrderItem.objects.get(order=order)
    (refund,) = refund_order(
        order_id=order.pk, requested=RefundRequest((RequestedLine(item.pk, 1),)), reason="broken", actor=SYSTEM
    )
    deliver()
    assert len(subjects(shop, order)) == 1

    settle_refund(refund_id=refund.pk, actor=SYSTEM)
    deliver()

    assert subjects(shop, order)[1] == f"We have refunded 11.90 USD for your order {order.number}"


def test_a_reminder_comes_shortly_before_the_deadline_and_once(shop: Letters) -> None:
    order = buy()
    deadline = deadline_of(order)
    deliver()

    queue_order_mails(now=deadline - timedelta(minutes=6))
    assert not OrderMail.objects.filter(kind="payment_reminder").exists()
    for minutes in (4, 3):
        queue_order_mails(now=deadline - timedelta(minutes=minutes))
    mail = OrderMail.objects.get(kind="payment_reminder")

    assert send_order_mails(mail_ids=[mail.pk]) == {"sent": 1}
    assert "is waiting for payment" in subjects(shop, order)[1]


def test_no_reminder_where_there_was_little_time_or_it_is_paid_by_now(shop: Letters) -> None:
    paid = buy()
    deliver()
    OrderMailTemplate.objects.filter(kind="payment_reminder").update(minutes_before=9)

    queue_order_mails(now=deadline_of(paid) - timedelta(minutes=4))
    assert not OrderMail.objects.filter(kind="payment_reminder").exists()
    OrderMailTemplate.objects.filter(kind="payment_reminder").update(minutes_before=5)
    queue_order_mails(now=deadline_of(paid) - timedelta(minutes=4))
    confirm_payment(order_id=paid.pk, actor=SYSTEM)

    assert send_order_mails(mail_ids=[OrderMail.objects.get(kind="payment_reminder").pk]) == {"skipped": 1}
    assert len(subjects(shop, paid)) == 1


def test_a_kind_that_is_off_writes_nothing_then_or_later(shop: Letters) -> None:
    template = OrderMailTemplate.objects.filter(kind="confirmation")
    template.update(is_on=False)
    order = buy()
    assert deliver() == []

    template.update(is_on=True)

    assert [deliver(), deliver()] == [[], []]
    assert subjects(shop, order) == []


def test_an_erased_customer_gets_none(shop: Letters) -> None:
    order = buy()
    queue_order_mails()
    Customer.objects.filter(pk=order.customer_id).update(erased_at=database_now())

    assert send_order_mails(mail_ids=[OrderMail.objects.get().pk]) == {"skipped": 1}
    assert subjects(shop, order) == []


def test_the_orders_page_shows_its_mails_and_the_words_are_changed_in_the_admin(shop: Letters) -> None:
    order, boss = buy(), signed_in(superuser())
    template = OrderMailTemplate.objects.get(kind="confirmation")
    words = {field: getattr(template, field) for field in ("body_en", "subject_uk", "body_uk")} | {"is_on": "on"}

    wrong = boss.post(page_url(template), {**words, "subject_en": "{{ order.nmber }}"})
    assert "There is no value" in text_of(wrong)
    boss.post(page_url(template), {**words, "subject_en": "Thanks for {{ order.number }}"})
    deliver()

    assert subjects(shop, order) == [f"Thanks for {order.number}"]
    page = text_of(boss.get(page_url(order)))
    assert "Order received (Sent)" in page


def test_every_default_text_can_be_filled_in(db: None) -> None:
    from crm.mail.text import ORDER_NAMES, check_text

    for template in OrderMailTemplate.objects.all():
        for text in (template.subject_en, template.body_en, template.subject_uk, template.body_uk):
            check_text(text, tuple(ORDER_NAMES))
    assert OrderMailTemplate.objects.count() == 7
