"""Filters whose first page comes out of an index, however many rows are of the kind that is asked for."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from shared.admin.active_filters import rows_seen


class KindFilter(ChoicesDropdownFilter):
    """One status, served by an index on it followed by the list's own order.

    Asked for as a range of one and in the order of that index, because no other index has that order: for `status = x`
    PostgreSQL may walk along all rows newest first, and for a rare status discard nearly all of them. Behind another
    filter, whose order stands already, it is a plain comparison.
    """

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value, name = self.value(), self.field_path
        if value in EMPTY_VALUES:
            return queryset
        if queryset.query.where:
            return queryset.filter(**{name: value})
        kind = queryset.filter(**{f"{name}__gte": value, f"{name}__lte": value})
        return kind.order_by(name, *queryset.query.order_by)


class _SeenRowForm(AutocompleteDropdownForm):
    def __init__(self, request: HttpRequest, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, name, *args, **kwargs)
        choice: Any = self.fields[name]
        choice.queryset = rows_seen(request, kwargs["model_admin"].admin_site, choice.queryset.model)


class RelatedFilter(AutocompleteSelectFilter):
    """Rows of one other row; of the one that is chosen it shows the name only to who sees it."""

    form_class = _SeenRowForm


class OwnerFilter(RelatedFilter):
    """Rows that belong to one other row, in `order`: that of an index which begins with the owner."""

    order: tuple[str, ...]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in EMPTY_VALUES:
            return queryset
        try:
            return queryset.filter(**{self.field_path: self.value()}).order_by(*self.order)
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error
