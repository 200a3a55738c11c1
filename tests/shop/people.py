"""People as they are stored; nothing is hidden behind a default that a test could care about."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    """A login with PASSWORD and no rights."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.com")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(kwargs.pop("email"), kwargs.pop("password", PASSWORD), **kwargs)


class StaffFactory(UserFactory):
    """A colleague without a role, who may do nothing."""

    is_staff = True


class SuperuserFactory(StaffFactory):
    """Somebody who may do everything."""

    is_superuser = True


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence(lambda n: f"Company {n}")


class CustomerFactory(DjangoModelFactory):
    """A customer without a login."""

    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    email = factory.Sequence(lambda n: f"customer{n}@example.com")
