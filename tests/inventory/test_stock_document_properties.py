"""Whatever is received, carried, counted, adjusted, held and taken back, in whatever order: levels are what a page of
plain Python says, and their ledgers explain them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models.variant import Variant
from inventory.ledger import stock
from inventory.models.document import DocumentKind
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.services.adjust_stock import adjust_stock
from inventory.services.apply_stock_document import DocumentRefused, apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from orders.audit import documents, ledger
from orders.services.upkeep.audit_books import audit_books
from shared.actor import SYSTEM
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from tests.shop.goods import make_level, make_location

Place = tuple[int, int]  # variant, location
VARIANTS, LOCATIONS = 2, 3
UNITS = st.integers(0, 9)
LINES = st.dictionaries(st.integers(0, VARIANTS - 1), UNITS, min_size=1)
DOCUMENTS = st.tuples(st.sampled_from(DocumentKind.values), st.integers(0, 2), st.integers(0, 2), LINES)
OTHERS = st.tuples(
    st.sampled_from(["adjust", "hold", "release", "sell", "restock"]),
    st.integers(0, VARIANTS - 1),
    st.integers(0, LOCATIONS - 1),
    st.integers(-9, 9),
)


@dataclass
class Model:
    """(on hand, reserved) of each place that was ever stocked."""

    books: dict[Place, list[int]] = field(default_factory=dict)

    def at(self, place: Place) -> list[int]:
        return self.books.get(place, [0, 0])

    def document(self, kind: str, here: int, there: int, lines: dict[int, int]) -> bool:
        """Apply all lines or none."""
        after = {place: list(balance) for place, balance in self.books.items()}
        for variant, units in lines.items():
            balance = after.setdefault((variant, here), [0, 0])
            if kind == DocumentKind.STOCKTAKE:
                balance[0] = units
            elif units == 0:
                return False
            elif kind == DocumentKind.RECEIPT:
                balance[0] += units
            else:
                balance[0] -= units
                after.setdefault((variant, there), [0, 0])[0] += units
            if balance[0] < balance[1]:
                return False
        self.books = after
        return True

    def other(self, kind: str, place: Place, units: int) -> bool:
        on_hand, reserved = self.at(place)
        if kind == "adjust":
            on_hand += units
        elif kind == "hold":
            reserved += units
        elif kind == "release":
            reserved -= units
        elif kind == "sell":
            on_hand, reserved = on_hand - units, reserved - units
        else:
            on_hand += units
        fits = 0 <= reserved <= on_hand and units != 0 and place in self.books and (kind == "adjust" or units > 0)
        if fits:
            self.books[place] = [on_hand, reserved]
        return fits


@dataclass
class Warehouse:
    variants: list[Variant]
    locations: list[StockLocation]

    def document(self, kind: str, here: int, there: int, lines: dict[int, int]) -> bool:
        try:
            document = create_stock_document(
                kind=DocumentKind(kind),
                location_id=self.locations[here].pk,
                target_id=self.locations[there].pk if kind == DocumentKind.TRANSFER else None,
                lines=[RequestedDocumentLine(self.variants[variant].sku, units) for variant, units in lines.items()],
                actor=SYSTEM,
            )
            apply_stock_document(document_id=document.pk, actor=SYSTEM)
        except (DocumentRefused, InvalidInput):
            return False
        return True

    def other(self, kind: str, place: Place, units: int) -> bool:
        level = StockLevel.objects.filter(variant=self.variants[place[0]], location=self.locations[place[1]]).first()
        if level is None:
            return False
        if kind == "adjust":
            try:
                adjust_stock(level_id=level.pk, quantity=units, reason="broken", actor=SYSTEM)
            except Refusal:
                return False
            return True
        with transaction.atomic():
            levels = stock.lock([level.pk])
            held, free = levels[level.pk].reserved, levels[level.pk].available
            if units <= 0 or units > {"hold": free, "release": held, "sell": held}.get(kind, units):
                return False
            moves = [stock.Move(level.pk, units, new_id())]
            if kind == "hold":
                stock.reserve(levels, moves)
            elif kind == "sell":
                stock.convert(levels, moves)
            elif kind == "release":
                stock.release(levels, moves, reason="changed their mind")
            else:
                stock.restock(levels, moves, reason="sent back")
        return True

    def books(self) -> dict[Place, list[int]]:
        rows = StockLevel.objects.filter(variant__in=self.variants, location__in=self.locations)
        return {
            (self._place(self.variants, row.variant_id), self._place(self.locations, row.location_id)): [
                row.on_hand,
                row.reserved,
            ]
            for row in rows
        }

    @staticmethod
    def _place(rows: list[Any], key: Any) -> int:
        return next(number for number, row in enumerate(rows) if row.pk == key)


def _steps() -> st.SearchStrategy[list[Any]]:
    return st.lists(st.one_of(DOCUMENTS, DOCUMENTS, OTHERS), min_size=3, max_size=12)


@pytest.fixture
def ledger_is_right(transactional_db: None) -> Iterator[None]:
    yield
    found = audit_books(checks=[*ledger.CHECKS, *documents.CHECKS])
    assert [(finding.check.name, finding.rows) for finding in found if finding.count] == []


@pytest.mark.usefixtures("ledger_is_right")
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_steps())
def test_levels_are_what_was_done_to_them(steps: list[Any]) -> None:
    levels = [make_level(on_hand=0) for _ in range(VARIANTS)]
    names = [f"Shelf {new_id()}" for _ in range(LOCATIONS)]
    warehouse = Warehouse([level.variant for level in levels], [make_location(name) for name in names])
    model = Model()

    for step in steps:
        if step[0] in DocumentKind.values:
            kind, here, there, lines = step
            fits = not (kind == DocumentKind.TRANSFER and here == there) and model.document(kind, here, there, lines)
            assert warehouse.document(kind, here, there, lines) == fits
        else:
            kind, variant, location, units = step
            assert warehouse.other(kind, (variant, location), units) == model.other(kind, (variant, location), units)

        assert warehouse.books() == model.books
