"""Who works in the demo shop and who buys there."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from crm.demo.names import COMPANIES, CUSTOMERS, TAGS
from crm.demo.rows import insert
from shared.actor import Actor
from users.models.company import Company
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User

ROLE = "Shop staff"
STAFF = {
    "sales@example.com": ("Mara", "Lindgren"),
    "warehouse@example.com": ("Jonas", "Okafor"),
    "office@example.com": ("Priya", "Raman"),
}
# No person: where orders of customers without a login come in. It never gets a password.
WEB_SHOP = "webshop@example.com"
BUYERS = ("buyer@example.com", "tomas@example.com", "ingrid@example.com", "kwame@example.com")
LOGINS = (*STAFF, *BUYERS)
# What staff may not touch: logins, keys and each other's rights.
_ROLE_APPS = ("catalog", "orders", "crm")
_ROLE_MODELS = ("customer", "company", "tag")


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts in the shop's history."""

    sales: Actor
    warehouse: Actor
    office: Actor
    web_shop: Actor


@transaction.atomic
def hire_team(*, at: datetime) -> Team:
    """The staff and their role. Nobody can sign in before `open_logins`."""
    role, _ = Group.objects.get_or_create(name=ROLE)
    permissions = Permission.objects.exclude(codename__startswith="delete_")
    role.permissions.set(
        permissions.filter(content_type__app_label__in=_ROLE_APPS)
        | permissions.filter(content_type__app_label="users", content_type__model__in=_ROLE_MODELS)
    )
    people = {**STAFF, WEB_SHOP: ("Web", "shop")}
    users = [
        User.objects.create_user(email, first_name=first, last_name=last, is_staff=True, date_joined=at)
        for email, (first, last) in people.items()
    ]
    role.user_set.set(users)
    return Team(*(acting(user) for user in users))


def acting(user: User) -> Actor:
    """The user as services know it."""
    return Actor(user_id=user.pk, principal_id=user.pk, label=user.email)


@transaction.atomic
def make_customers(*, since: Mapping[int, datetime], otherwise: datetime, rng: Random) -> list[Customer]:
    """All customers in the order of their names, each known since the moment at its place in that order."""
    companies = [_company(name, place, otherwise) for name, place in COMPANIES]
    insert(Company, companies)
    tags = [Tag(name=name) for name in TAGS]
    Tag.objects.bulk_create(tags)
    customers = []
    for index, name in enumerate(CUSTOMERS):
        company = rng.choice(companies) if rng.random() < 0.4 else None
        customers.append(_customer(index, name, company, since.get(index, otherwise)))
    insert(Customer, customers)
    _stick(tags, customers, rng)
    return customers


@transaction.atomic
def make_buyers(customers: Sequence[Customer]) -> dict[int, Actor]:
    """Logins for the first customers, by the customer's place. Nobody can sign in before `open_logins`."""
    actors = {}
    for index, (email, customer) in enumerate(zip(BUYERS, customers, strict=False)):
        first, _, last = customer.name.partition(" ")
        user = User.objects.create_user(email, first_name=first, last_name=last, date_joined=customer.created_at)
        customer.user = user
        Customer.objects.filter(pk=customer.pk).update(user=user, email=email)
        actors[index] = acting(user)
    return actors


def open_logins(password: str) -> None:
    """Let everybody of LOGINS sign in. A hash each, which is slow on purpose."""
    for user in User.objects.filter(email__in=LOGINS):
        user.set_password(password)
        user.save(update_fields=["password"])


def email_of(name: str, domain: str) -> str:
    """first.last@domain in plain ASCII: Åsa Nyström is asa.nystrom."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return f"{re.sub('[^a-z]+', '.', plain).strip('.')}@{domain}"


def phone_of(index: int) -> str:
    """One of the numbers that no telephone has."""
    return f"+1 202 555 0{100 + index % 100}"


def _company(name: str, place: str, at: datetime) -> Company:
    return Company(
        name=name,
        website=f"https://{_domain_of(name)}/",
        address=place,
        phone=phone_of(len(name)),
        created_at=at,
    )


def _domain_of(company: str) -> str:
    return email_of(company, "").rstrip("@").replace(".", "-") + ".example"


def _customer(index: int, name: str, company: Company | None, since: datetime) -> Customer:
    domain = _domain_of(company.name) if company else ("mail.example", "post.example")[index % 2]
    return Customer(name=name, email=email_of(name, domain), phone=phone_of(index), company=company, created_at=since)


def _stick(tags: Sequence[Tag], customers: Sequence[Customer], rng: Random) -> None:
    links = Customer.tags.through
    links._default_manager.bulk_create(
        links(customer_id=customer.pk, tag_id=tag.pk)
        for customer in customers
        for tag in rng.sample(tags, rng.choice((0, 0, 1, 1, 2)))
    )
