"""A row in every table of stock that has a rule: a transfer that was applied, and units that wait for goods."""

from inventory.models.document import DocumentKind
from inventory.models.level import StockLevel
from inventory.services.apply_stock_document import apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from shared.actor import SYSTEM
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.goods import make_location
from tests.shop.people import Buyer


def fill_stock(buyer: Buyer, level: StockLevel) -> None:
    transfer = create_stock_document(
        kind=DocumentKind.TRANSFER,
        location_id=level.location_id,
        target_id=make_location("Cellar").pk,
        lines=[RequestedDocumentLine(level.variant.sku, 1)],
        actor=SYSTEM,
    )
    apply_stock_document(document_id=transfer.pk, actor=SYSTEM)
    sell_ahead(buyer, make_level_to_wait_for(on_hand=0, limit=5), 2)
