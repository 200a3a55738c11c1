"""The order desk as a browser sends it: customers made with their order, amounts while it is filled, drafts, quotes."""

import json
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from orders.models.draft import Draft
from orders.models.order import Order
from orders.models.payment_method import PaymentMethod
from shared.ids import new_id
from tests.shop.database.races import run_together
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import hidden, order_form, signed_in, statements, superuser, text_of
from tests.shop.http.api_client import Caller, ok
from tests.shop.http.order_actions import audit_is_clean
from tests.shop.people import CustomerFactory, StaffFactory, make_buyer
from tests.shop.price_rules import coupon, shipping
from users.models.customer import Customer

ADD = "/admin/orders/order/add/"
OKSANA = {"new_name": "Oksana Bondar", "new_email": "oksana@example.com", "new_phone": "+380 44 123 45 67"}
TYPED = {
    "delivery": "typed",
    "delivery_lines": "Khreshchatyk 1",
    "delivery_city": "Kyiv",
    "delivery_postal_code": "01001",
    "delivery_country": "ua",
}


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def level(db: None) -> StockLevel:
    return make_level(on_hand=5, price="10.00")


def filled(level: StockLevel, quantity: int = 1, customer: Customer | None = None, /, **more: str) -> dict[str, str]:
    fields = order_form(customer or Customer(), (level.variant, quantity), key=str(new_id())) | more
    return fields if customer else fields | {"customer": ""}


def live(client: Client, fields: dict[str, str]) -> Any:
    return json.loads(client.post(ADD, {**fields, "_live": "1"}).content)


def of_role(role: str, *, without: str = "") -> Client:
    user, group = StaffFactory.create(), Group.objects.get(name=role)
    group.permissions.remove(*Permission.objects.filter(codename=without))
    user.groups.add(group)
    return signed_in(user)


def test_a_new_customer_is_made_with_the_order_and_nobody_twice(boss: Client, level: StockLevel) -> None:
    fields = filled(level, 2, **OKSANA, **TYPED)

    first = boss.post(ADD, fields, follow=True)
    again = boss.post(ADD, fields, follow=True)

    order, customer = Order.objects.get(), Customer.objects.get()
    assert f"Order {order.number} is placed." in text_of(first)
    assert "sent twice and placed once" in text_of(again)
    assert (customer.name, customer.email, customer.phone) == tuple(OKSANA.values())
    assert order.customer == customer
    assert order.delivery_address is not None
    assert (order.delivery_address["city"], order.ship_to_country) == ("Kyiv", "UA")
    assert [(each["city"], each["is_default"]) for each in customer.addresses] == [("Kyiv", True)]
    audit_is_clean()


def _click(client: Client, fields: dict[str, str]) -> int:
    return client.post(ADD, fields).status_code


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_customer_one_order_and_one_draft() -> None:
    level, user = make_level(on_hand=50), superuser()
    order, draft = filled(level, **OKSANA), filled(level, new_name="Ira", new_email="ira@example.com", _do="draft")
    clients = [signed_in(user) for _ in range(6)]

    answers = run_together(*(partial(_click, client, fields) for fields in (order, draft) for client in clients))

    assert answers == [302] * 12
    assert (Order.objects.count(), Draft.objects.count(), Customer.objects.count()) == (1, 1, 2)


def test_a_page_that_is_sent_again_for_somebody_else_asks(boss: Client, level: StockLevel) -> None:
    fields = filled(level, **OKSANA)
    boss.post(ADD, fields)

    asked = boss.post(ADD, {**fields, "new_name": "Olena", "new_email": "olena@example.com", "new_phone": ""})

    assert "Press the button again" in text_of(asked)
    assert Customer.objects.count() == 1
    boss.post(ADD, {**fields, "new_name": "Olena", "new_email": "olena@example.com", "key": hidden(asked, "key")})
    assert Order.objects.count() == 1, "the phone number is Oksana's"


@pytest.mark.parametrize("known", [{"email": "Oksana@Example.com"}, {"email": "o@b.com", "phone": "+380441234567"}])
def test_who_is_known_is_offered_instead(boss: Client, level: StockLevel, known: dict[str, str]) -> None:
    old = CustomerFactory.create(name="Oksana B.", **known)
    fields = filled(level, **OKSANA)

    told = live(boss, fields)["known"]
    refused = boss.post(ADD, fields)

    assert [each["id"] for each in told] == [str(old.pk)]
    assert "choose them, or say it is not" in text_of(refused)
    assert "Oksana B." in text_of(refused)
    assert Customer.objects.count() == 1
    boss.post(ADD, {**fields, "new_anyway": "on"})
    assert Order.objects.get().customer.name == "Oksana Bondar"


