"""Forms of the admin write through the services that REST calls: what was typed becomes their arguments.

The form parses; the service locks, checks and writes. A Refusal undoes everything and is shown at the field it names
(shared/admin/conflicts/form.py). See docs/decisions/one-write-path.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from shared.admin.base import KontorAdmin
from shared.admin.conflicts.refused import WRITTEN_ROW
from shared.errors import Refusal
from shared.models.metadata import MetadataField

if TYPE_CHECKING:  # stands before the theme's tables of rows
    from django.contrib.admin.options import InlineModelAdmin as _Rows
else:
    _Rows = object

Values = dict[str, Any]


def values_of(form: forms.ModelForm, *, change: bool) -> Values:
    """What the form says of its record, and of a record that is there only what was changed: columns by their own name
    (company_id), everything else by the field's."""
    names = form.changed_data if change else list(form.cleaned_data)
    return dict(_column_and_value(form, name) for name in names if name in form.cleaned_data and name not in _OF_A_ROW)


_OF_A_ROW = {"DELETE", "ORDER"}


def _column_and_value(form: forms.ModelForm, name: str) -> tuple[str, Any]:
    try:
        column = form._meta.model._meta.get_field(name)
    except FieldDoesNotExist:
        return name, form.cleaned_data[name]
    if not isinstance(column, Field) or column.many_to_many:
        return name, form.cleaned_data[name]
    value = getattr(form.instance, column.attname)
    if isinstance(column, MetadataField) and not form.instance._state.adding:
        # A form shows all pairs; to the service one that is not named stays.
        value = {**dict.fromkeys(form.initial.get(name) or {}), **value}
    return column.attname, value


class ServiceAdmin(KontorAdmin):
    """`create_record`, `change_record` and `delete_record` each call one service."""

    def create_record(self, request: HttpRequest, values: Values) -> Model:
        raise NotImplementedError(f"{type(self).__name__} adds records without a service.")

    def change_record(self, request: HttpRequest, row: Any, changes: Values) -> object:
        raise NotImplementedError(f"{type(self).__name__} changes records without a service.")

    def delete_record(self, request: HttpRequest, row: Any) -> object:
        raise NotImplementedError(f"{type(self).__name__} deletes records without a service.")

    def finish_record(self, request: HttpRequest, form: Any) -> None:
        """What a record gets once its rows are there."""

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        """Overridden where a form's fields are not the service's arguments."""
        return values_of(form, change=change)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        request.__dict__.pop(WRITTEN_ROW, None)  # of a try that collided with another request
        values = self.values_of(request, form, change)
        if not change:
            obj.__dict__.update(self.create_record(request, values).__dict__)
        elif values:
            self.change_record(request, obj, values)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Without the form's own way of writing relations of many: they were among the service's arguments."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)
        self.finish_record(request, form)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows that are only shown have nobody who writes them."""
        formset.save(commit=False)  # writes nothing: it tells the rows that were deleted, changed and added apart
        rows: ServiceRows | None = getattr(formset, "saved_by", None)
        if rows is not None:
            rows.write_rows(request, formset)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_record(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            for row in queryset:
                self.delete_record(request, row)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What a service does not let go stays, and the page says why."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return HttpResponseRedirect(request.path)


class ServiceRows(_Rows):
    """A table of rows in a record's form: `create_row`, `change_row` and `delete_row` each call one service."""

    def create_row(self, request: HttpRequest, record: Any, values: Values) -> Model:
        raise NotImplementedError(f"{type(self).__name__} adds rows without a service.")

    def change_row(self, request: HttpRequest, row: Any, changes: Values) -> object:
        raise NotImplementedError(f"{type(self).__name__} changes rows without a service.")

    def delete_row(self, request: HttpRequest, row: Any) -> object:
        raise NotImplementedError(f"{type(self).__name__} deletes rows without a service.")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.saved_by = self
        return formset

    def write_rows(self, request: HttpRequest, formset: Any) -> None:
        """Deleted ones first: what they stood for may be used anew."""
        added = {id(row) for row in formset.new_objects}
        prefixes = {id(form.instance): form.prefix for form in formset.forms}
        for row in formset.deleted_objects:
            with _pointing_at(request, prefixes[id(row)]):
                self.delete_row(request, row)
        for form in formset.saved_forms:
            is_new = id(form.instance) in added
            values = values_of(form, change=not is_new)
            values.pop(formset.fk.attname, None)
            values.pop(form.instance._meta.pk.attname, None)
            with _pointing_at(request, form.prefix):
                if is_new:
                    made = self.create_row(request, formset.instance, values)
                    form.instance.__dict__.update(made.__dict__)
                elif values:
                    setattr(form.instance, formset.fk.name, formset.instance)  # as the form says the record is
                    self.change_row(request, form.instance, values)


@contextmanager
def _pointing_at(request: HttpRequest, prefix: str) -> Iterator[None]:
    """A refusal of the block is about this row."""
    request.__dict__[WRITTEN_ROW] = prefix
    yield
    request.__dict__.pop(WRITTEN_ROW)
