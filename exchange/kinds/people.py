"""Customers and companies."""

import re
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from exchange.kinds.kind import ID, Column, Key, Kind, Link, Values, Wrong, column_of, short_text
from shared.phone import normalize_phone
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


def _phone_of_customer(values: Values) -> None:
    if "phone" in values:
        values["phone_e164"] = normalize_phone(values["phone"])


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

CUSTOMERS = Kind(
    name="customers",
    model=Customer,
    columns=(
        _ID,
        column_of(Customer, "name", gettext_noop("Name"), "fullname", "customer", "ім'я", "імя", required=True),
        column_of(Customer, "email", gettext_noop("E-mail"), "emailaddress", "mail", "пошта", required=True),
        column_of(Customer, "phone", gettext_noop("Phone"), "telephone", "phonenumber", "mobile", "телефон"),
        column_of(Customer, "address", gettext_noop("Address"), "адреса"),
        column_of(Customer, "language", gettext_noop("Language"), "lang", "мова", empty="en"),
        Column(
            "company_id",
            gettext_noop("Company"),
            short_text(200),
            empty=None,
            aliases=("companyname", "organisation", "organization", "компанія"),
        ),
        Column(
            "group_id",
            gettext_noop("Customer group"),
            short_text(80),
            empty=None,
            aliases=("group", "groupname", "група"),
        ),
        Column("country", gettext_noop("Country"), parse_country, aliases=("countrycode", "isocountry", "країна")),
        _OWNER,
        Column("tags", gettext_noop("Tags"), short_text(2_000), empty="", aliases=("labels", "мітки", "теги")),
    ),
    keys=(Key("email", "lower(t.email) = lower(r.key)", "lower(r.key)"), _BY_ID),
    links=(
        Link("company_id", "users_company", "t.name", gettext_noop("company"), is_made=True),
        Link("group_id", "users_customer_group", "t.name", gettext_noop("customer group")),
        _OWNER_LINK,
    ),
    has_tags=True,
    custom=CustomFieldOwner.CUSTOMER,
    derive=_phone_of_customer,
    written=(
        "name",
        "email",
        "phone",
        "phone_e164",
        "address",
        "language",
        "company_id",
        "group_id",
        "country",
        "owner_id",
        "custom_fields",
    ),
)

COMPANIES = Kind(
    name="companies",
    model=Company,
    columns=(
        _ID,
        column_of(Company, "name", gettext_noop("Name"), "company", "companyname", "назва", required=True),
        column_of(Company, "website", gettext_noop("Website"), "url", "web", "сайт"),
        column_of(Company, "phone", gettext_noop("Phone"), "telephone", "phonenumber", "телефон"),
        column_of(Company, "address", gettext_noop("Address"), "адреса"),
        column_of(Company, "note", gettext_noop("Note"), "notes", "comment", "нотатка"),
        _OWNER,
    ),
    keys=(Key("name", "lower(t.name) = lower(r.key)", "lower(r.key)"), _BY_ID),
    links=(_OWNER_LINK,),
    custom=CustomFieldOwner.COMPANY,
    written=("name", "website", "phone", "address", "note", "owner_id", "custom_fields"),
)
