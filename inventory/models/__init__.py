from inventory.models import backorder_count, document, level, location, movement

__all__ = ["backorder_count", "document", "level", "location", "movement"]
