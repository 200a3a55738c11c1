"""Staff receive and adjust stock, and start stocking a variant somewhere."""

import pytest
from django.test import Client

from catalog.models.product import Product
from catalog.models.variant import Variant
from inventory.models.level import StockLevel
from inventory.models.movement import StockMovement
from tests.shop.goods import balances, make_level, make_location
from tests.shop.http.admin_pages import add_url, hidden, page_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def _send(client: Client, level: StockLevel, action: str, units: int, **fields: object) -> Answer:
    """A quantity page as it is filled in; `_confirmed` is the button on the page that asks again."""
    sent = {"quantity": units, "reason": "stocktaking", "version": level.version, **fields}
    return client.post(page_url(level, action), sent, follow=True)


def test_an_adjustment_is_shown_before_it_is_made(boss: Client) -> None:
    level = make_level(on_hand=5)

    asked = _send(boss, level, "adjust_stock", -2)
    assert "Please confirm" in text_of(asked)
    assert "5 → 3" in text_of(asked)
    assert balances(level.pk) == (5, 0)
    told = _send(boss, level, "adjust_stock", -2, _confirmed="1")

    assert "changed by -2" in text_of(told)
    assert balances(level.pk) == (3, 0)
    row = StockMovement.objects.filter(level=level).latest("level_version")
    assert (row.kind, row.quantity, row.reason, row.actor and row.actor.email) == (
        "adjust",
        -2,
        "stocktaking",
        "boss@example.com",
    )


def test_received_stock_is_added(boss: Client) -> None:
    level = make_level(on_hand=5)

    told = _send(boss, level, "receive_stock", 7, _confirmed="1")

    assert "7 units received" in text_of(told)
    assert balances(level.pk) == (12, 0)


def test_a_page_sent_twice_adjusts_once(boss: Client) -> None:
    level = make_level(on_hand=5)

    _send(boss, level, "adjust_stock", -2, _confirmed="1")
    again = _send(boss, level, "adjust_stock", -2, _confirmed="1")

    assert "The stock has changed meanwhile: 3 are on hand" in text_of(again)
    assert balances(level.pk) == (3, 0)
    level.refresh_from_db()
    assert hidden(again, "version") == str(level.version)


def test_what_orders_hold_cannot_be_taken_away(boss: Client) -> None:
    level = make_level(on_hand=5)
    order_of(make_buyer(), (level, 4))
    level.refresh_from_db()

    refused = _send(boss, level, "adjust_stock", -2, _confirmed="1")

    assert refused.status_code == 409
    assert "4 units are held by orders" in text_of(refused)
    assert balances(level.pk) == (5, 4)


@pytest.mark.parametrize("fields", [{"reason": ""}, {"quantity": "x"}, {"quantity": "9999999999999"}, {"quantity": ""}])
def test_an_adjustment_needs_a_quantity_and_a_reason(boss: Client, fields: dict[str, str]) -> None:
    level = make_level(on_hand=5)

    answer = _send(boss, level, "adjust_stock", 1, _confirmed="1", **fields)

    assert answer.status_code == 200
    assert balances(level.pk) == (5, 0)


def test_a_variant_is_stocked_at_a_location(boss: Client) -> None:
    variant = make_level(on_hand=1).variant
    cellar = make_location("Cellar")
    fields = {"variant": variant.pk, "location": cellar.pk, "on_hand": 8, "low_stock_threshold": ""}

    told = boss.post(add_url(StockLevel), fields, follow=True)
    refused = boss.post(add_url(StockLevel), fields)

    level = StockLevel.objects.get(location=cellar)
    assert f"{variant.sku} is stocked now, with 8 on hand" in text_of(told)
    assert balances(level.pk) == (8, 0)
    assert refused.status_code == 409
    assert "adjust it" in text_of(refused)


def test_saving_the_threshold_keeps_quantities_that_moved_meanwhile(boss: Client) -> None:
    level = make_level(on_hand=5)
    boss.get(page_url(level))
    order_of(make_buyer(), (level, 4))

    boss.post(page_url(level), {"low_stock_threshold": "9"})

    level.refresh_from_db()
    assert (level.on_hand, level.reserved, level.low_stock_threshold) == (5, 4, 9)


def test_the_ledger_is_not_written_by_hand(boss: Client) -> None:
    row = StockMovement.objects.get(level=make_level(on_hand=5))

    assert boss.get(add_url(StockMovement)).status_code == 403
    assert boss.post(page_url(row), {"quantity": "7"}).status_code == 403
    assert boss.post(page_url(row, "delete"), {"post": "yes"}).status_code == 403


def _product_form(**fields: str) -> dict[str, str]:
    form = {"name": "Lamp", "slug": "", "category": "", "description": "", "is_active": "on"}
    form |= {
        "variants-TOTAL_FORMS": "1",
        "variants-INITIAL_FORMS": "0",
        "variants-0-sku": "LAMP-1",
        "variants-0-name": "",
        "pictures-TOTAL_FORMS": "0",
        "pictures-INITIAL_FORMS": "0",
    }
    form |= {"variants-0-price": "12.50", "variants-0-currency": "usd", "variants-0-tax_rate": "0.19"}
    return {**form, "variants-0-tax_class": "reduced", "variants-0-is_active": "on", **fields}


def test_a_product_is_added_with_its_variants_and_a_slug_of_its_name(boss: Client) -> None:
    boss.post(add_url(Product), _product_form())
    boss.post(add_url(Product), _product_form(**{"variants-0-sku": "LAMP-2"}))

    slugs = sorted(Product.objects.values_list("slug", flat=True))
    assert slugs[0] == "lamp"
    assert slugs[1].startswith("lamp-")
    lamp = Variant.objects.get(sku="LAMP-1")
    assert (lamp.currency, lamp.tax_class) == ("USD", "reduced")


def test_a_price_in_fractions_of_a_cent_is_refused(boss: Client) -> None:
    answer = boss.post(add_url(Product), _product_form(**{"variants-0-price": "12.505"}))

    assert "multiple of 0.01" in text_of(answer)
    assert not Product.objects.exists()


def test_what_history_names_is_switched_off_not_deleted(boss: Client) -> None:
    level = make_level(on_hand=5)

    for row in (level.variant, level.variant.product, level.location, level.location.seller, level):
        assert boss.post(page_url(row, "delete"), {"post": "yes"}).status_code == 403
