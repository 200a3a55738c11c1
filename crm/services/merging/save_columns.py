"""Write single columns of a customer."""

from collections.abc import Iterable

from users.models.customer import Customer


def save_columns(customer: Customer, columns: Iterable[str]) -> None:
    """Write these columns, and what follows from them."""
    names = set(columns) | {"updated_at"}
    customer.save(update_fields=names | {"phone_e164"} if "phone" in names else names)
