"""Who works in the demo shop and who buys there."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from crm.demo.names import COMPANIES, CUSTOMERS, TAGS
from crm.demo.rows import insert
from shared.actor import Actor
from users.models.company import Company
from users.models.customer import Customer
from users.models.role import Role
from users.models.tag import Tag
from users.models.user import User
from users.services.ensure_roles import ensure_roles

# e-mail address: name and role
STAFF = {
    "sales@example.com": ("Mara", "Lindgren", "sales"),
    "warehouse@example.com": ("Jonas", "Okafor", "warehouse"),
    "finance@example.com": ("Hana", "Novotná", "finance"),
    "seller@example.com": ("Luc", "Moreau", "seller"),
    "office@example.com": ("Priya", "Raman", "manager"),
    "it@example.com": ("Sam", "Adeyemi", "admin"),
}
# No person: where orders of customers without a login come in. It never gets a password.
WEB_SHOP = "webshop@example.com"
BUYERS = ("buyer@example.com", "tomas@example.com", "ingrid@example.com", "kwame@example.com")
LOGINS = (*STAFF, *BUYERS)


@dataclass(frozen=True, slots=True)
class Team:
    """Who acts in the shop's history."""

    sales: Actor
    warehouse: Actor
    office: Actor
    web_shop: Actor


@transaction.atomic
def hire_team(*, at: datetime) -> Team:
    """The staff and their roles. Nobody can sign in before `open_logins`."""
    ensure_roles()
    roles = {role.key: role.group for role in Role.objects.filter(key__isnull=False).select_related("group")}
    actors = {}
    for email, (first, last, role) in {**STAFF, WEB_SHOP: ("Web", "shop", "sales")}.items():
        user = User.objects.create_user(email, first_name=first, last_name=last, is_staff=True, date_joined=at)
        if (group := roles[role]) is not None:  # the shop may have deleted it
            user.groups.add(group)
        actors[email] = acting(user)
    partner = Seller.objects.order_by("is_default", "priority", "id")[0]
    SellerMember.objects.create(user=User.objects.get(email="seller@example.com"), seller=partner)
    return Team(
        sales=actors["sales@example.com"],
        warehouse=actors["warehouse@example.com"],
        office=actors["office@example.com"],
        web_shop=actors[WEB_SHOP],
    )


def acting(user: User) -> Actor:
    """The user as services know it."""
    return Actor(user_id=user.pk, principal_id=user.pk, label=user.email)


@transaction.atomic
def make_customers(*, since: Mapping[int, datetime], otherwise: datetime, rng: Random) -> list[Customer]:
    """All customers in the order of their names, each known since the moment at its place in that order."""
    companies = [_make_company(name, place, otherwise) for name, place in COMPANIES]
    insert(Company, companies)
    tags = [Tag(name=name) for name in TAGS]
    Tag.objects.bulk_create(tags)
    customers = []
    for index, name in enumerate(CUSTOMERS):
        company = rng.choice(companies) if rng.random() < 0.4 else None
        customers.append(_make_customer(index, name, company, since.get(index, otherwise)))
    insert(Customer, customers)
    _attach_tags(tags, customers, rng)
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
    """Let everybody of LOGINS sign in. One hash, which is slow on purpose, for all: the password is one, too."""
    hashed = make_password(password)
    for user in User.objects.filter(email__in=LOGINS):
        user.password = hashed
        user.save(update_fields=["password"])


def email_of(name: str, domain: str) -> str:
    """first.last@domain in plain ASCII: Åsa Nyström is asa.nystrom."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return f"{re.sub('[^a-z]+', '.', plain).strip('.')}@{domain}"


def phone_of(index: int) -> str:
    """One of the numbers that no telephone has."""
    return f"+1 202 555 0{100 + index % 100}"


def _make_company(name: str, place: str, at: datetime) -> Company:
    return Company(
        name=name,
        website=f"https://{_domain_of(name)}/",
        address=place,
        phone=phone_of(len(name)),
        created_at=at,
    )


def _domain_of(company: str) -> str:
    return email_of(company, "").rstrip("@").replace(".", "-") + ".example"


def _make_customer(index: int, name: str, company: Company | None, since: datetime) -> Customer:
    domain = _domain_of(company.name) if company else ("mail.example", "post.example")[index % 2]
    return Customer(name=name, email=email_of(name, domain), phone=phone_of(index), company=company, created_at=since)


def _attach_tags(tags: Sequence[Tag], customers: Sequence[Customer], rng: Random) -> None:
    links = Customer.tags.through
    links._default_manager.bulk_create(
        links(customer_id=customer.pk, tag_id=tag.pk)
        for customer in customers
        for tag in rng.sample(tags, rng.choice((0, 0, 1, 1, 2)))
    )
