"""A long document is applied in lots: no level is held for the whole of it, and what one process began another ends."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from procrastinate.contrib.django import app

from catalog.models.variant import Variant
from inventory.models.document import DocumentKind, StockDocument
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement
from inventory.services.apply_stock_document import DocumentRefused, apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from shared.actor import SYSTEM
from shared.admin.display import change_url
from shared.clock import database_now
from tests.shop.database.races import own_connection
from tests.shop.goods import ProductFactory, make_level, make_location
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")

LINES, AT_ONCE = 600, 500


@pytest.fixture
def skus() -> list[str]:
    product = ProductFactory.create()
    made = [Variant(product=product, sku=f"LONG-{n}", price=1, tax_rate=0) for n in range(LINES)]
    return [variant.sku for variant in Variant.objects.bulk_create(made)]


@pytest.fixture
def shelf() -> StockLocation:
    return StockLocation.objects.get()


def document(kind: DocumentKind, skus: list[str], units: int, place: StockLocation, **more: Any) -> StockDocument:
    lines = [RequestedDocumentLine(sku, units) for sku in skus]
    return create_stock_document(kind=kind, location_id=place.pk, lines=lines, actor=SYSTEM, **more)


def apply(paper: StockDocument) -> StockDocument:
    return apply_stock_document(document_id=paper.pk, actor=SYSTEM)


def in_each_transaction() -> list[int]:
    """How many ledger rows each transaction wrote, most first."""
    counts = StockMovement.objects.order_by().values("feed_tx").annotate(rows=Count("pk"))
    return sorted((row["rows"] for row in counts), reverse=True)


class AtLock:
    """Does something when the document is locked for the `number`th time, before that statement is sent."""

    def __init__(self, number: int, do: Callable[[], None]) -> None:
        self._left, self._do = number, do

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if "FOR NO KEY UPDATE" in sql and '"inventory_stock_document"' in sql:
            self._left -= 1
            if self._left == 0:
                self._do()
        return execute(sql, *rest)


def killed() -> None:
    raise KeyboardInterrupt


def test_each_lot_of_a_long_document_is_a_transaction_and_together_they_are_the_document(
    skus: list[str], shelf: StockLocation
) -> None:
    attic = make_location("Attic")

    delivered = apply(document(DocumentKind.RECEIPT, skus, 5, shelf))
    carried = apply(document(DocumentKind.TRANSFER, skus, 2, shelf, target_id=attic.pk))
    counted = apply(document(DocumentKind.STOCKTAKE, skus, 4, shelf))

    assert {delivered.status, carried.status, counted.status} == {"applied"}
    assert in_each_transaction() == [AT_ONCE] * 4 + [200, 100, 100]
    found = StockLevel.objects.values_list("location__name", "on_hand").annotate(count=Count("pk")).order_by("on_hand")
    assert list(found) == [("Attic", 2, LINES), (shelf.name, 4, LINES)]


def test_a_long_document_that_the_books_forbid_changes_nothing(skus: list[str], shelf: StockLocation) -> None:
    apply(document(DocumentKind.RECEIPT, skus, 5, shelf))
    before = StockMovement.objects.count()
    carried = document(DocumentKind.TRANSFER, skus, 6, shelf, target_id=make_location("Attic").pk)

    with pytest.raises(DocumentRefused) as refusal:
        apply(carried)

    assert len(refusal.value.data["lines"]) == LINES
    carried.refresh_from_db()
    assert (carried.status, StockMovement.objects.count()) == ("open", before)


def test_what_a_killed_process_left_halfway_changes_no_more_and_is_ended_by_the_job(
    staff: Caller, skus: list[str], shelf: StockLocation
) -> None:
    delivery = document(DocumentKind.RECEIPT, skus, 5, shelf)
    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(AtLock(4, killed)):
        apply(delivery)  # the first lock is of its beginning, twice; the third of the first lot
    assert StockMovement.objects.count() == AT_ONCE
    assert ok(staff.get(f"/stock-documents/{delivery.pk}"))["status"] == "applying"
    assert refused(staff.post(f"/stock-documents/{delivery.pk}/cancellation", {}), 409, "document_closed")
    resume = app.tasks["inventory.resume_stock_documents"].func
    assert resume() == 0, "it may be going on"

    StockDocument.objects.update(updated_at=database_now() - timedelta(minutes=2))
    assert resume() == 1

    delivery.refresh_from_db()
    assert delivery.status == "applied"
    assert StockMovement.objects.count() == LINES
    assert not StockLevel.objects.exclude(on_hand=5).exists()


def test_lines_that_a_buyer_made_impossible_meanwhile_are_put_into_a_document_of_their_own(
    staff: Caller, skus: list[str], shelf: StockLocation
) -> None:
    level, buyer = make_level(on_hand=5), make_buyer()
    apply(document(DocumentKind.RECEIPT, skus, 5, shelf))
    count = document(DocumentKind.STOCKTAKE, [*skus, level.variant.sku], 3, shelf)

    def buy() -> None:
        def place() -> None:
            with own_connection():
                order_of(buyer, (level, 4))

        thread = threading.Thread(target=place)
        thread.start()
        thread.join()

    with connection.execute_wrapper(AtLock(3, buy)):
        shown = ok(staff.post(f"/stock-documents/{count.pk}/application", {}))

    left = StockDocument.objects.get(pk=shown["remainder"])
    assert (shown["status"], len(shown["lines"])) == ("applied", LINES)
    assert (left.status, left.kind, left.reference) == ("open", "stocktake", count.reference)
    [line] = left.lines.all()
    assert (line.variant_id, line.quantity, line.expected, line.movement_id) == (level.variant_id, 3, None, None)
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (5, 4)
    boss = signed_in(superuser())
    pages = [boss.get(change_url(StockDocument, pk)).content.decode() for pk in (count.pk, left.pk)]
    assert [str(left.pk) in page and "Remainder" in page for page in pages] == [True, False]
