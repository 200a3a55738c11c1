"""What a browser sends of a form: read, and written anew."""

import re
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, BaseFormSet
from django.http import QueryDict


def sent_value(form: forms.BaseForm, name: str, post: QueryDict) -> Any:
    return form.fields[name].widget.value_from_datadict(post, form.files, form.add_prefix(name))


def put(post: QueryDict, form: forms.BaseForm, name: str, value: Any) -> None:
    """As if the field had been sent with this value."""
    formfield = form.fields[name]
    _put_value(post, formfield.widget, form.add_prefix(name), formfield.prepare_value(value))


def _put_value(post: QueryDict, widget: Any, name: str, value: Any) -> None:
    inner = getattr(widget, "widget", widget)  # the admin wraps those of relations
    if isinstance(inner, forms.MultiWidget):
        several: Any = inner
        for part, suffix, one in zip(several.widgets, several.widgets_names, several.decompress(value), strict=True):
            _put_value(post, part, name + suffix, one)
    elif isinstance(inner, forms.CheckboxInput):
        post.pop(name, None)
        if value:
            post[name] = "on"
    elif getattr(inner, "allow_multiple_selected", False):
        post.setlist(name, [str(one) for one in inner.format_value(value)])
    else:
        text = inner.format_value(value)
        post[name] = (text[0] if text else "") if isinstance(text, list) else "" if text is None else str(text)


def sent_keys(formset: Any) -> list[Any]:
    """The keys of the rows that a table of forms was sent with."""
    pk, keys = formset.model._meta.pk, []
    for index in range(min(formset.initial_form_count(), formset.total_form_count())):
        with suppress(ValidationError):
            keys.append(pk.to_python(formset.data.get(f"{formset.add_prefix(index)}-{pk.name}")))
    return [key for key in keys if key is not None]


def sent_row(form: forms.BaseForm, post: QueryDict, *, without: set[str]) -> dict[str, str]:
    """What was sent of a row, by what stands behind its prefix."""
    start = f"{form.prefix}-"
    names = [name.removeprefix(start) for name in post if name.startswith(start)]
    return {name: str(post[start + name]) for name in names if name not in without}


def drop_rows(post: QueryDict, formset: BaseFormSet, indexes: set[int]) -> None:
    """As if these rows, which are gone from the database, had not been sent; the others move up."""
    if not indexes:
        return
    prefix = str(formset.prefix)
    initial, total = formset.initial_form_count(), formset.total_form_count()
    places = {old: new for new, old in enumerate(index for index in range(total) if index not in indexes)}
    of_a_row = re.compile(rf"{re.escape(prefix)}-(\d+)(-.+)")
    sent = [(found, post.getlist(name)) for name in list(post) if (found := of_a_row.fullmatch(name))]
    for found, _values in sent:
        post.pop(found[0], None)
    for found, values in sent:
        if int(found[1]) in places:
            post.setlist(f"{prefix}-{places[int(found[1])]}{found[2]}", values)
    post[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(initial - len(indexes))
    post[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(total - len(indexes))


def add_row(post: QueryDict, prefix: str, values: dict[str, str]) -> None:
    """As if one more new row had been filled in."""
    count = int(str(post[f"{prefix}-{TOTAL_FORM_COUNT}"]))
    for name, value in values.items():
        post[f"{prefix}-{count}-{name}"] = value
    post[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(count + 1)
