"""What serializers of bodies have in common: they say what is wrong with every field, and write nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import Field
from rest_framework.settings import api_settings

from shared.api.principal import is_staff
from shared.errors import MAX_FAULTS
from shared.money.amounts import format_money, is_plain_decimal
from shared.money.currencies import known_currency
from shared.text.tidy import check_visible, without_invisible_ends
from shared.values.metadata import MAX_KEY, MAX_KEYS, MAX_VALUE

# JSON's types by field; a subclass counts as its base (EmailField is a string).
_JSON_TYPES: tuple[tuple[type[Field], str, tuple[type, ...]], ...] = (
    (serializers.BooleanField, "true or false", (bool,)),
    (serializers.IntegerField, "a whole number", (int, Decimal)),
    (serializers.DecimalField, "a decimal in a string", (str, int, Decimal)),
    (serializers.CharField, "a string", (str,)),
    (serializers.UUIDField, "a string", (str,)),
    (serializers.DateTimeField, "a string", (str,)),
)


METADATA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {"type": "string", "maxLength": MAX_VALUE},
    "maxProperties": MAX_KEYS,
    "example": {"erp_id": "4711"},
}
METADATA_CHANGES = (
    f"Texts by key, for programs: up to {MAX_KEYS} keys of up to {MAX_KEY} characters, values of up to {MAX_VALUE}. "
    'Keys that are not named stay; null or "" takes one away.'
)
MAX_ITEMS = 1_000  # of a list whose field names no other limit


class StrictSerializer(serializers.Serializer):
    """Refuses unknown fields, and values of another JSON type ("2" is no number)."""

    def to_internal_value(self, data: Any) -> Any:
        faults: dict[str, Any] = {}
        if isinstance(data, Mapping):
            writable = {str(field.field_name): field for field in self._writable_fields}
            too_long = {name: fault for name, field in writable.items() if (fault := _too_long(field, data.get(name)))}
            # REST framework would look at every item before it counts them.
            data = {name: value for name, value in data.items() if name not in too_long}
            faults = _unknown_fields(name for name in data if name not in writable)
            faults |= {name: fault for name, field in writable.items() if (fault := _wrong_type(field, data.get(name)))}
            faults |= self._missing_in_a_row(data) | too_long
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **faults}) from None  # type: ignore[dict-item]
        if faults:
            raise ValidationError(faults)
        return value

    def _missing_in_a_row(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A PATCH may leave out what the body itself needs, but a row in the body is a whole one; REST framework
        spares both."""
        if self.root is self:
            return {}
        needed = (str(field.field_name) for field in self._writable_fields if field.required)
        return {name: [ErrorDetail("This field is required.", "required")] for name in needed if name not in data}


def _unknown_fields(names: Iterable[str]) -> dict[str, Any]:
    """A fault for each of the first MAX_FAULTS unknown fields, and one for all the others together."""
    rest = iter(names)
    faults = {name: [ErrorDetail("Unknown field.", "unknown_field")] for name in islice(rest, MAX_FAULTS)}
    if more := sum(1 for _name in rest):
        text = f"And {more} more unknown fields."
        faults[api_settings.NON_FIELD_ERRORS_KEY] = [ErrorDetail(text, "unknown_field")]
    return faults


def _too_long(field: Field, value: Any) -> Any:
    """The fault of a list with more items than its field takes."""
    if not isinstance(field, serializers.ListField | serializers.ListSerializer) or not isinstance(value, list):
        return None
    limit = getattr(field, "max_length", None) or MAX_ITEMS
    return [ErrorDetail(f"At most {limit} items.", "max_length")] if len(value) > limit else None


def _wrong_type(field: Field, value: Any) -> Any:
    """The fault in `value`'s JSON type; for a list, by index."""
    if value is None:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return {i: fault for i, inner in enumerate(value) if (fault := _wrong_type(field.child, inner))} or None
    for kind, name, types in _JSON_TYPES:
        if isinstance(field, kind):
            fits = isinstance(value, types) and (bool in types or not isinstance(value, bool))
            if kind is serializers.DecimalField and isinstance(value, str) and not is_plain_decimal(value):
                return [ErrorDetail("A valid number is required.", "invalid")]
            return None if fits else [ErrorDetail(f"This must be {name}.", "wrong_type")]
    return None


class EmailAddress(serializers.EmailField):
    """An address without what a page that it was copied from put around it, and with nothing in it that is not seen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)
        self.validators.append(check_visible)

    def to_internal_value(self, data: Any) -> str:
        return without_invisible_ends(str(super().to_internal_value(data)))


class Code(serializers.CharField):
    """A code such as a SKU, likewise; blanks within it are kept."""

    def to_internal_value(self, data: Any) -> str:
        text = without_invisible_ends(str(super().to_internal_value(data)))
        check_visible(text.replace(" ", ""))
        return text


@extend_schema_field(METADATA)
class Metadata(serializers.JSONField):
    """Free texts by key, of staff's programs: whoever is no colleague is shown none."""

    hidden: ClassVar[dict[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": "Texts by key, for programs; shown to staff and keys alone.", **kwargs})

    def to_representation(self, value: Any) -> Any:
        request = self.context.get("request")
        return value if request is None or is_staff(request) else self.hidden


class MetadataChanges(serializers.DictField):
    """What is to change of them."""

    child = serializers.CharField(max_length=MAX_VALUE, allow_null=True, allow_blank=True, trim_whitespace=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": METADATA_CHANGES, **kwargs})

    def to_internal_value(self, data: Any) -> Any:
        """Values are texts: a number is refused, as everywhere. The service counts and measures them."""
        if isinstance(data, dict):
            text = "This must be a string, or null."
            wrong = {
                key: [ErrorDetail(text, "wrong_type")]
                for key, value in islice(data.items(), MAX_FAULTS)
                if not isinstance(value, str | None)
            }
            if wrong:
                raise ValidationError(wrong)
        return super().to_internal_value(data)


class CurrencyCode(serializers.RegexField):
    """An ISO 4217 code in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        # \Z, as $ would let a line break follow.
        super().__init__(r"^[A-Z]{3}\Z", **kwargs)

    def run_validators(self, value: Any) -> None:
        """Raises ValidationError with one fault, of its form or else of what it names."""
        super().run_validators(value)
        try:
            known_currency(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class MoneyAmount(serializers.DecimalField):
    """A decimal string with exactly the digits of the currency beside it (`currency` of the same record)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=24, decimal_places=3, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        amount = super().get_attribute(instance)
        return amount if amount is None else format_money(amount, instance.currency)

    def to_representation(self, value: Any) -> Any:
        return value


class MoneyText(serializers.CharField):
    """The same of a record whose currency stands elsewhere: Shape writes it, and this field alone cannot."""

    def to_representation(self, value: Any) -> str:
        raise TypeError(f"{self.field_name}: money without its currency; shape_of(...) of the serializer shows it.")


class IdsOf(serializers.ListField):
    """The ids of related rows, which must be prefetched."""

    child = serializers.UUIDField()

    def to_representation(self, data: Any) -> list[str]:
        return [str(row.pk) for row in data.all()]


class WorkedOut(serializers.CharField):
    """A text that `compute` makes of these attributes of the record and a currency: Shape asks it."""

    worked_out_of: tuple[str, ...] = ()

    def to_representation(self, value: Any) -> str:
        raise TypeError(f"{self.field_name}: worked out of several columns; shape_of(...) of the serializer shows it.")

    @staticmethod
    def compute(values: Any, currency: str) -> str | None:
        raise NotImplementedError
