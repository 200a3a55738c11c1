"""Reads of people, each with what it prefetches decided once."""

from uuid import UUID

from django.db.models import QuerySet

from users.models.company import Company
from users.models.customer import Customer
from users.models.user import User


def users_with_roles() -> QuerySet[User]:
    """Users as the API shows them: 2 statements for any page."""
    return User.objects.select_related("customer").prefetch_related("groups")


def customers_with_tags() -> QuerySet[Customer]:
    """Customers as the API shows them: 2 statements for any page."""
    return Customer.objects.prefetch_related("tags")


def customers_of_login(user_id: UUID) -> QuerySet[Customer]:
    """The customer that a login is, if any."""
    return customers_with_tags().filter(user_id=user_id)


def companies() -> QuerySet[Company]:
    return Company.objects.all()
