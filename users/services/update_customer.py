from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shared.database.errors import named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput, NotFound
from shared.values.metadata import change_metadata
from users.custom_fields import change_custom_fields
from users.customers.address_book import change_addresses, text_of_addresses
from users.customers.details import CustomerChanges
from users.customers.links import CUSTOMER_CONSTRAINTS, check_links
from users.customers.tagging import tag_customer
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer

# What these say is not what stands in the column.
_MERGED = {"tags", "custom_fields", "metadata", "addresses"}


def update_customer(*, customer_id: UUID, changes: CustomerChanges) -> Customer:
    """Change a customer; orders keep the name and e-mail address they were placed with.

    Raises NotFound, InvalidInput for a wrong value or a company, group, user or owner that does not exist,
    AlreadyExists for a login that is another customer's. Locks: the customer.
    """
    check_links(changes)
    check_columns(Customer, {name: value for name, value in changes.items() if name not in _MERGED})
    with named_constraints(CUSTOMER_CONSTRAINTS), transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
        if customer is None:
            raise NotFound(gettext("There is no such customer."))
        values = {key: value for key, value in changes.items() if key != "tags"}
        if "custom_fields" in changes:
            current, sent = customer.custom_fields, changes["custom_fields"]
            values["custom_fields"] = change_custom_fields(CustomFieldOwner.CUSTOMER, current, sent)
        if "metadata" in changes:
            values["metadata"] = change_metadata(customer.metadata, changes["metadata"])
        values |= _addresses_of(customer, changes)
        for column, value in values.items():
            setattr(customer, column, value)
        if values:
            # phone_e164 follows `phone` when the row is saved, and is written only if it is named.
            customer.save(update_fields=[*values, "phone_e164", "updated_at"])
        if "tags" in changes:
            tag_customer(customer=customer, names=changes["tags"])
    return customer


def _addresses_of(customer: Customer, changes: CustomerChanges) -> dict[str, Any]:
    """The old text follows the addresses, and is no way to change them."""
    if "addresses" in changes:
        addresses = change_addresses(customer.addresses, changes["addresses"])
        text = text_of_addresses(addresses)
        return {"addresses": addresses, "address": text or ("" if customer.addresses else customer.address)}
    if customer.addresses and changes.get("address", customer.address) != customer.address:
        text = gettext("The customer has addresses: change these.")
        raise InvalidInput(("/address", "has_addresses", text))
    return {}
