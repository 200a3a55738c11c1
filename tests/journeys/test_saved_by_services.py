"""Forms of the admin keep the rules that the API keeps, and say at which field one was broken."""

import pytest
from django.test import Client

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from crm.models.lead import Lead
from inventory.models.location import StockLocation
from tests.contracts.orders.http import Caller, login, ok
from tests.factories.goods import SellerFactory
from tests.factories.people import UserFactory
from tests.journeys.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.journeys.sent_forms import opened, save
from tests.shop import make_level
from users.models.customer import Customer
from users.models.tag import Tag


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
    shopper = UserFactory(is_staff=False)
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


def test_a_row_that_a_service_refuses_says_so_itself(boss: Client) -> None:
    seller = SellerFactory()
    colleague = superuser("colleague@example.com")
    form = opened(boss, page_url(seller))
    rows = {"members-TOTAL_FORMS": 1, "members-0-user": colleague.pk, "members-0-seller": seller.pk}
    SellerMember.objects.create(seller=seller, user=colleague)  # by somebody else, since the form was opened

    refused = save(boss, page_url(seller), form, name="Another name", **rows)

    (members,) = [
        inline.formset for inline in refused.context["inline_admin_formsets"] if inline.opts.model is SellerMember
    ]
    assert "user" in members.forms[-1].errors or members.non_form_errors()
    seller.refresh_from_db()
    assert seller.name != "Another name"


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