def test_what_is_refused_makes_nobody(boss: Client, level: StockLevel) -> None:
    for wrong in ({"lines-0-quantity": "6"}, {"coupon": "NONE"}, {"new_email": "none"}, {"new_email": ""}):
        assert boss.post(ADD, filled(level, **OKSANA) | wrong).status_code in (200, 404, 409)

    assert not Customer.objects.exists()


def test_out_of_stock_names_the_line_and_nothing_typed_is_lost(boss: Client, level: StockLevel) -> None:
    coupon("SUMMER", "10")
    other, buyer = make_level(on_hand=9), make_buyer().customer
    fields = order_form(buyer, (other.variant, 1), (level.variant, 6), key=str(new_id()))
    fields |= {"note": "ring twice", "coupon": "summer", **TYPED}

    answer = boss.post(ADD, fields)

    page = answer.content.decode()
    line = page.split('data-field="lines-1-quantity"')[1].split("</div>")[0]
    assert "6 wanted, 5 available" in line
    assert "wanted" not in page.split('data-field="lines-0-quantity"')[1].split("</div>")[0]
    assert all(text in page for text in ("ring twice", 'value="summer"', "Khreshchatyk 1", buyer.name))
    assert level.variant.sku in text_of(answer)
    assert live(boss, fields)["errors"] == {"lines-1-quantity": "6 wanted, 5 available"}


def test_faults_of_several_kinds_stand_beside_what_each_is_about(boss: Client, level: StockLevel) -> None:
    gone = make_level(on_hand=9).variant
    fields = order_form(make_buyer().customer, (level.variant, 1), (gone, 1), key=str(new_id())) | {"coupon": "NONE"}
    Variant.objects.filter(pk=gone.pk).update(is_active=False)

    errors = live(boss, fields)["errors"]

    assert errors.keys() == {"coupon", "lines-1-variant"}
    assert gone.sku not in errors["coupon"]


def test_the_amounts_are_those_of_the_preview_over_the_api(boss: Client, staff: Caller, level: StockLevel) -> None:
    coupon("SUMMER", "10")
    shipping("post", "5.95")
    buyer = make_buyer().customer
    terms = {"shipping_method": "post", "coupon": "SUMMER", "ship_to_country": "UA"}
    body = {"customer": str(buyer.pk), "items": [{"variant": level.variant.sku, "quantity": 2}], **terms}

    shown = live(boss, filled(level, 2, buyer, **terms))
    new = live(boss, filled(level, 2, **terms))

    there = ok(staff.post("/orders/preview", body))
    names = ("subtotal", "discount_total", "shipping_total", "tax_total", "total")
    expected = [there[name] for name in names]
    assert [value.removesuffix(" USD").lstrip("-") for _, value in shown["totals"]] == expected
    assert shown["totals"] == new["totals"], "before anybody is chosen"
    assert shown["lines"]["0"] == {"price": "10.00 USD", "total": "18.00 USD", "note": ""}
    assert not Order.objects.exists()


