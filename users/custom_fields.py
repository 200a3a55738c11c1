"""The shop's own fields: what may stand in a record's `custom_fields`, however it comes (form, API, import)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from shared.errors import InvalidInput
from shared.text.json_pointer import step
from users.models.custom_field import CustomField, CustomFieldKind, CustomFieldOwner

MAX_TEXT_LENGTH = 1_000
# A number has so many digits before the point, and after it.
_MAX_WHOLE_DIGITS, _MAX_DECIMALS = 15, 6
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Fault = tuple[str, str, str]


class _Wrong(Exception):
    """A value that its field does not take: (code, what to do)."""


def custom_fields_of(model: CustomFieldOwner) -> list[CustomField]:
    """The shop's fields of these records, in their order. One statement."""
    return list(CustomField.objects.filter(model=model).order_by("position", "key"))


def validate_custom_fields(
    model: CustomFieldOwner,
    values: Mapping[str, Any],
    *,
    fields: Iterable[CustomField] | None = None,
    pointer: str = "/custom_fields",
) -> dict[str, Any]:
    """All values of one record as they are stored: text and choice as text, a number as a decimal string, a date as
    YYYY-MM-DD, a boolean as such. What is empty (None or "") is left out. Typed values and their texts are understood.

    `fields`: the definitions, for callers with many records; read here when not given.
    Raises InvalidInput naming every fault under `pointer`: unknown keys, wrong values, required ones missing.
    """
    known = {field.key: field for field in (custom_fields_of(model) if fields is None else fields)}
    stored, faults = {}, _unknown_keys(values, known, pointer)
    for key, field in known.items():
        value = values.get(key)
        try:
            if not _is_empty(value):
                stored[key] = _PARSERS[CustomFieldKind(field.kind)](field, value)
            elif field.is_required:
                raise _Wrong("required", gettext("%(label)s is required.") % {"label": field.label})
        except _Wrong as wrong:
            code, text = wrong.args
            faults.append((f"{pointer}/{key}", code, text))
    if faults:
        raise InvalidInput(*faults)
    return stored


def change_custom_fields(
    model: CustomFieldOwner, current: Mapping[str, Any], changes: Mapping[str, Any], *, pointer: str = "/custom_fields"
) -> dict[str, Any]:
    """A record's values with some of them changed; None takes one away, and those of fields that are gone go.

    Raises InvalidInput as validate_custom_fields does.
    """
    fields = custom_fields_of(model)
    kept = {field.key: current[field.key] for field in fields if field.key in current}
    return validate_custom_fields(model, {**kept, **changes}, fields=fields, pointer=pointer)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unknown_keys(values: Mapping[str, Any], known: Mapping[str, CustomField], pointer: str) -> list[Fault]:
    names = ", ".join(known) or gettext("none")
    text = gettext("There is no field “%(key)s” of this shop. Known: %(names)s.")
    return [
        (f"{pointer}/{step(key)}", "unknown_field", text % {"key": key, "names": names})
        for key in values
        if key not in known
    ]


def _text_value(field: CustomField, value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_type", gettext("%(label)s is a text.") % {"label": field.label})
    if len(value) > MAX_TEXT_LENGTH or "\0" in value:
        raise _Wrong(
            "out_of_range",
            gettext("%(label)s has up to %(most)s characters and no NUL.")
            % {"label": field.label, "most": f"{MAX_TEXT_LENGTH:,}"},
        )
    return value.strip()


def _number_value(field: CustomField, value: Any) -> str:
    """A decimal string without exponent or useless zeros: 1.50 and 15e-1 are stored as "1.5"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _Wrong("wrong_type", gettext("%(label)s is a number.") % {"label": field.label})
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise _Wrong("invalid", gettext("%(label)s is a number, as in 12.5.") % {"label": field.label}) from None
    if not number.is_finite() or not _fits_column(number):
        text = gettext("%(label)s is a number with up to %(before)s digits before and %(after)s after the point.")
        limits = {"label": field.label, "before": _MAX_WHOLE_DIGITS, "after": _MAX_DECIMALS}
        raise _Wrong("out_of_range", text % limits)
    plain = format(number, "f") if number else "0"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _fits_column(number: Decimal) -> bool:
    if not number:
        return True
    is_small_enough = number.adjusted() < _MAX_WHOLE_DIGITS
    return is_small_enough and number == number.quantize(Decimal(1).scaleb(-_MAX_DECIMALS))


def _date_value(field: CustomField, value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise _Wrong("wrong_type", gettext("%(label)s is a date.") % {"label": field.label})
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise _Wrong("invalid", gettext("%(label)s is a date, as in 2027-05-31.") % {"label": field.label}) from None


def _boolean_value(field: CustomField, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word not in _WORDS:
        raise _Wrong("invalid", gettext("%(label)s is true or false.") % {"label": field.label})
    return _WORDS[word]


def _choice_value(field: CustomField, value: Any) -> str:
    text = value.strip() if isinstance(value, str) else value
    if text not in field.choices:
        raise _Wrong(
            "invalid_choice",
            gettext("%(label)s is one of %(names)s.")
            % {"label": field.label, "names": ", ".join(map(str, field.choices))},
        )
    return str(text)


_PARSERS = {
    CustomFieldKind.TEXT: _text_value,
    CustomFieldKind.NUMBER: _number_value,
    CustomFieldKind.DATE: _date_value,
    CustomFieldKind.BOOLEAN: _boolean_value,
    CustomFieldKind.CHOICE: _choice_value,
}
