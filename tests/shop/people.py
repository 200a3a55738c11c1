"""People as they are stored; nothing is hidden behind a default that a test could care about."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from factory.declarations import Sequence

from shared.actor import Actor
from tests.shop.factory import ModelFactory
from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User

PASSWORD = "correct horse battery"
_serial = count(1)


class UserFactory(ModelFactory[User]):
    """A login with PASSWORD and no rights."""

    class Meta:
        model = User

    email = Sequence(lambda n: f"user{n}@example.com")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(kwargs.pop("email"), kwargs.pop("password", PASSWORD), **kwargs)


class StaffFactory(UserFactory):
    """A colleague without a role, who may do nothing."""

    is_staff = True


class SuperuserFactory(StaffFactory):
    """Somebody who may do everything."""

    is_superuser = True


class CompanyFactory(ModelFactory[Company]):
    class Meta:
        model = Company

    name = Sequence(lambda n: f"Company {n}")


class CustomerFactory(ModelFactory[Customer]):
    """A customer without a login."""

    class Meta:
        model = Customer

    name = Sequence(lambda n: f"Customer {n}")
    email = Sequence(lambda n: f"customer{n}@example.com")


@dataclass(frozen=True)
class Buyer:
    """A customer and the login that acts for it."""

    customer: Customer
    actor: Actor


def make_buyer() -> Buyer:
    number = next(_serial)
    user = UserFactory.create(email=f"buyer{number}@example.com", password=None)
    customer = CustomerFactory.create(name=f"Buyer {number}", email=user.email, user=user)
    return Buyer(customer, Actor(user_id=user.pk, principal_id=user.pk, label=user.email))
