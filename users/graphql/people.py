"""Customers and companies in GraphQL."""

import strawberry

from shared.graphql.connections import Connection
from shared.graphql.doors import Door
from shared.graphql.fields import by_id, extend, hanging, link, listed
from shared.graphql.kinds import Kind
from shared.graphql.scalars import DateTime, JSONValue
from users.graphql.addresses import CustomerAddressInput, CustomerAddressNode

CUSTOMER = Kind(Door("customer-list"), Door("customer-detail", has_row=True))
COMPANY = Kind(Door("company-list"), Door("company-detail", has_row=True))


@strawberry.type(name="Company", description="An organisation that customers belong to.")
class CompanyNode:
    id: strawberry.ID
    name: str
    website: str
    phone: str
    address: str
    tax_number: str
    note: str
    owner_id: strawberry.ID | None
    custom_fields: JSONValue
    created_at: DateTime
    updated_at: DateTime


@strawberry.type(name="Customer", description="Who buys.")
class CustomerNode:
    id: strawberry.ID
    name: str
    email: str
    phone: str
    address: str
    addresses: list[CustomerAddressNode]
    language: str
    country: str
    tax_number: str
    company_id: strawberry.ID | None
    company: CompanyNode | None = link(COMPANY, "company")
    group_id: strawberry.ID | None
    tags: list[str]
    user_id: strawberry.ID | None
    owner_id: strawberry.ID | None
    custom_fields: JSONValue
    metadata: JSONValue = strawberry.field(description="Texts by key; shown to staff and keys alone.")
    created_at: DateTime
    updated_at: DateTime


@strawberry.input(description="As the body of POST and PATCH /customers; what is left out stays as it is.")
class CustomerInput:
    name: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    address: str | None = strawberry.UNSET
    addresses: list[CustomerAddressInput] | None = strawberry.field(
        default=strawberry.UNSET, description="All of them: those that are not in the list go."
    )
    language: str | None = strawberry.UNSET
    country: str | None = strawberry.UNSET
    tax_number: str | None = strawberry.UNSET
    company: strawberry.ID | None = strawberry.UNSET
    group: strawberry.ID | None = strawberry.UNSET
    user: strawberry.ID | None = strawberry.UNSET
    owner: strawberry.ID | None = strawberry.UNSET
    tags: list[str] | None = strawberry.UNSET
    custom_fields: JSONValue | None = strawberry.UNSET
    metadata: JSONValue | None = strawberry.UNSET


@extend(CompanyNode)
class CompanyCustomers:
    customers: Connection[CustomerNode] | None = hanging(
        CUSTOMER, "company_id", ("-id",), "Its customers, newest first."
    )


@strawberry.input
class CustomerFilter:
    """As the query parameters of GET /customers."""

    email: str | None = strawberry.UNSET
    name: str | None = strawberry.UNSET
    tax_number: str | None = strawberry.UNSET
    company: strawberry.ID | None = strawberry.UNSET
    user: strawberry.ID | None = strawberry.UNSET
    tag: str | None = strawberry.UNSET
    created_after: DateTime | None = strawberry.UNSET
    created_before: DateTime | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.input
class CompanyFilter:
    """As the query parameters of GET /companies."""

    name: str | None = strawberry.UNSET
    tax_number: str | None = strawberry.UNSET
    search: str | None = strawberry.UNSET


@strawberry.type
class PeopleQuery:
    customer: CustomerNode | None = by_id(CUSTOMER, "One customer.")
    customers: Connection[CustomerNode] | None = listed(CUSTOMER, CustomerFilter, "Customers, newest first.")
    company: CompanyNode | None = by_id(COMPANY, "One company.")
    companies: Connection[CompanyNode] | None = listed(COMPANY, CompanyFilter, "Companies, newest first.")
