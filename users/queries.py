"""Reads of people, each with what it prefetches decided once."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from shared.planner.beginnings import Beginning
from shared.text.phone import normalize_phone
from shared.text.tax_number import LONGEST, LONGEST_TYPED, plain_tax_number
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User


def users_with_roles() -> QuerySet[User]:
    """Users as the API shows them: 2 statements for any page."""
    return User.objects.select_related("customer").prefetch_related("groups")


def customers_with_tags() -> QuerySet[Customer]:
    """Customers as the API shows them: 2 statements for any page."""
    return Customer.objects.prefetch_related("tags")


def companies() -> QuerySet[Company]:
    return Company.objects.all()


def with_tax_number(rows: QuerySet, text: str) -> QuerySet:
    """Those customers or companies whose own number it is, however it is written. By an index."""
    return rows.filter(~Q(tax_number=_Nothing()), tax_number=plain_tax_number(text))


_FEWEST = 4  # characters of a number's beginning


class _OfBusinesses(Beginning):
    """By the index of those who have a number."""

    def all_of(self, rows: QuerySet) -> QuerySet:
        return super().all_of(rows).filter(~Q(tax_number=_Nothing()))


class _Nothing(Value):
    """An empty text written into the statement: of a parameter PostgreSQL does not know that it is one, when it keeps
    one plan for all numbers."""

    def __init__(self) -> None:
        super().__init__("", output_field=CharField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "''", ()


def begins_tax_number(text: str) -> Beginning | None:
    """Customers or companies whose own number begins so, however it is written; None of what can be no number."""
    plain = plain_tax_number(text) if len(text) <= LONGEST_TYPED and "\0" not in text else ""
    is_number = _FEWEST <= len(plain) <= LONGEST and any(letter.isdigit() for letter in plain)
    return _OfBusinesses(F("tax_number"), plain) if is_number else None


def ids_of_same_person(customer_id: UUID) -> list[UUID]:
    """The customer with every record of the same person, deleted ones too: the same phone number, or the same e-mail
    address whatever its capitals and its tag (ann+shop@ is ann@). 2 statements, each by an index."""
    contact = Customer.everyone.filter(pk=customer_id).values_list("email", "phone_e164").first()
    if contact is None:
        return [customer_id]
    people = Customer.everyone.alias(email_lower=Lower("email"))
    same = Q(pk=customer_id) | _with_contact(*contact)
    return list(people.filter(same).order_by().values_list("pk", flat=True))


def customers_with_contact(email: str, phone: str) -> QuerySet[Customer]:
    """Those whom an address or a number (in any form) leads to already, newest first. By indexes."""
    known = _with_contact(email, normalize_phone(phone))
    return Customer.objects.alias(email_lower=Lower("email")).filter(known).order_by("-id")


def _with_contact(email: str, phone: str) -> Q:
    mailbox, _, domain = email.lower().rpartition("@")
    mailbox = mailbox.partition("+")[0] or mailbox
    same = Q(email_lower=f"{mailbox}@{domain}")
    same |= Q(email_lower__startswith=f"{mailbox}+", email_lower__endswith=f"@{domain}")
    if phone:
        same |= Q(phone_e164=phone)
    return same


class _CountryOfDefault(Func):
    """That of the default delivery address."""

    template = """NULLIF(jsonb_path_query_first(%(expressions)s,
        '$[*] ? (@.kind == "delivery" && @.is_default == true).country') #>> '{}', '')"""
    output_field = CharField()


def country_of_delivery() -> Coalesce:
    """Where goods go that a customer orders without saying where: taxes and shipping follow it."""
    return Coalesce(_CountryOfDefault("addresses"), "country")
