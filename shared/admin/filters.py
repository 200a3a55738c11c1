"""Filters whose first page comes out of an index, however many rows are of the kind that is asked for."""

from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RadioFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from shared.admin.active_filters import rows_seen
from shared.admin.search import at_most
from shared.planner.lookups import filter_by_keys

MOST_OPEN = 1_000  # so many are read of each status that is no end


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


class OpenFilter(RadioFilter):
    """Rows in one of `statuses`, where something is still to be done: the newest of each, out of the index that serves
    KindFilter. Asked for all at once, PostgreSQL may walk along all rows newest first."""

    title = _("progress")
    parameter_name = "progress"
    statuses: ClassVar[tuple[str, ...]]

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("Open (the newest %(most)s)") % {"most": MOST_OPEN})]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "open":
            return queryset
        if queryset.query.where:  # another filter chose already, or the colleague sees some alone: those are few
            return queryset.filter(status__in=self.statuses)
        plain = queryset.select_related(None).prefetch_related(None)
        keys: list[Any] = []
        for status in self.statuses:
            kind = plain.filter(status__gte=status, status__lte=status)
            ordered = kind.order_by("status", *queryset.query.order_by)
            keys += ordered.values_list("pk", flat=True)[: at_most(MOST_OPEN)]
        return filter_by_keys(queryset, "pk", keys)


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
