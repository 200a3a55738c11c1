"""What was deleted is out of sight and comes back: orders, customers, and what the shop offers."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from crm.merging.matches import duplicates_of
from crm.services.privacy.purge_old_data import purge_old_data
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.sales import CustomerSales
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.delete_order import NotFinished, delete_order, restore_order
from orders.services.payments.confirm_payment import confirm_payment, record_payment
from orders.services.upkeep.erase_buyer import erase_expired_buyers
from orders.services.upkeep.refresh_sales import refresh_sales
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.shop.database.races import run_together
from tests.shop.goods import make_level, make_level_of_another
from tests.shop.http.admin_pages import hidden, list_url, page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import login
from tests.shop.orders import order_of
from tests.shop.people import Buyer, SuperuserFactory, make_buyer
from users.models.customer import Customer
from users.services.delete_customer import delete_customer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def cancelled(buyer: Buyer, units: int = 1) -> Order:
    order = order_of(buyer, (make_level(on_hand=9), units))
    return cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)


def deleted(buyer: Buyer) -> Order:
    return delete_order(order_id=cancelled(buyer).pk, actor=SYSTEM, reason="a test order")


def test_staff_delete_a_finished_order_and_restore_it(boss: Client) -> None:
    order = cancelled(make_buyer())
    url = page_url(order, "remove")
    page = boss.get(url)

    told = boss.post(url, {"reason": "a test order", "version": hidden(page, "version")}, follow=True)

    assert "is deleted; it can be restored" in text_of(told)
    order.refresh_from_db()
    assert order.deleted_at is not None
    assert order.number not in text_of(boss.get(list_url(Order)))
    assert order.number in text_of(boss.get(f"{list_url(Order)}?deleted=yes"))
    assert "Restore" in text_of(boss.get(page_url(order)))
    assert "is there again" in text_of(boss.post(page_url(order, "restore"), follow=True))
    order.refresh_from_db()
    assert (order.deleted_at, order.version) == (None, 4)
    kinds = OrderEvent.objects.filter(order=order).values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["deleted", "restored"]
    assert order.number in text_of(boss.get(list_url(Order)))


def test_an_order_that_is_under_way_is_not_deleted(boss: Client) -> None:
    unpaid = order_of(make_buyer(), (make_level(on_hand=9), 1))
    paid = order_of(make_buyer(), (make_level(on_hand=9), 1))
    confirm_payment(order_id=paid.pk, actor=SYSTEM)

    for order in (unpaid, paid):
        with pytest.raises(NotFinished):
            delete_order(order_id=order.pk, actor=SYSTEM, reason="")
        assert "Delete" not in text_of(boss.get(page_url(order)))


def test_an_order_that_money_is_owed_for_is_not_deleted(db: None) -> None:
    order = cancelled(make_buyer())
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="late")

    with pytest.raises(NotFinished):
        delete_order(order_id=order.pk, actor=SYSTEM, reason="")


def test_money_for_a_deleted_order_brings_it_back(db: None) -> None:
    order = deleted(make_buyer())

    record_payment(
        order_id=order.pk, actor=SYSTEM, amount=order.total, currency=order.currency, reference="bank statement 7"
    )

    order.refresh_from_db()
    assert (order.deleted_at, order.payment_status) == (None, "REFUND_DUE")


def test_a_split_order_goes_and_comes_back_with_its_parts(db: None) -> None:
    buyer = make_buyer()
    order = order_of(buyer, (make_level(on_hand=5), 1), (make_level_of_another(on_hand=5), 1))
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.CUSTOMER)

    delete_order(order_id=order.pk, actor=SYSTEM, reason="")
    group = Order.objects.filter(customer=buyer.customer)
    assert (group.count(), group.live().count()) == (3, 0)

    restore_order(order_id=order.pk, actor=SYSTEM)
    assert group.live().count() == 3


def test_the_customers_page_and_search_leave_a_deleted_order_out(boss: Client) -> None:
    buyer = make_buyer()
    order = deleted(buyer)

    for url in (f"/admin/users/customer/{buyer.customer.pk}/page/", f"/admin/search/?s={order.number}"):
        answer = boss.get(url)
        assert answer.status_code == 200, url
        assert str(order.pk) not in answer.content.decode()


def test_over_the_api_there_is_no_deleted_order(db: None) -> None:
    staff, buyer = login(SuperuserFactory.create()), make_buyer()
    order = deleted(buyer)
    url = f"/orders/{order.pk}"

    answers = [staff.get(url), staff.delete(url), staff.patch(f"{url}/status", {"status": "SHIPPED"})]
    answers += [staff.get(f"{url}/returns"), login(buyer.customer.user).get(url)]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert staff.get("/orders").json()["results"] == []
    assert staff.get("/order-items").json()["results"] == []


def test_sums_of_sales_keep_counting_a_deleted_order(db: None) -> None:
    buyer = make_buyer()
    deleted(buyer)

    refresh_sales(everything=True, now=OrderEvent.objects.latest("created_at").created_at.replace(year=2099))

    assert CustomerSales.objects.filter(customer=buyer.customer).aggregate(n=Sum("placed")) == {"n": 1}


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_delete_an_order_at_once_and_one_event_tells_of_it() -> None:
    order = cancelled(make_buyer())
    delete = partial(delete_order, order_id=order.pk, actor=SYSTEM, reason="")

    run_together(delete, delete, delete)

    assert OrderEvent.objects.filter(order=order, kind="deleted").count() == 1


def test_staff_delete_a_customer_who_ordered_and_restore_them(boss: Client) -> None:
    buyer = make_buyer()
    order = cancelled(buyer)
    customer = buyer.customer

    told = boss.post(page_url(customer, "delete"), follow=True)

    assert "is deleted" in text_of(told)
    url = list_url(Customer)
    assert customer.name not in text_of(boss.get(url)).replace(f"{customer.name} is deleted", "")
    assert customer.name in text_of(boss.get(f"{url}?deleted=yes"))
    assert order.number in text_of(boss.get(list_url(Order)))
    assert "Restore" in boss.get(page_url(customer, "page")).content.decode()
    assert boss.get(page_url(customer, "delete")).status_code == 403
    told = boss.post(page_url(customer, "restore"), follow=True)
    assert "is there again" in text_of(told)
    assert Customer.objects.filter(pk=customer.pk).exists()


def test_a_customer_with_an_unpaid_order_is_not_deleted(boss: Client) -> None:
    buyer = make_buyer()
    order_of(buyer, (make_level(on_hand=3), 1))

    refused = boss.post(page_url(buyer.customer, "delete"))

    assert refused.status_code == 409
    assert Customer.objects.filter(pk=buyer.customer.pk).exists()


def test_over_the_api_there_is_no_deleted_customer_and_they_cannot_order(db: None) -> None:
    staff, buyer, level = login(SuperuserFactory.create()), make_buyer(), make_level(on_hand=3)
    url = f"/customers/{buyer.customer.pk}"

    assert staff.delete(url).status_code == 204

    body = {"customer": str(buyer.customer.pk), "items": [{"variant": str(level.variant_id), "quantity": 1}]}
    placed = staff.post("/orders", body)
    assert (placed.status_code, placed.json()["code"]) == (404, "customer_not_found")
    assert [staff.get(url).status_code, staff.delete(url).status_code] == [404, 404]
    assert staff.get("/customers").json()["results"] == []
    assert staff.patch(url, {"name": "Again"}).status_code == 404
    assert login(buyer.customer.user).post("/orders", {"items": body["items"]}).status_code in (403, 404)


def test_a_customer_with_orders_stays_over_the_api(db: None) -> None:
    buyer = make_buyer()
    cancelled(buyer)

    refused = login(SuperuserFactory.create()).delete(f"/customers/{buyer.customer.pk}")

    assert (refused.status_code, refused.json()["code"]) == (409, "customer_has_orders")


def test_searches_and_choices_overlook_a_deleted_customer(boss: Client) -> None:
    customer = make_buyer().customer
    delete_customer(customer_id=customer.pk)
    choices = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": customer.name}

    assert str(customer.pk) not in boss.get("/admin/search/", {"s": customer.name}).content.decode()
    assert boss.get("/admin/autocomplete/", choices).json()["results"] == []
    assert duplicates_of(customer_id=customer.pk) == []


def test_only_a_deleted_customer_without_orders_is_removed_after_the_retention(db: None, settings: Any) -> None:
    ordered, idle, new = make_buyer(), make_buyer(), make_buyer()
    cancelled(ordered)
    long_ago = database_now() - timedelta(days=40)
    for buyer in (ordered, idle):
        delete_customer(customer_id=buyer.customer.pk, with_orders=True, now=long_ago)
    delete_customer(customer_id=new.customer.pk)

    settings.DELETED_RETENTION_DAYS = 0
    assert purge_old_data()["customers"] == 0
    settings.DELETED_RETENTION_DAYS = 30
    assert purge_old_data()["customers"] == 1

    left = Customer.everyone.filter(deleted_at__isnull=False)
    assert set(left) == {ordered.customer, new.customer}


def test_a_deleted_order_loses_its_buyer_once_the_books_need_it_no_longer(db: None) -> None:
    order = deleted(make_buyer())

    assert erase_expired_buyers() == 0
    assert erase_expired_buyers(now=database_now() + timedelta(days=365 * 12)) == 1

    order.refresh_from_db()
    assert order.customer_email == ""


def test_what_is_no_longer_offered_is_offered_again_by_a_button(boss: Client) -> None:
    variant = make_level(on_hand=3).variant
    for row in (variant, variant.product):
        assert "Offer again" not in text_of(boss.get(page_url(row)))
        assert "is no longer offered" in text_of(boss.post(page_url(row, "stop_offering"), follow=True))
        row.refresh_from_db()
        assert not row.is_active

        assert "Offer again" in text_of(boss.get(page_url(row)))
        assert "is offered again" in text_of(boss.post(page_url(row, "offer_again"), follow=True))
        row.refresh_from_db()
        assert row.is_active
