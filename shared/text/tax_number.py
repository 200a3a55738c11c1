"""Tax numbers, as of those who buy: the VAT number of a business in Europe, or what another country gives."""

import re
import unicodedata
from importlib import import_module
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.text.tidy import check_visible

LONGEST = 40
LONGEST_TYPED = 100  # with what is printed between the letters
_BETWEEN = re.compile(r"[\s.\u00b7\u2010-\u2015\u2212-]")  # blanks, dots and dashes
_UNION = "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"
# By the letters that a number begins with: what it may be. XI is Northern Ireland, EL Greece, as the Union has it.
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_UNION.split(), ("stdnum.eu.vat",)),
    "GB": ("stdnum.gb.vat",),
    "CH": ("stdnum.ch.vat", "stdnum.ch.uid"),
    "NO": ("stdnum.no.mva", "stdnum.no.orgnr"),
}
# Mexico's and India's begin with letters of the holder's name, which may be those of a country.
_OF_NAMES = ("stdnum.mx.rfc", "stdnum.in_.pan")


def plain_tax_number(text: str) -> str:
    """As it is kept and compared: without blanks, dots and dashes of any kind, in capitals."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def country_of_fault(number: str) -> str:
    """The country whose number a plain one would be and is not; "" if it is one, or of a country without a check."""
    country = number[:2]
    kinds = _KINDS.get(country)
    if kinds is None or any(_is_valid(kind, number) for kind in (*kinds, *_OF_NAMES)):
        return ""
    return country


def _is_valid(kind: str, number: str) -> bool:
    # With the first number: processes that never see one need not load the formats of all countries.
    bare = number.removeprefix("NO") if kind == "stdnum.no.orgnr" else number
    return bool(import_module(kind).is_valid(bare))


def check_tax_number(number: str) -> None:
    """Of a plain number, what its letters and digits show; nobody is asked. Raises ValidationError."""
    check_visible(number)
    if not number.isprintable():
        raise ValidationError(_("There is a blank or an invisible character in it: type it anew."), code="invisible")
    if country := country_of_fault(number):
        text = _("This is no tax number of %(country)s: a digit or letter is wrong or missing.")
        raise ValidationError(text, code="invalid_tax_number", params={"country": country})


class TaxNumberInput(forms.CharField):
    """For forms that are no model's."""

    def __init__(self, **kwargs: Any) -> None:
        validators = [MaxLengthValidator(LONGEST), check_tax_number]
        super().__init__(**{"max_length": LONGEST_TYPED, "validators": validators, **kwargs})

    def to_python(self, value: Any) -> str:
        return plain_tax_number(str(super().to_python(value)))


class TaxNumberField(models.CharField):
    """A tax number or none; to the database it is Django's own field. A row that is saved has the plain number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST, "blank": True, "default": "", "db_default": "", **kwargs})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return plain_tax_number(text) if isinstance(text, str) else text

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        check_tax_number(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        plain = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, plain)
        return plain

    def formfield(self, **kwargs: Any) -> Any:
        """As many letters as a number with blanks and dots may have."""
        return super().formfield(**{"max_length": LONGEST_TYPED, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def tax_number_check(name: str, field: str = "tax_number") -> models.CheckConstraint:
    """A plain number, by what the database can tell of it."""
    return models.CheckConstraint(condition=~models.Q(**{f"{field}__regex": r"[a-z\s.-]"}), name=name)
