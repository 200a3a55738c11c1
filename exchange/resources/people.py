"""Customers and companies."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from exchange.resources import header_aliases as aliases
from exchange.resources.cells import Takes, Wrong
from exchange.resources.json_cells import ADDRESSES_COLUMN, METADATA_COLUMN
from exchange.resources.resource import (
    ID,
    Barred,
    Column,
    ImportResource,
    Key,
    Link,
    Parts,
    Values,
    column_of,
    short_text,
)
from shared.text.phone import normalize_phone
from users.customers.address_book import text_of_addresses
from users.models.company import Company
from users.models.custom_field import CustomFieldOwner
from users.models.customer import Customer


def parse_id(cell: str) -> str:
    try:
        return str(UUID(cell))
    except ValueError:
        raise Wrong(gettext("This is no id: an export shows what ids look like.")) from None


def parse_country(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", cell):
        raise Wrong(gettext("Write the country as its ISO code of two letters, e.g. UA."))
    return cell.upper()


def parse_phone(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """A number of several, and one that a program has made a decimal of, is taken as it was."""

    def parsed(cell: str) -> Any:
        return parse(re.sub(r"(?<=\d{6})\.0+$", "", first_of(cell)))

    return parsed


def first_of(cell: str) -> str:
    """Google writes several values of one kind into a cell."""
    return cell.split(" ::: ", maxsplit=1)[0].strip()


def _tags_of_labels(cell: str) -> str:
    """Google's labels as tags; those with a star are its own, e.g. * myContacts."""
    if " ::: " not in cell and not cell.startswith("* "):
        return _tags(cell)
    return _tags(", ".join(label for label in cell.split(" ::: ") if not label.startswith("*")))


_tags = short_text(2_000)


def _what_follows(values: Values) -> None:
    if "phone" in values:
        values["phone_e164"] = normalize_phone(values["phone"])
    if "addresses" in values:
        values["address"] = text_of_addresses(values["addresses"]) or values.get("address", "")


# As update_customer refuses it: the text follows the addresses.
_TEXT_BESIDE_ADDRESSES = Barred(
    "address",
    "row.values ? 'address' AND NOT row.values ? 'addresses' AND t.addresses <> '[]'"
    " AND row.values->>'address' <> t.address",
    gettext_noop("The customer has addresses: change these."),
)
_ID = Column(ID, gettext_noop("ID"), parse_id, aliases=("uuid",))
_BY_ID = Key(ID, "t.id = nullif(r.key, '')::uuid", "r.key")
_OWNER = Column(
    "owner_id",
    gettext_noop("Owner's e-mail"),
    short_text(254),
    empty=None,
    aliases=("owner", "ownersemail", "owneremail", "відповідальний"),
)
_OWNER_LINK = Link("owner_id", "users_user", "t.email", gettext_noop("colleague"), only="t.is_staff AND t.is_active")

_email = column_of(Customer, "email", gettext_noop("E-mail"), *aliases.EMAIL, required=True)
_phone = column_of(Customer, "phone", gettext_noop("Phone"), *aliases.PHONE, takes="code")


def _name_part(name: str, label: str, known_as: tuple[str, ...], takes: Takes = "text") -> Column:
    return Column(name, label, short_text(1_000), aliases=known_as, takes=takes)


_NAMES = Parts(
    "name",
    (
        _name_part("first_name", gettext_noop("First name"), aliases.FIRST_NAME),
        _name_part("middle_name", gettext_noop("Middle name"), aliases.MIDDLE_NAME),
        _name_part("last_name", gettext_noop("Last name"), aliases.LAST_NAME),
    ),
)
_EMAILS = Parts(
    "email",
    (
        _name_part("email_2", gettext_noop("E-mail, if there is no other"), aliases.EMAIL_2),
        _name_part("email_3", gettext_noop("E-mail, the third choice"), aliases.EMAIL_3),
    ),
    is_first=True,
)
_PHONES = Parts(
    "phone",
    (
        _name_part("phone_2", gettext_noop("Phone, if there is no other"), aliases.PHONE_2, takes="code"),
        _name_part("phone_3", gettext_noop("Phone, the third choice"), aliases.PHONE_3, takes="code"),
    ),
    is_first=True,
)
_ADDRESSES = Parts(
    "address",
    (
        _name_part("street", gettext_noop("Street"), aliases.STREET),
        _name_part("street_2", gettext_noop("Street, second line"), aliases.STREET_2),
        _name_part("city", gettext_noop("City"), aliases.CITY),
        _name_part("region", gettext_noop("Region"), aliases.REGION),
        _name_part("postal_code", gettext_noop("Postal code"), aliases.POSTAL_CODE, takes="code"),
        _name_part("country_name", gettext_noop("Country, as part of the address"), aliases.COUNTRY_NAME),
    ),
    joined_by="\n",
)

