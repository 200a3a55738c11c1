from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from shared.database.errors import named_constraints
from shared.database.write_row import check_columns
from users.custom_fields import validate_custom_fields
from users.customers.links import CUSTOMER_CONSTRAINTS, check_links
from users.customers.tagging import tag_customer
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer
from users.models.language import Language


def create_customer(  # noqa: PLR0913 - a customer's own fields
    *,
    name: str,
    email: str,
    phone: str = "",
    address: str = "",
    language: str = Language.ENGLISH,
    country: str = "",
    company_id: UUID | None = None,
    group_id: UUID | None = None,
    user_id: UUID | None = None,
    tags: Iterable[str] = (),
    owner_id: UUID | None = None,
    custom_fields: Mapping[str, Any] | None = None,
) -> Customer:
    """A new customer. Raises InvalidInput for a wrong value or a company, group, user or owner that does not exist,
    AlreadyExists for a login that is another customer's."""
    fields = validate_custom_fields(CustomFieldOwner.CUSTOMER, custom_fields or {})
    check_links({"company_id": company_id, "group_id": group_id, "user_id": user_id, "owner_id": owner_id})
    plain = {
        "name": name,
        "email": email,
        "phone": phone,
        "address": address,
        "language": language,
        "country": country,
    }
    check_columns(Customer, plain)
    with named_constraints(CUSTOMER_CONSTRAINTS), transaction.atomic():
        customer = Customer.objects.create(
            **plain,
            company_id=company_id,
            group_id=group_id,
            user_id=user_id,
            owner_id=owner_id,
            custom_fields=fields,
        )
        tag_customer(customer=customer, names=tags)
    return customer
