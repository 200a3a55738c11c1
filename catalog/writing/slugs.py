"""Slugs made from names."""

import secrets
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from shared.database.conflicts import constraint_name
from shared.database.errors import AlreadyExists

Row = TypeVar("Row", bound=models.Model)

_SUFFIX_BYTES = 4
_MAX_BASE = 100


def create_with_slug(model: type[Row], *, name: str, slug: str | None, **values: Any) -> Row:
    """A new row with this slug, or one made from the name: with something random behind it where it is taken.

    Raises AlreadyExists when the slug that was asked for is taken.
    """
    base = _slug_of_name(model, name)
    wanted = slug or base
    try:
        with transaction.atomic():
            return model._default_manager.create(name=name, slug=wanted, **values)
    except IntegrityError as error:
        if constraint_name(error) != slug_constraint(model):
            raise
        if slug:
            raise AlreadyExists("/slug", gettext("This slug is taken.")) from error
    return model._default_manager.create(name=name, slug=_with_suffix(base), **values)


def free_slug(model: type[models.Model], name: str, *, but: Any) -> str:
    """A slug made from the name for the row with the key `but`, with something random behind it where it is taken."""
    base = _slug_of_name(model, name)
    return _with_suffix(base) if model._default_manager.exclude(pk=but).filter(slug=base).exists() else base


def _slug_of_name(model: type[models.Model], name: str) -> str:
    return slugify(name)[:_MAX_BASE].strip("-") or str(model._meta.model_name)


def _with_suffix(base: str) -> str:
    return f"{base}-{secrets.token_hex(_SUFFIX_BYTES)}"


def slug_constraint(model: type[models.Model]) -> str:
    """PostgreSQL's name for the uniqueness of a table's slug."""
    return f"{model._meta.db_table}_slug_key"
