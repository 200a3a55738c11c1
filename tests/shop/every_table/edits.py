"""A changed order, and a quote that became one, as the services make them."""

from inventory.models.level import StockLevel
from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.draft import Draft, DraftKind
from orders.models.order_item import OrderItem
from orders.services.drafts.order_draft import order_draft
from orders.services.drafts.write_draft import DraftedLine, create_draft
from orders.services.orders.edit_order import edit_order
from shared.actor import SYSTEM
from tests.shop.orders import order_of
from tests.shop.people import Buyer


def fill_edits(buyer: Buyer, level: StockLevel) -> Draft:
    """Needs four units."""
    order = order_of(buyer, (level, 3))
    line = OrderItem.objects.get(order=order)
    edit_order(
        order_id=order.pk, requested=EditRequest((ChangedQuantity(0, line.pk, 2),)), actor=SYSTEM, reason="one less"
    )
    quote = create_draft(
        customer_id=buyer.customer.pk,
        currency="USD",
        actor=SYSTEM,
        kind=DraftKind.QUOTE,
        lines=[DraftedLine(level.variant_id, 1)],
    )
    return order_draft(draft_id=quote.pk, actor=SYSTEM, agrees_prices=True).draft
