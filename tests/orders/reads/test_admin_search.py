"""A search by customer finds all that they have, or says that there is more; whoever has most comes no later."""

import pytest
from django.test import Client

from crm.models.deal import Deal
from tests.shop.admin_rows import open_deals
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of
from tests.shop.people import CustomerFactory
from users.models.customer import Customer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def customers(number: int) -> list[Customer]:
    return CustomerFactory.create_batch(number, name="Ada Lovelace")


def test_one_of_many_customers_who_has_most_is_found_in_full(boss: Client) -> None:
    busy, *others = customers(42)
    open_deals(busy, 60, days_ago=300)
    for other in others:
        open_deals(other, 1, days_ago=1)

    page = boss.get(list_url(Deal), {"q": "ada"})

    assert "101 deals" in text_of(page)
    assert str(busy.pk) not in text_of(page)
    assert str(busy.pk) in text_of(boss.get(list_url(Deal), {"q": "ada", "p": "3"}))


def test_a_search_that_stops_says_so(boss: Client) -> None:
    busy, other = customers(2)
    open_deals(busy, 1_100, days_ago=300)
    open_deals(other, 3, days_ago=1)

    page = text_of(boss.get(list_url(Deal), {"q": "ada"}))

    assert "1,000+ deals" in page
    assert page.count(f"{other.pk} ") == 3
