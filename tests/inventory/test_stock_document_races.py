"""Counting, receiving, carrying and selling at one moment: each counts with what the others left."""

from functools import partial

import pytest

from inventory.models.document import DocumentKind, StockDocument
from inventory.models.level import StockLevel
from inventory.services.apply_stock_document import DocumentRefused, apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.models.order import Order
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.database.races import deadlocks, run_together
from tests.shop.goods import add_level, balances, make_level, make_location
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("audited_shop")


def document(kind: DocumentKind, level: StockLevel, units: int, target: object = None) -> StockDocument:
    return create_stock_document(
        kind=kind,
        location_id=level.location_id,
        target_id=target,  # type: ignore[arg-type]
        lines=[RequestedDocumentLine(level.variant.sku, units)],
        actor=SYSTEM,
    )


def apply(paper: StockDocument) -> StockDocument:
    return apply_stock_document(document_id=paper.pk, actor=SYSTEM)


def test_a_count_a_delivery_and_buyers_at_once_leave_what_the_last_of_them_says() -> None:
    level, paid = make_level(on_hand=10), make_buyer()
    sold = order_of(paid, (level, 2))
    count, delivery = document(DocumentKind.STOCKTAKE, level, 30), document(DocumentKind.RECEIPT, level, 7)

    answers = run_together(
        partial(apply, count),
        partial(apply, delivery),
        partial(confirm_payment, order_id=sold.pk, actor=SYSTEM),
        *(partial(order_of, make_buyer(), (level, 1)) for _ in range(5)),
    )

    assert sum(isinstance(answer, Order) for answer in answers) == 6
    on_hand, reserved = balances(level.pk)
    assert reserved == 5
    assert on_hand in {30, 37, 28, 35}
    expected = count.lines.get().expected
    assert expected in {10, 17, 8, 15}


def test_a_count_never_goes_below_what_buyers_hold_meanwhile() -> None:
    level = make_level(on_hand=10)
    count = document(DocumentKind.STOCKTAKE, level, 2)

    counted, *_ = run_together(partial(apply, count), *(partial(order_of, make_buyer(), (level, 1)) for _ in range(4)))

    on_hand, reserved = balances(level.pk)
    assert reserved <= on_hand
    assert isinstance(counted, DocumentRefused) or on_hand == 2


def test_a_document_that_many_apply_at_once_is_applied_once() -> None:
    level = make_level(on_hand=1)
    delivery = document(DocumentKind.RECEIPT, level, 7)

    answers = run_together(*[partial(apply, delivery)] * 6)

    assert [answer.status for answer in answers] == ["applied"] * 6
    assert balances(level.pk) == (8, 0)


def test_goods_that_cross_never_deadlock() -> None:
    here = make_level(on_hand=50)
    attic = make_location("Attic")
    there = add_level(here.variant, attic, on_hand=50)
    papers = [document(DocumentKind.TRANSFER, here, 2, attic.pk) for _ in range(6)]
    papers += [document(DocumentKind.TRANSFER, there, 3, here.location_id) for _ in range(6)]
    before = deadlocks()

    run_together(*(partial(apply, paper) for paper in papers))

    assert deadlocks() == before
    assert (balances(here.pk), balances(there.pk)) == ((56, 0), (44, 0))


def test_two_deliveries_of_a_new_variant_make_one_level() -> None:
    variant, location = make_level(on_hand=0).variant, make_location("New shelf")
    lines = [RequestedDocumentLine(variant.sku, 3)]
    papers = [
        create_stock_document(kind=DocumentKind.RECEIPT, location_id=location.pk, lines=lines, actor=SYSTEM)
        for _ in range(4)
    ]

    run_together(*(partial(apply, paper) for paper in papers))

    assert StockLevel.objects.get(location=location).on_hand == 12
