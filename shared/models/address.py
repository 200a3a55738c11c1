"""Columns of postal addresses, and the checks that hold their shape (docs/decisions/addresses.md)."""

from typing import Any

from django.db import models
from django.db.models import BooleanField, CheckConstraint, F, Func, IntegerField, Q, TextChoices, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from shared.values.addresses import LIMITS, MAX_LINES

MAX_ADDRESSES = 50
_TEXT, _LINE = LIMITS["name"], LIMITS["line"] // 2
_ADDRESS = (
    '@.type() == "object" && @.country like_regex "^([A-Z]{2})?$"'
    f' && @.lines.type() == "array" && @.lines.size() <= {MAX_LINES}'
    f' && !exists(@.lines[*] ? (@.type() != "string" || @ like_regex "^.{{{_LINE}}}.{{{_LINE}}}." flag "s"))'
    f' && !exists(@.* ? (@.type() == "string" && @ like_regex "^.{{{_TEXT}}}." flag "s"))'
    ' && @.name.type() == "string" && @.company.type() == "string" && @.city.type() == "string"'
    ' && @.region.type() == "string" && @.postal_code.type() == "string" && @.phone.type() == "string"'
)
_OF_CUSTOMER = f'{_ADDRESS} && @.id.type() == "string" && (@.kind == "delivery" || @.kind == "billing")'
_OF_CUSTOMER += ' && @.is_default.type() == "boolean"'


class AddressKind(TextChoices):
    DELIVERY = "delivery", _("Delivery")
    BILLING = "billing", _("Billing")


class AddressField(models.JSONField):
    """An address (shared.values.addresses) or null; to the database Django's own field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class AddressBookField(models.JSONField):
    """Addresses with id, kind and whether it is the default of its kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = {"default": list, "db_default": [], "blank": True, "editable": False}
        super().__init__(*args, **{**given, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def address_check(column: str, name: str) -> CheckConstraint:
    path = f"strict $ ? ({_ADDRESS})"
    is_one = Func(F(column), Value(path), function="jsonb_path_exists", output_field=BooleanField())
    return CheckConstraint(condition=Q(**{f"{column}__isnull": True}) | Q(Coalesce(is_one, Value(False))), name=name)


def address_book_checks(column: str, table: str) -> list[CheckConstraint]:
    """Each is an address with id and kind, and at most one of a kind is the default."""
    path = (
        f'strict $.type() == "array" && $.size() <= {MAX_ADDRESSES}'
        f" && !exists($[*] ? (!({_OF_CUSTOMER}) || ({_OF_CUSTOMER}) is unknown))"
    )
    all_are = Func(F(column), Value(path), function="jsonb_path_match", output_field=BooleanField())
    checks = [CheckConstraint(condition=Coalesce(all_are, Value(False)), name=f"{table}_addresses_are_some")]
    for kind in AddressKind.values:
        defaults = f'$[*] ? (@.kind == "{kind}" && @.is_default == true)'
        found = Func(F(column), Value(defaults), function="jsonb_path_query_array")
        count = Func(found, function="jsonb_array_length", output_field=IntegerField())
        checks.append(CheckConstraint(condition=LessThanOrEqual(count, 1), name=f"{table}_one_default_{kind}"))
    return checks
