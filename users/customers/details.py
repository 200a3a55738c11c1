"""What a customer is made of, once for creating and changing: a new field is a line here."""

from typing import Any, TypedDict
from uuid import UUID

from users.customers.address_book import SentAddress


class CustomerDetails(TypedDict, total=False):
    """What a new customer may do without, and then has the columns' defaults."""

    phone: str
    address: str
    language: str
    country: str
    tax_number: str
    company_id: UUID | None
    group_id: UUID | None
    user_id: UUID | None
    owner_id: UUID | None


class CustomerChanges(CustomerDetails, total=False):
    """What may change; what is missing stays."""

    name: str
    email: str
    tags: list[str]
    custom_fields: dict[str, Any]  # of which those not named stay
    addresses: list[SentAddress]  # all of them
    metadata: dict[str, str | None]  # likewise; None or "" takes one away
