"""Postal addresses in GraphQL, as customers, orders and drafts have them."""

import strawberry


@strawberry.type(name="Address", description="Where something goes, as an order keeps it.")
class AddressNode:
    name: str
    company: str
    lines: list[str]
    city: str
    region: str
    postal_code: str
    country: str = strawberry.field(description="ISO 3166; empty only of an old text.")
    phone: str


@strawberry.type(name="CustomerAddress", description="One of a customer's addresses.")
class CustomerAddressNode(AddressNode):
    id: strawberry.ID
    kind: str
    is_default: bool = strawberry.field(description="Orders get it, of its kind.")


@strawberry.input(description="Which fields are required, and what a postal code looks like, depends on the country.")
class AddressInput:
    country: str = strawberry.field(description="ISO 3166, e.g. UA.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="Empty: the customer's.")
    company: str | None = strawberry.UNSET
    lines: list[str] | None = strawberry.field(default=strawberry.UNSET, description="Street and the like.")
    city: str | None = strawberry.UNSET
    region: str | None = strawberry.field(
        default=strawberry.UNSET, description="State, province …; of a country with fixed ones by name or key."
    )
    postal_code: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET


@strawberry.input(description="One of a customer's addresses; all of them are sent.")
class CustomerAddressInput(AddressInput):
    # Strawberry makes arguments of keywords, so one without a default may follow those that have one.
    kind: str = strawberry.field(description="`delivery` or `billing`.")
    id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of one that is there: it stays that one."
    )
    is_default: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Orders get it; the first of a kind where none is said to be."
    )
