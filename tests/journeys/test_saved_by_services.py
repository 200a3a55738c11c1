"""Forms of the admin keep the rules that the API keeps, and say at which field one was broken."""

import pytest
from django.test import Client

from crm.models.lead import Lead
from tests.contracts.orders.http import Caller, login, ok
from tests.factories.people import UserFactory
from tests.journeys.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.journeys.sent_forms import opened, save
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
