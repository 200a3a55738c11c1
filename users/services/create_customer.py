from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction

from shared.database.errors import named_constraints
from shared.database.write_row import check_columns
from shared.values.metadata import change_metadata
from users.custom_fields import validate_custom_fields
from users.customers.address_book import SentAddress, change_addresses, text_of_addresses
from users.customers.details import CustomerDetails
from users.customers.links import CUSTOMER_CONSTRAINTS, check_links
from users.customers.tagging import tag_customer
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer


def create_customer(
    *,
    name: str,
    email: str,
    tags: Iterable[str] = (),
    custom_fields: Mapping[str, Any] | None = None,
    metadata: Mapping[str, str | None] | None = None,
    addresses: Sequence[SentAddress] = (),
    customer_id: UUID | None = None,
    **details: Unpack[CustomerDetails],
) -> Customer:
    """A new customer. With a `customer_id` it is made once: whoever asks again gets the one that is there. Raises
    InvalidInput for a wrong value or a company, group, user or owner that does not exist, AlreadyExists for a login
    that is another customer's."""
    fields = validate_custom_fields(CustomFieldOwner.CUSTOMER, custom_fields or {})
    check_links(details)
    columns: dict[str, Any] = {"name": name, "email": email, "metadata": change_metadata({}, metadata or {}), **details}
    if addresses:
        columns["addresses"] = change_addresses([], addresses)
        # The one text of before, which follows the addresses for whoever reads it still.
        columns["address"] = text_of_addresses(columns["addresses"])
    check_columns(Customer, columns)
    with named_constraints(CUSTOMER_CONSTRAINTS), transaction.atomic():
        columns["custom_fields"] = fields
        if customer_id is None:
            customer = Customer.objects.create(**columns)
        else:
            customer, is_new = Customer.objects.get_or_create(pk=customer_id, defaults=columns)
            if not is_new:
                return customer
        tag_customer(customer=customer, names=tags)
    return customer