CUSTOMERS = ImportResource(
    name="customers",
    model=Customer,
    columns=(
        _ID,
        column_of(Customer, "name", gettext_noop("Name"), *aliases.NAME, required=True),
        replace(_email, parse=lambda cell: _email.parse(first_of(cell))),
        replace(_phone, parse=parse_phone(_phone.parse)),
        column_of(Customer, "address", gettext_noop("Address"), *aliases.ADDRESS),
        ADDRESSES_COLUMN,
        column_of(Customer, "language", gettext_noop("Language"), "lang", "мова", empty="en"),
        Column(
            "company_id",
            gettext_noop("Company"),
            short_text(200),
            empty=None,
            aliases=aliases.COMPANY,
        ),
        Column(
            "group_id",
            gettext_noop("Customer group"),
            short_text(80),
            empty=None,
            aliases=("group", "groupname", "група"),
        ),
        Column("country", gettext_noop("Country"), parse_country, aliases=aliases.COUNTRY),
        column_of(Customer, "tax_number", gettext_noop("Tax number"), *aliases.TAX_NUMBER, takes="code"),
        _OWNER,
        Column(
            "tags",
            gettext_noop("Tags"),
            _tags_of_labels,
            empty="",
            aliases=("labels", "groupmembership", "мітки", "теги"),
        ),
        METADATA_COLUMN,
    ),
    # Two people may share an address: the name tells which of them is meant.
    keys=(
        Key("email", "lower(t.email) = lower(r.key)", "lower(r.key)", "lower(t.name) = lower(r.values->>'name')"),
        _BY_ID,
    ),
    parts=(_NAMES, _EMAILS, _PHONES, _ADDRESSES),
    only="t.deleted_at IS NULL",
    links=(
        Link("company_id", "users_company", "t.name", gettext_noop("company"), is_made=True),
        Link("group_id", "users_customer_group", "t.name", gettext_noop("customer group")),
        _OWNER_LINK,
    ),
    has_tags=True,
    custom=CustomFieldOwner.CUSTOMER,
    derive=_what_follows,
    barred=(_TEXT_BESIDE_ADDRESSES,),
    written=(
        "name",
        "email",
        "phone",
        "phone_e164",
        "address",
        "addresses",
        "language",
        "company_id",
        "group_id",
        "country",
        "tax_number",
        "owner_id",
        "custom_fields",
        "metadata",
    ),
)

_company_phone = column_of(Company, "phone", gettext_noop("Phone"), *aliases.PHONE, takes="code")

COMPANIES = ImportResource(
    name="companies",
    model=Company,
    columns=(
        _ID,
        column_of(Company, "name", gettext_noop("Name"), "company", "companyname", "назва", required=True),
        column_of(Company, "website", gettext_noop("Website"), "url", "web", "сайт"),
        replace(_company_phone, parse=parse_phone(_company_phone.parse)),
        column_of(Company, "address", gettext_noop("Address"), *aliases.ADDRESS),
        column_of(Company, "tax_number", gettext_noop("Tax number"), *aliases.TAX_NUMBER, takes="code"),
        column_of(Company, "note", gettext_noop("Note"), "notes", "comment", "нотатка"),
        _OWNER,
    ),
    keys=(Key("name", "lower(t.name) = lower(r.key)", "lower(r.key)"), _BY_ID),
    parts=(_ADDRESSES,),
    links=(_OWNER_LINK,),
    custom=CustomFieldOwner.COMPANY,
    written=("name", "website", "phone", "address", "tax_number", "note", "owner_id", "custom_fields"),
)
