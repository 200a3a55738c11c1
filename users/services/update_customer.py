from typing import TypedDict
from uuid import UUID

from django.db import transaction

from shared.database_errors import named_constraints
from shared.errors import NotFound
from users.models.customer import Customer
from users.services.customer_links import CUSTOMER_CONSTRAINTS, check_links
from users.services.tag_customer import tag_customer


class CustomerChanges(TypedDict, total=False):
    """What may change; what is missing stays."""

    name: str
    email: str
    phone: str
    company_id: UUID | None
    user_id: UUID | None
    tags: list[str]


def update_customer(*, customer_id: UUID, changes: CustomerChanges) -> Customer:
    """Change a customer; orders keep the name and e-mail address they were placed with.

    Raises NotFound, InvalidInput for a company or user that does not exist, AlreadyExists for a login that is
    another customer's.
    """
    check_links(changes)
    with named_constraints(CUSTOMER_CONSTRAINTS), transaction.atomic():
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None:
            raise NotFound("There is no such customer.")
        columns = [key for key in changes if key != "tags"]
        for column in columns:
            setattr(customer, column, changes[column])  # type: ignore[literal-required]
        if columns:
            customer.save(update_fields=[*columns, "phone_e164", "updated_at"])
        if "tags" in changes:
            tag_customer(customer=customer, names=changes["tags"])
    return customer