def test_while_it_is_filled_nothing_that_is_missing_is_complained_of(boss: Client, level: StockLevel) -> None:
    nothing = {"customer": "", "key": str(new_id()), "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}

    assert live(boss, nothing) == {"lines": {}, "totals": [], "errors": {}, "problem": "", "known": []}
    refused = live(boss, filled(level, coupon="none"))
    assert list(refused["errors"]) == ["coupon"]
    for broken in ({"key": "x"}, {"lines-0-variant": "x"}, {"lines-0-quantity": "-1"}, {"customer": "x"}):
        assert boss.post(ADD, {**filled(level), **broken, "_live": "1"}).status_code == 200


def test_discounts_are_given_by_right_and_with_a_reason(boss: Client, level: StockLevel) -> None:
    off = {"discount_kind": "percent", "discount_value": "10", "discount_reason": "friend"}
    of_line = {f"lines-0-{name}": value for name, value in off.items()} | {"lines-0-discount_reason": "scratched"}
    buyer = make_buyer().customer
    seller = of_role("sales", without="agree_prices")

    assert "Say why" in text_of(boss.post(ADD, filled(level, 1, buyer, **off, **of_line) | {"discount_reason": ""}))
    assert "discount_value" not in seller.get(ADD).content.decode()
    seller.post(ADD, filled(level, 1, buyer, **off, **of_line))
    boss.post(ADD, filled(level, 1, buyer, **off, **of_line))

    totals = [order.total for order in Order.objects.order_by("-discount_total")]
    assert totals == [Decimal("9.64"), Decimal("11.90")]
    labels = Order.objects.order_by("-discount_total")[0].adjustments.values_list("label", flat=True)
    assert set(labels) == {"friend", "scratched"}
    audit_is_clean()


def test_it_is_saved_as_a_draft_once_and_sent_as_a_quote(boss: Client, level: StockLevel) -> None:
    PaymentMethod.objects.create(code="bank", name="Bank", minutes=10_080)
    terms = {"payment_method": "bank", "coupon": "x1", "note": "later", **TYPED}
    off = {"discount_kind": "amount", "discount_value": "1.00", "discount_reason": "friend"}
    fields = filled(level, 2, make_buyer().customer, **terms, **off)

    for _again in range(2):
        saved = boss.post(ADD, {**fields, "_do": "draft"}, follow=True)
    other = boss.post(ADD, {**fields, "_do": "draft", "note": "sooner"})
    quote = boss.post(ADD, filled(level, 1, make_buyer().customer, _do="quote", valid_until="2030-12-31"), follow=True)

    first, second = Draft.objects.order_by("created_at")
    assert f"{first.number} is saved." in text_of(saved)
    assert (first.payment_method, first.coupon_code, first.note, first.discount_reason) == (
        "bank",
        "X1",
        "later",
        "friend",
    )
    assert first.delivery_address is not None
    assert (first.delivery_address["city"], first.lines.get().quantity) == ("Kyiv", 2)
    assert "has saved a draft already" in text_of(other)
    assert f"{second.number} is with the customer." in text_of(quote)
    assert (second.kind, second.status, str(second.valid_until)) == ("quote", "sent", "2030-12-31")
    assert not Order.objects.exists()


def test_a_quote_that_is_refused_leaves_neither_a_draft_nor_a_customer(boss: Client, level: StockLevel) -> None:
    wrong_discount = {"discount_kind": "amount", "discount_value": "1.005", "discount_reason": "friend"}
    for wrong in (
        {"_do": "quote", "valid_until": "2020-01-31"},
        {"_do": "quote", **wrong_discount},
        {"_do": "draft", **wrong_discount},
    ):
        fields = filled(level, **OKSANA, **wrong)
        page = boss.post(ADD, fields)

        assert page.status_code == 400, wrong
        assert (Draft.objects.count(), Customer.objects.count()) == (0, 0), wrong
        assert hidden(page, "new_name") == "Oksana Bondar", "what was typed stays"
    late = boss.post(ADD, filled(level, **OKSANA, _do="quote", valid_until="2020-01-31")).content.decode()
    assert "This day has passed" in late.split('data-field="valid_until"')[1].split("</div>")[0]
    boss.post(ADD, {**fields, "discount_value": "1.00"})
    assert Draft.objects.get().customer.name == "Oksana Bondar"


def test_whom_a_colleague_with_a_role_adds_is_theirs(boss: Client, level: StockLevel) -> None:
    seller = of_role("sales")

    for client, kind in ((seller, ""), (seller, "draft"), (boss, "")):
        name = f"{kind}{client is boss}"
        sent = client.post(ADD, filled(level, new_name=name, new_email=f"{name}@example.com", _do=kind))
        assert sent.status_code == 302, sent.content.decode()

    me = seller.session["_auth_user_id"]
    owners = {name: owner and str(owner) for name, owner in Customer.objects.values_list("name", "owner_id")}
    assert owners == {"False": me, "draftFalse": me, "True": None}


def test_addresses_are_chosen_or_typed_and_faults_stand_beside(boss: Client, level: StockLevel) -> None:
    kept: dict[str, Any] = {
        "name": "",
        "company": "",
        "lines": ["Office 9"],
        "city": "Lviv",
        "region": "",
        "postal_code": "79000",
    }
    kept |= {"country": "UA", "phone": "", "id": "7", "kind": "delivery", "is_default": False}
    buyer = CustomerFactory.create(addresses=[kept])

    faulty = boss.post(ADD, filled(level, 1, buyer, **TYPED) | {"delivery_lines": "", "delivery_country": "uu"})
    boss.post(ADD, filled(level, 1, buyer, delivery="7"))
    nobodys = boss.post(ADD, filled(level, 1, buyer, delivery="8"))

    faults = {part.split('"')[0]: part for part in faulty.content.decode().split('data-field="')}
    assert "ISO code of two letters" in faults["delivery_country"]
    assert "no such address" in text_of(nobodys)
    delivered = Order.objects.get().delivery_address
    assert delivered is not None
    assert delivered["city"] == "Lviv"


def test_the_page_and_its_amounts_cost_a_bounded_number_of_statements(boss: Client) -> None:
    levels = [make_level(on_hand=9) for _ in range(12)]
    buyer = make_buyer().customer

    def asked(count: int) -> int:
        fields = order_form(buyer, *((level.variant, 1) for level in levels[:count]), key=str(new_id()))
        with CaptureQueriesContext(connection) as captured:
            assert live(boss, fields)["totals"]
        return len(captured)

    statements(boss, ADD)
    assert asked(12) == asked(2) <= 12
    assert len(statements(boss, ADD)) <= 20
