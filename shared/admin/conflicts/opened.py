"""What a form was opened with: carried by its page, signed, and compared with the database when it is saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, QuerySet
from django.forms.formsets import BaseFormSet

OPENED = "_opened"
_SALT = "kontor.admin.opened"
# Stands for what a page says it was opened with when that cannot be read: it equals nothing.
UNREADABLE = "\0unreadable"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """`rows`: by the prefix of a table of forms and a row's key. `asked`: the conflicts that the page asks about."""

    fields: Values
    rows: dict[str, dict[str, Values]] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    is_readable: bool = True


def seal(subject: str, opened: Opened) -> str:
    """As a hidden field carries it; good for forms of `subject` alone."""
    content = {"s": subject, "f": opened.fields, "r": opened.rows, "a": sorted(opened.asked)}
    return signing.dumps(content, salt=_SALT, compress=True)


def unseal(subject: str, sent: str | None) -> Opened | None:
    """None where a page carries nothing: a script that sends fields of its own means what it sends."""
    if sent is None:
        return None
    try:
        content = signing.loads(sent, salt=_SALT)
    except signing.BadSignature:
        content = {}
    if content.get("s") != subject:
        return Opened({}, is_readable=False)
    return Opened(content["f"], content["r"], frozenset(content["a"]))


def values_in(form: forms.BaseForm) -> Values:
    """What the fields hold that can be changed, whether or not the form was sent, in a form that JSON has."""
    return {
        name: plain(form.get_initial_for_field(formfield, name))
        for name, formfield in form.fields.items()
        if not formfield.disabled and not isinstance(formfield, forms.FileField)
    }


def row_values(formset: BaseFormSet, form: forms.BaseForm) -> Values:
    """Without the fields that a table of forms needs for itself."""
    own = {formset.model._meta.pk.name, "DELETE", "ORDER"}  # type: ignore[attr-defined]
    own |= {formset.fk.name} if hasattr(formset, "fk") else set()
    return {name: value for name, value in values_in(form).items() if name not in own}


def rows_in(formset: BaseFormSet) -> dict[str, Values]:
    """Of each row that is there."""
    present = [form for form in formset.initial_forms if not form.instance._state.adding]
    return {str(form.instance.pk): row_values(formset, form) for form in present}


def plain(value: Any) -> Any:
    """Equal for equal values; nothing and an empty text are the same."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Iterable):
        return _plain_list(value)
    return _plain_one(value)


def _plain_one(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, bool | int | float) else str(value)


def _plain_list(values: Iterable[Any]) -> list[Any]:
    """Rows have no order; a list of other things keeps its own."""
    listed = list(values)
    inner = [plain(value) for value in listed]
    are_rows = isinstance(values, QuerySet) or any(isinstance(value, Model) for value in listed)
    return sorted(inner, key=str) if are_rows else inner


def python(form: forms.BaseForm, name: str, value: Any) -> Any:
    """A value of `values_in` as the form's field compares it."""
    if value is None:
        return None
    column = _column_of(form, name)
    try:
        if column is not None and not column.is_relation:
            return column.to_python(value)
        return form.fields[name].to_python(value) if column is None and isinstance(value, str) else value
    except (ValidationError, TypeError, ValueError):
        return value


def _column_of(form: forms.BaseForm, name: str) -> Field | None:
    model = getattr(getattr(form, "_meta", None), "model", None)
    try:
        return model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        return None


def differs(form: forms.BaseForm, name: str, value: Any, sent: Any) -> bool:
    """Whether what was sent for a field is something else than this value of `values_in`."""
    if value == UNREADABLE:
        return True
    if isinstance(sent, str):
        sent = sent.replace("\r\n", "\n")
    return form.fields[name].has_changed(python(form, name, value), sent)
