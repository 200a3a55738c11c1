"""What a list is filtered by, each with the address that takes it away."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    title: str
    text: str
    url: str


def active_filters(request: HttpRequest, changelist: ChangeList) -> list[ActiveFilter]:
    """In the order of the filters, then what only a link asks for. A statement for each that names a record."""
    return [*_of_filters(request, changelist), *_of_links(request, changelist)]


def _of_filters(request: HttpRequest, changelist: ChangeList) -> Iterator[ActiveFilter]:
    for spec in changelist.filter_specs:
        names = [name for name in spec.expected_parameters() if name]
        values = [value for name in names for value in request.GET.getlist(name) if value]
        text = _text_of_filter(request, changelist, spec, values) if values else ""
        if text:
            title = capfirst(str(spec.title))
            yield ActiveFilter(title, text, changelist.get_query_string(remove=names))


def _of_links(request: HttpRequest, changelist: ChangeList) -> Iterator[ActiveFilter]:
    """Lookups that a page of ours links to: `cancel_reason__in=customer,staff`."""
    claimed = {name for spec in changelist.filter_specs for name in spec.expected_parameters()}
    for name, value in request.GET.dict().items():
        field = None if name in claimed or "__" not in name or not value else _field_of(changelist, name)
        if field is not None:
            text = ", ".join(_text_of_value(request, changelist, field, part) for part in str(value).split(","))
            yield ActiveFilter(capfirst(field.verbose_name), text, changelist.get_query_string(remove=[name]))


def _field_of(changelist: ChangeList, lookup: str) -> Any:
    with suppress(FieldDoesNotExist):
        return changelist.model._meta.get_field(lookup.split("__", 1)[0])
    return None


def _text_of_filter(request: HttpRequest, changelist: ChangeList, spec: Any, values: list[str]) -> str:
    if hasattr(spec, "active_text"):
        return str(spec.active_text())
    if isinstance(spec, SimpleListFilter):
        known = {str(key): str(text) for key, text in spec.lookup_choices}
        return ", ".join(known.get(value, value) for value in values)
    return ", ".join(_text_of_value(request, changelist, spec.field, value) for value in values)


def _text_of_value(request: HttpRequest, changelist: ChangeList, field: Field, value: str) -> str:
    if isinstance(field, BooleanField):
        return gettext("Yes") if value in ("1", "True") else gettext("No")
    if field.related_model is not None:
        with suppress(ValidationError, ValueError):
            rows = rows_seen(request, changelist.model_admin.admin_site, field.related_model)
            return str(rows.filter(pk=value).first() or value)
    return str(dict(field.flatchoices).get(value, value))


def rows_seen(request: HttpRequest, site: AdminSite, model: type[Model]) -> QuerySet:
    """Those that their own list of such rows shows, none without the right to view them: an address may name any."""
    shown = site._registry.get(model)
    if shown is None or not shown.has_view_permission(request):
        return model._default_manager.none()
    return shown.get_queryset(request).prefetch_related(None)  # names alone are asked for
