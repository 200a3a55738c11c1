"""What the factories have in common."""

from typing import TypeVar

from django.db.models import Model
from factory.django import DjangoModelFactory

M = TypeVar("M", bound=Model)


class ModelFactory(DjangoModelFactory[M]):
    """A row as it is stored. `SomeFactory.create(…)` makes one: called by its name alone, a factory has no type."""

    class Meta:
        abstract = True
