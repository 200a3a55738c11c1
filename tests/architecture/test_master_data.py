"""A column of master data that one interface knows is known by all, or excused here."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from rest_framework.serializers import BaseSerializer

from catalog.api import bodies as goods
from catalog.api import representations as shown_goods
from catalog.models.category import Category
from catalog.models.product import Product
from catalog.models.variant import Variant
from crm.merging.links import CHOOSABLE
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import export_person
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.resources.people import COMPANIES, CUSTOMERS
from exchange.resources.resource import ImportResource
from exchange.resources.variants import VARIANTS
from shared.actor import SYSTEM
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, UserFactory
from users.admin.custom_values import WithCustomFields
from users.api import bodies as people
from users.api import representations as shown_people
from users.models.company import Company
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.user import User

# model: body of creating one over REST, representation
OVER_REST: dict[type[Model], tuple[type[BaseSerializer], type[BaseSerializer]]] = {
    Customer: (people.CustomerBody, shown_people.CustomerSerializer),
    Company: (people.CompanyBody, shown_people.CompanySerializer),
    Product: (goods.ProductBody, shown_goods.ProductSerializer),
    Variant: (goods.VariantBody, shown_goods.VariantSerializer),
    Category: (goods.CategoryBody, shown_goods.CategorySerializer),
}
# Products and categories come in no file of their own: a file of variants names the product.
IN_FILES: dict[type[Model], ImportResource] = {Customer: CUSTOMERS, Company: COMPANIES, Variant: VARIANTS}

# What nobody enters: Kontor writes it by itself.
BY_ITSELF = {
    "id": "made with the row",
    "created_at": "made with the row",
    "updated_at": "follows every change",
    "phone_e164": "follows the phone",
    "erased_at": "written by the erasure",
    "deleted_at": "written by deleting and restoring",
}
# (interface, column): why it does not know it.
EXCUSED = {
    ("form", "users.Customer.addresses"): "they have a page of their own",
    ("import", "users.Customer.user"): "a login is given by a person, not by a file",
    ("export", "users.Customer.user"): "a file names no logins",
    ("personal data", "users.Customer.owner"): "says something of a colleague, not of the person",
    ("erasure", "users.Customer.owner"): "who looks after the orders that stay",
}


def columns_of(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields} - set(BY_ITSELF)


def missing(interface: str, model: type[Model], known: Iterable[str]) -> set[str]:
    """Columns that the interface neither knows nor is excused from. An excuse that is not needed is one, too."""
    label = f"{model._meta.label}."
    excused = {name.removeprefix(label) for at, name in EXCUSED if at == interface and name.startswith(label)}
    return (columns_of(model) - set(known)) ^ excused


def sources(shape: type[BaseSerializer]) -> set[str]:
    """The columns that a body's or representation's fields stand for."""
    fields: dict[str, Any] = shape().fields  # type: ignore[attr-defined]
    return {str(field.source).partition(".")[0].removesuffix("_id") for field in fields.values()}


@pytest.mark.parametrize("model", OVER_REST, ids=lambda model: model.__name__)
def test_every_column_is_in_the_body_and_the_representation_of_the_api(model: type[Model]) -> None:
    body, representation = OVER_REST[model]

    assert missing("body", model, sources(body)) == set()
    assert missing("representation", model, sources(representation)) == set()


@pytest.mark.parametrize("model", OVER_REST, ids=lambda model: model.__name__)
def test_every_column_is_in_the_form_of_the_admin(db: None, model: type[Model]) -> None:
    page = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    known = set(page.get_form(request).base_fields)
    known |= {"custom_fields"} if isinstance(page, WithCustomFields) else set()

    assert missing("form", model, known) == set()


@pytest.mark.parametrize("model", IN_FILES, ids=lambda model: model.__name__)
def test_every_column_is_in_files_that_come_and_files_that_go(model: type[Model]) -> None:
    read = IN_FILES[model]
    comes = {column.name.removesuffix("_id") for column in read.columns}
    comes |= {"custom_fields"} if read.custom is not None else set()
    made = EXPORT_RESOURCES[read.name]
    goes = {path.partition("__")[0] for _header, path in made.columns}
    goes |= {"custom_fields"} if made.custom is not None else set()
    written = {name.removesuffix("_id") for name in read.written} | {key.name for key in read.keys}

    assert missing("import", model, comes) == set()
    assert comes - {"id", "tags"} <= written, "read, and not written"
    assert missing("export", model, goes) == set()


def test_every_column_of_a_customer_has_a_place_in_a_merge() -> None:
    assert missing("merge", Customer, {*CHOOSABLE, "custom_fields", "addresses"}) == set()


LIVES_AT = {"id": "1", "kind": "delivery", "is_default": True, "name": "Zerelda", "company": "", "lines": ["1 High St"]}
LIVES_AT |= {"city": "Quuxville", "region": "", "postal_code": "", "country": "GB", "phone": ""}


@pytest.fixture
def person(db: None) -> Customer:
    """A customer with a value in every column."""
    CustomField.objects.create(model="customer", key="nick", label="Nickname")
    filled = {
        "name": "Zerelda Quux",
        "email": "zerelda@quux.example",
        "phone": "+493012345",
        "address": "1 High St",
        "addresses": [LIVES_AT],
        "language": "uk",
        "country": "UA",
        "tax_number": "UA4711",
        "company": CompanyFactory.create(),
        "group": CustomerGroup.objects.create(name="Wholesale"),
        "user": UserFactory.create(),
        "owner": StaffFactory.create(),
        "custom_fields": {"nick": "Zee"},
        "metadata": {"erp_id": "4711"},
    }
    assert filled.keys() == columns_of(Customer), "give the new column a value here"
    return CustomerFactory.create(**filled)


def values_of(customer: Customer) -> dict[str, Any]:
    return {column: getattr(customer, column) for column in columns_of(Customer)}


def test_whoever_asks_gets_every_column_of_their_own(person: Customer) -> None:
    told = export_person(customer_id=person.pk)["person"].values()
    shown: Callable[[Any], Any] = lambda value: getattr(value, "email", None) or getattr(value, "name", value)  # noqa: E731

    known = {column for column, value in values_of(person).items() if shown(value) in told}

    assert missing("personal data", Customer, known) == set()


def test_an_erased_person_keeps_no_column(person: Customer) -> None:
    before = values_of(person)

    after = values_of(erase_customer(customer_id=person.pk, actor=SYSTEM))

    assert missing("erasure", Customer, {column for column in before if before[column] != after[column]}) == set()
