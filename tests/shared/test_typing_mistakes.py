"""A search that finds nothing forgives a mistake in a long word where a person picks: in lists, pickers, the palette.
Machines, and lists that are searched by words of something else, find what was asked for or nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models.product import Product
from inventory.models.movement import StockMovement
from tests.config.graphql.asking import data_of
from tests.crm.test_order_comments import narrowed
from tests.shared.test_word_search import in_the_admin, in_the_palette, over_rest
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, StaffFactory, make_buyer
from users.models.customer import Customer
from users.models.role import AccessLevel

SAID = "is spelled nearly so"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Anna Kowalski", "kowlski"),  # a letter left out
        ("Anna Kowalski", "kowaalski"),  # one too many
        ("Anna Kowalski", "kowalsky"),  # another, and the last one
        ("Anna Kowalski", "jowalski"),  # the first one
        ("Anna Kowalski", "kowaslki"),  # two that changed places
        ("Anna Kowalski", "owalski"),  # the first one left out
        ("Anna Kowalski", "kowlsk"),  # only begun
        ("Anna Kowalski", "anna kowlski"),
        ("Олена Шевченко", "шевчнко"),
        ("Олена Шевченко", "шефченко"),
        ("Νίκος Παπαδόπουλος", "παπδοπουλος"),
        ("Łukasz Żółkiewski", "zolkiewsky"),
    ],
)
def test_one_edit_is_forgiven_where_a_person_picks(boss: Client, name: str, typed: str) -> None:
    customer = CustomerFactory.create(name=name, email="one@example.com")
    CustomerFactory.create(name="Somebody Else", email="two@example.com")
    picker = {"app_label": "orders", "model_name": "order", "field_name": "customer", "term": typed}

    assert over_rest(boss, "customers", typed) == []
    assert in_the_admin(boss, customer, typed)
    assert name in in_the_palette(boss, typed)
    assert [row["id"] for row in boss.get(reverse("admin:autocomplete"), picker).json()["results"]] == [
        str(customer.pk)
    ]
    assert SAID in text_of(boss.get(list_url(Customer), {"q": typed}))
    assert SAID in in_the_palette(boss, typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("kwal", "kowl", "kwolalski", "smith kowlski", "'", "x" * 190),
        *("k0walski9", "kowlski 12", "kowlski@example.com"),  # scanned or copied
        "k\u043ewalski",  # in two scripts
    ],
)
def test_no_more_than_one_edit_of_a_long_word_of_letters_is(boss: Client, typed: str) -> None:
    CustomerFactory.create(name="Anna Kowalski", email="one@example.com")

    assert over_rest(boss, "customers", typed) == []
    assert SAID not in text_of(boss.get(list_url(Customer), {"q": typed}))


def test_what_is_spelled_right_is_all_that_is_found(boss: Client) -> None:
    right = CustomerFactory.create(name="Anna Kowalsky", email="one@example.com")
    CustomerFactory.create(name="Peter Kowalski", email="two@example.com")

    assert over_rest(boss, "customers", "kowalsky") == [str(right.pk)]
    page = boss.get(list_url(Customer), {"q": "kowalsky"})
    assert SAID not in text_of(page)
    assert "Peter Kowalski" not in text_of(page)


def test_products_variants_and_deals_are_found_so_too(boss: Client) -> None:
    level = make_level(on_hand=3)
    variant, product = level.variant, level.variant.product
    product.name, variant.name = "Blue enamel mug", "Large"
    product.save()
    variant.save()
    buyer = make_buyer()
    Customer.objects.filter(pk=buyer.customer.pk).update(name="Olga Petrenko")
    deal = make_deal(buyer, "Forty chairs")

    for row, typed in ((product, "enmael"), (variant, "enmael"), (variant, "large enaml"), (deal, "chiars petrenko")):
        assert in_the_admin(boss, row, typed), typed
    found = boss.get(reverse("admin:catalog_variant_find"), {"q": "enmael"}).json()
    assert [row["id"] for row in found["rows"]] == [str(variant.pk)]


def test_no_machine_is_handed_whom_nobody_asked_for(boss: Client, staff: Caller) -> None:
    level = make_level(on_hand=3)
    Product.objects.filter(pk=level.variant.product_id).update(name="Blue enamel mug")
    buyer = make_buyer()
    Customer.objects.filter(pk=buyer.customer.pk).update(name="Olga Petrenko")
    order_of(buyer, (level, 1))
    query = "query ($search: String) { orders(filter: {search: $search}) { nodes { id } } }"

    for word, most in (("petrenko", 1), ("petrnko", 0)):
        assert len(over_rest(boss, "orders", word)) == most
        assert len(data_of(staff, query, search=word)["orders"]["nodes"]) == most
    for kind, typed in (("customers", "petrnko"), ("products", "enmael"), ("variants", "enmael")):
        assert over_rest(boss, kind, typed) == [], kind


def test_what_is_found_by_its_customer_or_variant_is_found_by_their_very_words(boss: Client) -> None:
    level = make_level(on_hand=3)
    Product.objects.filter(pk=level.variant.product_id).update(name="Blue enamel mug")
    buyer = make_buyer()
    Customer.objects.filter(pk=buyer.customer.pk).update(name="Olga Petrenko")
    order = order_of(buyer, (level, 1))
    moved = StockMovement.objects.filter(level=level).first()

    for row, word, typed in ((order, "petrenko", "petrnko"), (level, "enamel", "enmael"), (moved, "enamel", "enmael")):
        assert in_the_admin(boss, row, word), row
        assert not in_the_admin(boss, row, typed), row


def test_nobody_is_shown_what_is_not_theirs_or_told_that_it_is_there(boss: Client) -> None:
    mine = narrowed("mine@example.com", sees=AccessLevel.OWN)
    CustomerFactory.create(name="Anna Kowalski", owner=StaffFactory.create())

    page = signed_in(mine).get(list_url(Customer), {"q": "kowlski"})

    assert "Kowalski" not in page.content.decode()
    assert SAID not in text_of(page)

    CustomerFactory.create(name="Peter Kowalski", owner=mine)
    page = signed_in(mine).get(list_url(Customer), {"q": "kowlski"})

    # That of theirs would be shown or not as there is, or is not, a Kowlski of somebody else's.
    assert SAID not in text_of(page)
    assert SAID not in in_the_palette(signed_in(mine), "kowlski")


def test_a_deleted_customer_does_not_stand_in_the_way(boss: Client) -> None:
    CustomerFactory.create(name="Anna Kowalski")
    gone = CustomerFactory.create(name="Anna Kowlski")
    Customer.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())

    assert SAID in text_of(boss.get(list_url(Customer), {"q": "kowlski"}))


def test_of_very_many_near_ones_none_is_too_old(boss: Client) -> None:
    names = [*["Anna Kowalski"] * 1_010, *["Somebody Else"] * 1_010]
    Customer.objects.bulk_create(Customer(name=name, email=f"{n}@example.com") for n, name in enumerate(names))

    text = text_of(boss.get(list_url(Customer), {"q": "kowlski"}))

    assert SAID in text
    assert "Anna Kowalski" in text


def test_words_with_too_many_neighbours_are_not_asked_for(boss: Client) -> None:
    CustomerFactory.create(name="Konstantinopolskiego Przybyszewskiego")

    assert SAID in text_of(boss.get(list_url(Customer), {"q": "konstatinopolskiego"}))
    assert SAID not in text_of(boss.get(list_url(Customer), {"q": "konstatinopolskiego przybyzewskiego"}))


def test_nothing_is_done_to_all_that_is_near_nor_exported(boss: Client) -> None:
    customers = [CustomerFactory.create(name="Anna Kowalski", email=f"{n}@example.com") for n in range(30)]
    near, url = {"q": "kowlski"}, f"{list_url(Customer)}?q=kowlski"
    export = reverse("admin:exchange_export_of", args=["customers"])
    chosen = {"action": "add_tag", "index": "0", "_selected_action": [str(customers[0].pk)]}

    assert "Select all 30" in text_of(boss.get(list_url(Customer), {"q": "kowalski"}))
    listed = boss.get(list_url(Customer), near)
    assert "Select all 30" not in text_of(listed)
    assert export not in listed.content.decode()

    refused = boss.post(url, {**chosen, "select_across": "1"}, follow=True)
    assert "tick the rows you mean" in text_of(refused)
    asked = text_of(boss.post(url, {**chosen, "select_across": "0"}))
    assert "1 customer will be changed: Anna Kowalski" in asked
    sent = boss.post(f"{export}?q=kowlski", {"resource": "customers", "format": "csv"})
    for answer in (boss.get(export, near), sent):
        assert answer.status_code == 400
        assert "nothing to export" in text_of(answer)


def test_pages_that_find_customers_and_variants_say_so(boss: Client) -> None:
    level = make_level(on_hand=3)
    Product.objects.filter(pk=level.variant.product_id).update(name="Blue enamel mug")
    CustomerFactory.create(name="Anna Kowalski")

    for name, exact, near in (
        ("users_customer_find", "kowalski", "kowlski"),
        ("catalog_variant_find", "enamel", "enmael"),
    ):
        for typed, is_near in ((exact, False), (near, True), ("nobody", False)):
            found = boss.get(reverse(f"admin:{name}"), {"q": typed}).json()
            assert found["near"] is is_near, typed


def test_the_palette_shows_a_page_rather_than_what_is_near(boss: Client) -> None:
    CustomerFactory.create(name="Anna Paymants")

    assert "Anna" in in_the_palette(boss, "paymnts")
    assert "Anna" not in in_the_palette(boss, "payments")


def test_statements_are_few_and_only_where_nothing_was_found(boss: Client) -> None:
    CustomerFactory.create(name="Anna Kowalski")

    exact, near = (sent_by(boss, typed) for typed in ("kowalski", "kowlski"))

    assert not [sql for sql in exact if "near.query" in sql]
    # Which words are there, which may have been meant, and the rows.
    assert len(near) <= len(exact) + 3
    assert len([sql for sql in near if "near.query" in sql]) == 2


def sent_by(client: Client, typed: str) -> list[Any]:
    with CaptureQueriesContext(connection) as captured:
        client.get(list_url(Customer), {"q": typed})
    return [query["sql"] for query in captured.captured_queries]
