"""What is printed on the package: a GTIN, as EAN, UPC and ISBN are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from stdnum import ean

GTIN = r"^([0-9]{8}|[0-9]{12,14})?$"
DIGITS = 14


class GtinKey(Func):
    """The code as a GTIN of 14 digits, in which one of 8, 12 or 13 has zeros before it."""

    template = "LPAD(%(expressions)s, 14, '0')"  # without parameters: a plan for whatever comes knows the index
    output_field = models.CharField()


def plain_barcode(text: str) -> str:
    """Without the blanks and hyphens that are printed between the digits."""
    return "".join(text.replace("-", "").split())


def gtin_key(code: str) -> str:
    return code.rjust(DIGITS, "0")


def barcode_is(text: str, field: str = "barcode") -> Q:
    """Rows with this code, however many zeros stand before it; none for a text that is no GTIN."""
    code = plain_barcode(text)
    if not is_gtin(code):
        return Q(pk__in=[])
    return ~Q(**{field: ""}) & Q(Exact(GtinKey(field), Value(gtin_key(code))))


def is_gtin(code: str) -> bool:
    """Whether it has as many digits as one."""
    return code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)


class BarcodeField(models.CharField):
    """A GTIN of 8, 12, 13 or 14 digits, or empty; blanks and hyphens between the digits are left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"max_length": DIGITS, "help_text": _("GTIN (EAN, UPC, ISBN) of 8, 12, 13 or 14 digits."), **kwargs}
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return plain_barcode(text) if isinstance(text, str) else text

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not value:
            return
        if not is_gtin(value):
            raise ValidationError(_("A GTIN has 8, 12, 13 or 14 digits."), code="invalid")
        if not ean.is_valid(value):
            raise ValidationError(_("The last digit does not fit the others: read the code again."), code="check_digit")

    def formfield(self, **kwargs: Any) -> Any:
        """As many letters as a code with hyphens may have."""
        return super().formfield(**{"max_length": 2 * DIGITS, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
