"""Reads of stock, each with what it prefetches decided once."""

from uuid import UUID

from django.db.models import QuerySet

from inventory.models.document import StockDocument
from inventory.models.level import StockLevel
from inventory.models.location import StockLocation
from inventory.models.movement import StockMovement


def stock_levels() -> QuerySet[StockLevel]:
    """Levels with their location, which names the seller: 1 statement for any page."""
    return StockLevel.objects.select_related("location")


def stock_locations() -> QuerySet[StockLocation]:
    return StockLocation.objects.all()


def stock_documents() -> QuerySet[StockDocument]:
    return StockDocument.objects.all()


def movements_of(level_id: UUID) -> QuerySet[StockMovement]:
    """A level's ledger."""
    return StockMovement.objects.filter(level_id=level_id)
