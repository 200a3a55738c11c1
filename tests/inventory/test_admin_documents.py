"""Staff receive deliveries, carry goods and count, on documents that are looked at before they are applied."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from inventory.admin.variant.chart import MOST_POINTS, Known, stock_chart, sums_over_time
from inventory.models.document import StockDocument
from inventory.models.level import StockLevel
from inventory.services.create_stock_document import start_stocktake
from orders.models.backorder import Backorder
from shared.actor import SYSTEM
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.goods import balances, make_level, make_location
from tests.shop.http.admin_pages import add_url, hidden, list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def _form(*new: tuple[StockLevel, int | str], kept: int = 0, **fields: Any) -> dict[str, object]:
    """The page of a document: rows for new lines below those there are."""
    sent: dict[str, object] = {"target": "", "reference": "", **fields}
    sent |= {"lines-TOTAL_FORMS": kept, "lines-INITIAL_FORMS": kept}
    sent |= {"lines-2-TOTAL_FORMS": len(new), "lines-2-INITIAL_FORMS": 0}
    for row, (level, quantity) in enumerate(new):
        sent |= {f"lines-2-{row}-variant": level.variant_id, f"lines-2-{row}-quantity": quantity}
    return sent


def _begin(client: Client, kind: str, level: StockLevel, *new: tuple[StockLevel, int], **fields: Any) -> StockDocument:
    client.post(add_url(StockDocument), _form(*new, kind=kind, location=level.location_id, **fields))
    return StockDocument.objects.latest("id")


def _do(client: Client, document: StockDocument, action: str, **fields: Any) -> str:
    document.refresh_from_db()
    return text_of(client.post(page_url(document, action), {"version": document.version, **fields}, follow=True))


def test_a_delivery_is_written_down_looked_at_and_applied(boss: Client) -> None:
    level, second = make_level(on_hand=5), make_level(on_hand=0)
    document = _begin(boss, "receipt", level, (level, 7), (second, 2), reference="DN-4711")

    shown = text_of(boss.get(page_url(document, "apply_document")))
    assert f"{level.variant.sku} 7 5 0 +7 12" in shown.replace(f"{level.variant} ", f"{level.variant.sku} ")
    assert balances(level.pk) == (5, 0)
    assert "DN-4711 is applied" in _do(boss, document, "apply_document")

    assert (balances(level.pk), balances(second.pk)) == ((12, 0), (2, 0))
    assert level.movements.latest("level_version").reason == "DN-4711"
    closed = boss.get(page_url(document))
    assert "+7" in text_of(closed)
    assert page_url(document, "apply_document") not in closed.content.decode()
    assert "changed since" in _do(boss, document, "apply_document", version=1) or balances(level.pk) == (12, 0)


def test_lines_are_scanned_and_pasted_and_unknown_ones_are_named(boss: Client) -> None:
    level, second = make_level(on_hand=0), make_level(on_hand=0)
    document = _begin(boss, "receipt", level)

    refused = _do(boss, document, "paste_lines", text=f"{level.variant.sku}\nNOPE 3", mode="add")
    assert "1 line names no SKU of this shop (2: NOPE 3)" in refused
    text = f"{level.variant.sku}\n{second.variant.sku}\t12\n\n{level.variant.sku}\n{second.variant.sku} 3"
    assert "has 2 lines now" in _do(boss, document, "paste_lines", text=text, mode="add")
    assert dict(document.lines.values_list("variant", "quantity")) == {level.variant_id: 2, second.variant_id: 15}
    _do(boss, document, "paste_lines", text=f"{level.variant.sku};9", mode="replace")

    assert dict(document.lines.values_list("variant", "quantity")) == {level.variant_id: 9}


def test_a_count_sheet_is_printed_blind_or_with_the_books_and_its_differences_are_shown(boss: Client) -> None:
    level, held = make_level(on_hand=41), make_level(on_hand=4)
    order_of(make_buyer(), (held, 3))
    begin = reverse("admin:inventory_stockdocument_start_stocktake")
    boss.post(begin, {"location": level.location_id, "reference": "Spring"})
    document = StockDocument.objects.get()

    blind, knowing = (text_of(boss.get(page_url(document, "count_sheet"), {"expected": flag})) for flag in ("0", "1"))
    counted_line = f"{level.variant.sku} {level.variant.product.name}"
    assert counted_line in blind
    assert f"{counted_line} 41" not in blind  # 41 by itself may be a minute of the clock, or a part of a number
    assert f"{counted_line} 41" in knowing
    lines = {line.variant_id: line for line in document.lines.all()}
    sent = _form(kept=2, location=level.location_id, version=document.version, reference="Spring")
    for row, (one, counted) in enumerate(((level, 39), (held, 2))):
        line = lines[one.variant_id]
        sent |= {f"lines-{row}-id": line.pk, f"lines-{row}-document": document.pk, f"lines-{row}-quantity": counted}
    boss.post(page_url(document), sent)

    page = boss.get(page_url(document, "apply_document"))
    assert "3 units are held by orders" in text_of(page)
    assert hidden(page, "version") == "2"
    assert "3 units are held by orders" in _do(boss, document, "apply_document")
    assert (balances(level.pk), balances(held.pk)) == ((41, 0), (4, 3))
    _do(boss, document, "paste_lines", text=f"{level.variant.sku} 39\n{held.variant.sku} 3", mode="replace")
    _do(boss, document, "apply_document")

    assert (balances(level.pk), balances(held.pk)) == ((39, 0), (3, 3))


def test_a_page_that_is_older_than_the_document_changes_nothing(boss: Client) -> None:
    level = make_level(on_hand=5)
    document = _begin(boss, "receipt", level, (level, 7))
    seen = document.version
    fields = _form(location=level.location_id, version=seen, reference="mine")
    assert "was changed successfully" in text_of(boss.post(page_url(document), fields, follow=True))

    late = text_of(boss.post(page_url(document), {**fields, "reference": "too late"}))

    document.refresh_from_db()
    assert f"at version {seen + 1}" in late
    assert (document.reference, document.version) == ("mine", seen + 1)


def test_goods_stay_with_their_seller_and_a_cancelled_document_moves_nothing(boss: Client) -> None:
    level, attic = make_level(on_hand=5), make_location("Attic")
    refused = boss.post(
        add_url(StockDocument), _form((level, 1), kind="transfer", location=level.location_id, target=level.location_id)
    )
    assert "The goods are there already" in text_of(refused)
    document = _begin(boss, "transfer", level, (level, 2), target=attic.pk)

    assert "is cancelled" in _do(boss, document, "cancel_document")
    assert balances(level.pk) == (5, 0)
    assert "changes no more" in _do(boss, document, "apply_document")


def test_a_sheet_has_a_line_for_every_level(boss: Client) -> None:
    level = make_level(on_hand=1)
    make_level(on_hand=2)

    document = start_stocktake(location_id=level.location_id, actor=SYSTEM)

    assert document.lines.count() == 2
    assert "Stocktake" in text_of(boss.get(list_url(StockDocument)))


def test_the_sidebar_counts_what_runs_out(boss: Client) -> None:
    make_level(on_hand=2)
    make_level(on_hand=500)

    sidebar = boss.get(list_url(StockDocument)).content.decode()

    assert "Stock levels" in sidebar
    assert "1" in sidebar.partition("Stock levels")[2].partition("Stock documents")[0]


def test_a_variants_page_draws_its_stock_and_links_movements_to_orders(boss: Client) -> None:
    level = make_level(on_hand=40)
    order = order_of(make_buyer(), (level, 3))

    page = boss.get(page_url(level.variant))

    assert "Stock over time" in text_of(page)
    assert 'class="k-stock-line"' in page.content.decode()
    assert page_url(order) in page.content.decode()
    assert page_url(order) in boss.get(page_url(level)).content.decode()


def test_a_long_ledger_is_drawn_with_few_points() -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)
    one, other = uuid4(), uuid4()
    known = [Known(one, start + timedelta(hours=step), step, 0) for step in range(500)]
    known += [Known(other, start + timedelta(hours=250), 1_000, 7)]

    sums = sums_over_time(known)

    assert len(sums) <= MOST_POINTS
    assert (sums[-1].on_hand, sums[-1].reserved) == (1_499, 7)
    chart = stock_chart(sums, until=start + timedelta(days=30))
    assert chart is not None
    assert chart.grid[-1].text == "2,000"
    assert stock_chart([], until=start) is None


def test_what_waits_for_goods_is_shown_with_its_order_and_its_variant(boss: Client) -> None:
    level = make_level_to_wait_for(on_hand=1, limit=5)
    order = sell_ahead(make_buyer(), level, 3)

    assert "2 waiting for goods" in text_of(boss.get(page_url(order)))
    assert "waiting for goods 2" in text_of(boss.get(page_url(level.variant))).lower()
    assert order.number in text_of(boss.get(list_url(Backorder), {"status__exact": "waiting"}))
