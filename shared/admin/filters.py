"""Filters whose first page comes out of an index, however many rows are of the kind that is asked for."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter


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


class OwnerFilter(AutocompleteSelectFilter):
    """Rows that belong to one other row, in `order`: that of an index which begins with the owner."""

    order: tuple[str, ...]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in EMPTY_VALUES:
            return queryset
        try:
            return queryset.filter(**{self.field_path: self.value()}).order_by(*self.order)
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error
