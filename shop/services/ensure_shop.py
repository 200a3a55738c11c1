"""The shop's one row, from the first migration on."""

from shop.current import first_values
from shop.models.shop import Shop


def ensure_shop(*, using: str = "default") -> Shop:
    """Return the shop's row, making it with the environment's values where it is missing. Safe to call at any time."""
    row = Shop.objects.using(using).first()
    if row is None:
        # Of two that begin at once the database lets one in.
        Shop.objects.using(using).bulk_create([Shop(**first_values())], ignore_conflicts=True)
        row = Shop.objects.using(using).get()
    return row
