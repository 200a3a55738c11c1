from inventory.admin import location, movement, seller
from inventory.admin.documents import document
from inventory.admin.levels import level
from inventory.admin.variant import variant

__all__ = ["document", "level", "location", "movement", "seller", "variant"]
