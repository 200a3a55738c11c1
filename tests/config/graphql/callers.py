"""A shop with one of each record, and everybody who may ask it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from crm.models.deal import Deal
from orders.models.order import Order
from shared.actor import SYSTEM
from tests.shop.admin_rows import make_one_of_each
from tests.shop.every_table.crm import fill_crm
from tests.shop.http.api_client import Caller, login, machine
from tests.shop.people import Buyer, CustomerFactory, SuperuserFactory
from users.access.roles import ROLES
from users.models.api_key import Scope
from users.models.user import User


def fill_shop() -> None:
    make_one_of_each("shop")
    deal = Deal.objects.latest("id")
    fill_crm(Buyer(deal.customer, SYSTEM), deal, variant_id=Variant.objects.latest("id").pk)
    Variant.objects.filter(pk=Variant.objects.earliest("id").pk).update(is_active=False)
    CustomerFactory.create(owner=User.objects.create_user("another@example.com", is_staff=True))


def callers() -> Iterator[tuple[str, Caller]]:
    yield "nobody", Caller()
    yield "superuser", login(SuperuserFactory.create())
    yield "staff without a role", login(User.objects.create_user("plain@example.com", is_staff=True))
    for role in ROLES:
        user = User.objects.create_user(f"{role.key}@roles.example", is_staff=True)
        user.groups.add(Group.objects.get(name=role.key))
        if role.only_own_sellers:
            SellerMember.objects.create(user=user, seller=Seller.objects.earliest("id"))
        yield role.key, login(user)
    buyer = Order.objects.earliest("id").customer
    yield "a customer", login(buyer.user or _login_of(buyer))
    boss = SuperuserFactory.create()
    for scope in (Scope.ORDERS_READ, Scope.CUSTOMERS_READ, Scope.STOCK_READ, Scope.CRM_READ, Scope.ORDERS_WRITE):
        yield f"key with {scope}", machine(boss, scope)


def _login_of(customer: Any) -> User:
    customer.user = User.objects.create_user("buyer.login@example.com")
    customer.save()
    return customer.user
