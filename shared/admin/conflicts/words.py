"""Fields and values as the page of a conflict names them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared.admin.conflicts.opened import UNREADABLE, python
from shared.admin.display import NOTHING

_MOST_SHOWN = 2_000  # characters of one value; the form itself has all of it


def label_of(form: forms.BaseForm, name: str, row: str) -> str:
    """Empty for a hidden field: nobody knows it."""
    if form.fields[name].widget.is_hidden:
        return ""
    label = capfirst(str(form[name].label or name))
    return f"{row}: {label}" if row else label


def text_of(form: forms.BaseForm, name: str, value: Any) -> str:
    """A value of the database, or one that was sent, as people read it."""
    if value == UNREADABLE:
        return _("not known")
    formfield = form.fields[name]
    if isinstance(formfield, forms.ModelChoiceField):
        return _rows_text(formfield, value)
    if isinstance(formfield, forms.MultipleChoiceField):
        return _join_texts(_choice_text(formfield, one) for one in value or [])
    if isinstance(formfield, forms.ChoiceField):
        return _choice_text(formfield, value)
    if isinstance(formfield, forms.BooleanField):
        return _("yes") if value not in (None, False, "", "False", "false") else _("no")
    return _shorten_text(_plain_text(form, name, value))


def _plain_text(form: forms.BaseForm, name: str, value: Any) -> str:
    if isinstance(value, list):  # a date and a time
        return _join_texts(map(str, filter(None, value)), " ")
    try:
        read = form.fields[name].to_python(value) if isinstance(value, str) else value
    except ValidationError:
        read = python(form, name, value)
    return NOTHING if read in (None, "") else str(localize(_with_digits(form, name, read)))


def _with_digits(form: forms.BaseForm, name: str, value: Any) -> Any:
    """An amount with as many digits as the form shows."""
    shown = form.get_initial_for_field(form.fields[name], name)
    if not isinstance(value, Decimal) or not isinstance(shown, Decimal):
        return value
    exact = value.quantize(shown)
    return exact if exact == value else value


def _choice_text(formfield: Any, value: Any) -> str:
    if value in (None, ""):
        return NOTHING
    named = {str(key): str(label) for key, label in formfield.choices if not isinstance(label, list | tuple)}
    return named.get(str(value), str(value))


def _rows_text(formfield: Any, value: Any) -> str:
    keys = [key for key in (value if isinstance(value, list) else [value]) if key not in (None, "")]
    try:
        return _join_texts(str(row) for row in formfield.queryset.filter(pk__in=keys))
    except (ValidationError, ValueError):
        return _join_texts(map(str, keys))


def _join_texts(texts: Iterable[str], between: str = ", ") -> str:
    return _shorten_text(between.join(texts) or NOTHING)


def _shorten_text(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
