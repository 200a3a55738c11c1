"""A deal's lines, one by one: the service sets them all."""

from decimal import Decimal
from uuid import UUID

from crm.models.deal import Deal
from crm.services.deals.set_deal_lines import RequestedDealLine, set_deal_lines
from shared.actor import SYSTEM


def add_line(deal: Deal, variant_id: UUID, quantity: int = 1, unit_price: Decimal | None = None) -> None:
    """One more line, or more of a variant that is there."""
    there = sum(line.quantity for line in _lines_of(deal) if line.variant_id == variant_id)
    others = [line for line in _lines_of(deal) if line.variant_id != variant_id]
    lines = [*others, RequestedDealLine(variant_id, there + quantity, unit_price)]
    set_deal_lines(deal_id=deal.pk, lines=lines, actor=SYSTEM)


def remove_line(deal: Deal, variant_id: UUID) -> None:
    kept = [line for line in _lines_of(deal) if line.variant_id != variant_id]
    set_deal_lines(deal_id=deal.pk, lines=kept, actor=SYSTEM)


def _lines_of(deal: Deal) -> list[RequestedDealLine]:
    return [RequestedDealLine(line.variant_id, line.quantity, line.unit_price) for line in deal.lines.order_by("id")]
