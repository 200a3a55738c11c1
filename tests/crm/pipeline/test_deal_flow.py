"""A deal goes through its stages, gets lines and becomes an order; every step is timed and told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.deal_stage_change import DealStageChange
from crm.services.deals.move_deal import move_deal
from crm.services.deals.order_deal import order_deal
from crm.services.deals.set_deal_lines import RequestedDealLine, set_deal_lines
from orders.models.order import Order
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import InvalidInput, Refusal
from tests.shop.deal_lines import add_line, remove_line
from tests.shop.goods import VariantFactory, balances, make_level
from tests.shop.http.admin_pages import add_url, list_url, page_url, signed_in, superuser, text_of
from tests.shop.http.deal_pages import board_url, deal_fields, drag, opened, save, stage, told, way
from tests.shop.people import Buyer, make_buyer

_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def buyer(db: None) -> Buyer:
    return make_buyer()


def test_days_in_every_stage_are_kept_and_shown(boss: Client, buyer: Buyer) -> None:
    deal = opened(buyer, now=_MONDAY)

    for days, name in ((3, "Qualified"), (7, "Proposal"), (12, "Qualified")):
        move_deal(deal_id=deal.pk, stage_id=stage(name).pk, actor=buyer.actor, now=_MONDAY + timedelta(days=days))

    assert way(deal) == [
        ("New", timedelta(days=3)),
        ("Qualified", timedelta(days=4)),
        ("Proposal", timedelta(days=5)),
        ("Qualified", None),
    ]
    assert told(deal) == [
        "Deal opened: Forty chairs",
        "Forty chairs: New → Qualified",
        "Forty chairs: Qualified → Proposal",
        "Forty chairs: Proposal → Qualified",
    ]
    assert set(Activity.objects.values_list("author", "customer")) == {(buyer.actor.user_id, buyer.customer.pk)}
    page = text_of(boss.get(page_url(deal)))
    assert "Proposal 5 days" in page
    assert "New 3 days" in page


def test_a_deal_from_before_stages_were_timed_has_stood_there_since_it_was_made(buyer: Buyer) -> None:
    deal = opened(buyer, now=_MONDAY)
    DealStageChange.objects.all().delete()

    move_deal(deal_id=deal.pk, stage_id=stage("Proposal").pk, actor=SYSTEM, now=_MONDAY + timedelta(days=2))

    assert way(deal) == [("New", timedelta(days=2)), ("Proposal", None)]


def test_the_list_adds_up_what_is_filtered(boss: Client, buyer: Buyer) -> None:
    opened(buyer, "Chairs", details={"value": Decimal(100)})
    opened(buyer, "Lamps", details={"value": Decimal(40), "currency": "EUR"})
    lost = opened(buyer, "Tables", details={"value": Decimal(900)})
    move_deal(deal_id=lost.pk, stage_id=stage("Lost").pk, actor=SYSTEM, lost_reason="dear")

    assert "1 40.00 EUR · 2 1,000.00 USD" in text_of(boss.get(list_url(Deal)))
    assert "1 40.00 EUR · 1 100.00 USD" in text_of(boss.get(f"{list_url(Deal)}?status=open"))


def test_the_value_follows_the_lines(boss: Client, buyer: Buyer) -> None:
    deal = opened(buyer, details={"value": Decimal(5)})
    chair, table = VariantFactory.create(price="30.00"), VariantFactory.create(price="100.00")

    save(boss, deal, (chair, 4, "25.00"), (table, 1, ""))

    deal.refresh_from_db()
    assert deal.value == 200
    assert set(deal.lines.values_list("variant", "quantity", "unit_price")) == {(chair.pk, 4, 25), (table.pk, 1, 100)}
    page = text_of(boss.get(page_url(deal)))
    assert "200.00 USD" in page
    assert "lines changed 4 x" in page

    remove_line(deal, chair.pk)
    add_line(deal, table.pk, 2)
    deal.refresh_from_db()
    assert deal.value == 300
    assert boss.get(f"{board_url('price')}?variant={chair.pk}").json() == {"price": "30.00"}


def test_lines_that_make_no_sense_are_named(boss: Client, buyer: Buyer) -> None:
    deal, euro, chair = opened(buyer), VariantFactory.create(currency="EUR"), VariantFactory.create()

    answered = save(boss, deal, (euro, 1, ""))
    with pytest.raises(InvalidInput) as refused:
        set_deal_lines(
            deal_id=deal.pk,
            lines=[
                RequestedDealLine(chair.pk, 0),
                RequestedDealLine(chair.pk, 1, Decimal(-1)),
                RequestedDealLine(deal.pk),
            ],
            actor=SYSTEM,
        )

    assert "is priced in EUR, the deal is in USD" in text_of(answered)
    assert [error["code"] for error in refused.value.data["errors"]] == [
        "out_of_range",
        "out_of_range",
        "does_not_exist",
        "duplicate",
    ]
    assert not DealLine.objects.exists()


def test_a_page_that_is_out_of_date_overwrites_nothing(boss: Client, buyer: Buyer) -> None:
    deal = opened(buyer)
    stale = deal_fields(deal) | {"title": "Thirty chairs"}
    move_deal(deal_id=deal.pk, stage_id=stage("Qualified").pk, actor=SYSTEM)

    refused = boss.post(page_url(deal), stale)
    deal.refresh_from_db()
    saved = boss.post(page_url(deal), deal_fields(deal) | {"title": "Fifty chairs"})

    assert "Somebody else changed this deal meanwhile" in text_of(refused)
    assert saved.status_code == 302
    deal.refresh_from_db()
    assert (deal.title, deal.stage) == ("Fifty chairs", stage("Qualified"))
    assert told(deal)[-1] == "Fifty chairs: title changed"


def test_a_deal_opened_on_its_page_is_timed_andtold(boss: Client, buyer: Buyer) -> None:
    chair = VariantFactory.create(price="30.00")
    fields = {"title": "Lamps", "customer": buyer.customer.pk, "stage": stage("Qualified").pk, "value": "80"}
    lines = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-variant": chair.pk, "lines-0-quantity": "2"}

    boss.post(add_url(Deal), {**fields, **lines, "currency": "USD", "lines-0-unit_price": ""})

    deal = Deal.objects.get()
    assert (deal.value, way(deal)) == (60, [("Qualified", None)])
    assert told(deal) == ["Deal opened: Lamps", "Lamps: lines changed"]


def test_a_deal_becomes_an_order_and_is_won(boss: Client, buyer: Buyer) -> None:
    level = make_level(on_hand=9, price="10.00", tax_rate="0.10")
    deal = opened(buyer)
    add_line(deal, level.variant_id, 4, unit_price=Decimal(9))

    asked = text_of(boss.get(page_url(deal, "place_order")))
    placed = boss.post(page_url(deal, "place_order"), follow=True)
    again = boss.post(page_url(deal, "place_order"), follow=True)

    assert all(text in asked for text in ("9.00 USD", "10.00 USD differs", "39.60 USD"))
    order = Order.objects.get()
    deal.refresh_from_db()
    assert (deal.order, deal.status, deal.closed_at is not None) == (order, "won", True)
    assert (order.customer, order.total) == (buyer.customer, Decimal("39.60"))
    assert balances(level.pk) == (9, 4)
    assert "its stock is reserved" in text_of(placed)
    assert "it was placed once" in text_of(again)
    assert told(deal)[-2:] == [f"Forty chairs: order {order.number} placed", "Forty chairs: New → Won"]


def test_what_was_ordered_is_history_until_the_order_is_cancelled(boss: Client, buyer: Buyer) -> None:
    level = make_level(on_hand=9)
    deal = opened(buyer)
    add_line(deal, level.variant_id)
    order = order_deal(deal_id=deal.pk, actor=buyer.actor, agrees_prices=True).order
    deal.refresh_from_db()

    with pytest.raises(Refusal, match="they are history now"):
        add_line(deal, level.variant_id)
    assert "cancel the order first" in drag(boss, deal, stage("Lost"), lost_reason="x").json()["message"]
    assert "lines-0-quantity" not in boss.get(page_url(deal)).content.decode()

    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)
    second = order_deal(deal_id=deal.pk, actor=buyer.actor, agrees_prices=True)
    assert second.created
    assert second.order.pk != order.pk
    assert balances(level.pk) == (9, 1)


def test_short_stock_is_named_and_the_deal_stays_as_it_was(boss: Client, buyer: Buyer) -> None:
    level = make_level(on_hand=3)
    deal = opened(buyer)
    add_line(deal, level.variant_id, 4)
    before = Deal.objects.values().get()

    refused = boss.post(page_url(deal, "place_order"))

    assert refused.status_code == 409
    assert f"{level.variant.sku}: 4 wanted, 3 available" in text_of(refused)
    assert Deal.objects.values().get() == before
    assert not Order.objects.exists()
    assert balances(level.pk) == (3, 0)


@pytest.mark.parametrize(("case", "why"), [("lost", "The deal is lost"), ("bare", "The deal has no lines yet")])
def test_a_deal_that_cannot_be_ordered_says_why(boss: Client, buyer: Buyer, case: str, why: str) -> None:
    deal = opened(buyer)
    if case == "lost":
        add_line(deal, make_level(on_hand=3).variant_id)
        move_deal(deal_id=deal.pk, stage_id=stage("Lost").pk, actor=SYSTEM, lost_reason="dear")

    assert why in text_of(boss.get(page_url(deal, "place_order")))
    assert boss.post(page_url(deal, "place_order")).status_code == 409
    assert not Order.objects.exists()
