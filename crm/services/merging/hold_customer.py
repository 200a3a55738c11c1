"""Keep a customer from being merged while it is changed."""

from uuid import UUID

from users.models.customer import Customer


def hold_customer(*, customer_id: UUID) -> bool:
    """Keep the customer from being merged away until the caller's transaction ends; False if it is gone already."""
    return Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk=customer_id).first() is not None
