"""Forms of the admin keep the rules that the API keeps, and say at which field one was broken."""

from decimal import Decimal

import pytest
from django.test import Client

from catalog.models.seller import Seller
from catalog.services.save_price_list import save_price_list
from crm.models.lead import Lead
from inventory.models.location import StockLocation
from orders.models.coupon import Coupon
from orders.services.pricing.save_coupon import save_coupon
from shared.database.write_row import RecordInUse
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import UserFactory, make_buyer
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.services.save_customer_group import delete_customer_group


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def api(boss: Client) -> Caller:
    return login(superuser("api@example.com"))


def test_what_the_form_says_of_a_customer_the_api_says_too(boss: Client, api: Caller) -> None:
    vip = Tag.objects.create(name="VIP")
    form = opened(boss, add_url(Customer))

    said = save(
        boss, add_url(Customer), form, name="Ada", email="a@x.example", address="1 High St", language="uk", tags=vip.pk
    )

    customer = Customer.objects.get()
    assert said.status_code == 302
    shown = ok(api.get(f"/customers/{customer.pk}"))
    assert (shown["address"], shown["language"], shown["tags"]) == ("1 High St", "uk", ["VIP"])
    ok(api.patch(f"/customers/{customer.pk}", {"address": "2 Low Rd", "language": "en"}))
    form = opened(boss, page_url(customer))
    assert (form["address"], form["language"]) == (["2 Low Rd"], ["en"])


def test_a_rule_of_the_service_is_said_at_its_field_and_nothing_is_saved(boss: Client) -> None:
    lead = Lead.objects.create(name="Grace")
    shopper = UserFactory.create(is_staff=False)
    form = opened(boss, page_url(lead))

    refused = save(boss, page_url(lead), form, owner=shopper.pk, name="Grace H")

    assert refused.status_code == 400
    assert "There is no such colleague." in str(refused.context["adminform"].form.errors["owner"])
    assert "Grace H" in refused.content.decode(), "what was typed stays"
    lead.refresh_from_db()
    assert (lead.name, lead.owner) == ("Grace", None)


def test_a_language_that_we_do_not_write_is_refused_by_the_api(api: Caller) -> None:
    answer = api.post("/customers", {"name": "Ada", "email": "a@x.example", "language": "xx"})

    assert answer.status_code == 400
    assert "/language" in text_of(answer)


def test_the_tax_class_of_a_variant_is_the_same_in_form_api_and_file(boss: Client, api: Caller) -> None:
    variant = make_level(on_hand=1).variant

    assert save(boss, page_url(variant), opened(boss, page_url(variant)), tax_class="reduced").status_code == 302

    path = f"/variants/{variant.pk}"
    assert ok(api.get(path))["tax_class"] == "reduced"
    assert ok(api.patch(path, {"tax_class": "zero"}))["tax_class"] == "zero"
    assert opened(boss, page_url(variant))["tax_class"] == ["zero"]


def test_a_row_that_a_service_refuses_says_so_itself_and_nothing_is_saved(boss: Client) -> None:
    prices = {"currency": "USD", "prices": [{"variant_id": make_level(on_hand=1).variant_id, "amount": Decimal(8)}]}
    autumn = save_price_list(price_list_id=None, values={"name": "Autumn", **prices})

    refused = save(
        boss, page_url(autumn), opened(boss, page_url(autumn)), name="Winter", **{"prices-0-amount": "8.005"}
    )

    assert refused.status_code == 400
    (rows,) = (inline.formset for inline in refused.context["inline_admin_formsets"])
    assert "multiple of 0.01" in str(rows.forms[0].errors["amount"])
    autumn.refresh_from_db()
    assert (autumn.name, autumn.prices.get().amount) == ("Autumn", 8)


def test_a_price_list_gets_another_currency_and_prices_in_it_by_one_form(boss: Client) -> None:
    prices = {"currency": "USD", "prices": [{"variant_id": make_level(on_hand=1).variant_id, "amount": Decimal("8.5")}]}
    autumn = save_price_list(price_list_id=None, values={"name": "Autumn", **prices})
    form = opened(boss, page_url(autumn))

    kept_amount = save(boss, page_url(autumn), form, currency="JPY")
    both = save(boss, page_url(autumn), form, currency="JPY", **{"prices-0-amount": "850"})

    assert (kept_amount.status_code, both.status_code) == (400, 302)
    autumn.refresh_from_db()
    assert (autumn.currency, autumn.prices.get().amount) == ("JPY", 850)


def test_what_the_coupons_service_knows_is_said_at_the_coupons_field(boss: Client) -> None:
    used = save_coupon(coupon_id=None, values={"code": "TEN", "value": Decimal(10)})
    Coupon.objects.filter(pk=used.pk).update(used_count=3)

    refused = save(boss, page_url(used), opened(boss, page_url(used)), usage_limit="2")

    assert refused.status_code == 400
    assert "used 3 times" in str(refused.context["adminform"].form.errors["usage_limit"])


def test_a_stage_that_deals_stand_in_keeps_its_kind(boss: Client) -> None:
    pipeline = make_deal(make_buyer()).pipeline
    form = opened(boss, page_url(pipeline))

    refused = save(boss, page_url(pipeline), form, **{"stages-0-kind": "lost"})
    renamed = save(boss, page_url(pipeline), form, **{"stages-0-name": "Talks"})

    assert (refused.status_code, renamed.status_code) == (400, 302)
    assert "it keeps its kind" in text_of(refused)
    assert pipeline.stages.order_by("position")[0].name == "Talks"


def test_a_group_that_a_price_list_names_is_not_deleted_and_says_why(boss: Client) -> None:
    group = CustomerGroup.objects.create(name="Wholesale")
    save_price_list(price_list_id=None, values={"name": "A", "currency": "USD", "customer_group_id": group.pk})

    boss.post(page_url(group, "delete"), {"post": "yes"})

    assert CustomerGroup.objects.filter(pk=group.pk).exists()
    with pytest.raises(RecordInUse):
        delete_customer_group(group_id=group.pk)


def test_a_new_seller_has_the_locations_of_its_form_and_no_other(boss: Client) -> None:
    form = opened(boss, add_url(Seller))
    rows = {
        "locations-TOTAL_FORMS": 1,
        "locations-0-name": "Main",
        "locations-0-priority": 5,
        "locations-0-is_active": "on",
    }

    assert save(boss, add_url(Seller), form, name="Two Shelves", **rows).status_code == 302
    assert save(boss, add_url(Seller), form, name="No Shelf").status_code == 302

    named = StockLocation.objects.order_by("seller__name").values_list("seller__name", "name", "priority")
    assert list(named.filter(seller__name__in=["Two Shelves", "No Shelf"])) == [
        ("No Shelf", "Main", 0),
        ("Two Shelves", "Main", 5),
    ]
