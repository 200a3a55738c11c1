"""The list page of a model in the admin: what a request may filter and sort by, and what is counted."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.db.models import Model, QuerySet
from django.forms import BooleanField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext

from shared.admin.columns.layout import layout_of, related_among

if TYPE_CHECKING:  # unfold has no types: its classes are Django's with another look
    from django.contrib.admin import ModelAdmin as _Admin
    from django.contrib.admin.views.main import ChangeList

    from shared.admin.base import KontorAdmin
else:
    from unfold.views import ChangeList

    _Admin = object  # it stands before an admin's base class


def _reversed_order(field: str) -> str:
    """The field's order the other way round."""
    return field[1:] if field.startswith("-") else f"-{field}"


class KontorChangeList(ChangeList):
    """Knows that an unfiltered list shows everything, without counting everything; shows its reader's columns.

    Addresses number the columns that there are, not those that are shown: a saved order means the same to everybody.
    """

    def __init__(self, request: HttpRequest, model: type[Model], list_display: Any, *args: Any) -> None:
        self.layout = layout_of(request, model)
        self.all_columns = list(list_display)
        super().__init__(request, model, list_display, *args)
        self.list_display = self.shown_columns

    @cached_property
    def shown_columns(self) -> list[Any]:
        always = self.list_display_links or ()
        return [one for one in self.all_columns if self.layout.shows(one, self.model_admin, always)]

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """A link that takes the last filter away says so: an address without anything opens the default view."""
        if new_params and new_params.get(ORDER_VAR):
            new_params = {**new_params, ORDER_VAR: self._by_all_columns(new_params[ORDER_VAR])}
        query = str(super().get_query_string(new_params, remove))
        return f"?{PAGE_VAR}=1" if query == "?" and PAGE_VAR not in (remove or ()) else query

    def _by_all_columns(self, shown: str) -> str:
        """An order by the columns that are shown, as addresses say it."""
        places = [one.rpartition("-") for one in shown.split(".")]
        return ".".join(f"{sign}{self.all_columns.index(self.list_display[int(at)])}" for _, sign, at in places)

    def get_ordering_field_columns(self) -> dict[int, Any]:
        """By their places among those that are shown; a list may be in the order of one that is not."""
        found: dict[int, Any] = super().get_ordering_field_columns()
        if ORDER_VAR not in self.params:
            return found
        names = {self.all_columns[place]: way for place, way in found.items() if 0 <= place < len(self.all_columns)}
        return {place: names[name] for place, name in enumerate(self.list_display) if name in names}

    def has_related_field_in_list_display(self) -> bool:
        """What is hidden is not joined."""
        return bool(related_among(self.model, self.shown_columns))

    def get_ordering_field(self, field_name: Any) -> Any:
        """No column but those that an index sorts, whatever the address asks for."""
        allowed = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if allowed else None

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        """A filter may bring an order with it: that of the index which answers it."""
        usual = cast("tuple[str, ...]", self.root_queryset.query.order_by)
        brought = cast("tuple[str, ...]", queryset.query.order_by)
        asked = list(super().get_ordering(request, queryset))
        if brought == usual:
            return asked
        is_turned = ORDER_VAR in self.params and asked[:1] == [_reversed_order(usual[0])]
        return [_reversed_order(field) for field in brought] if is_turned else list(brought)

    def get_filters(self, request: HttpRequest) -> tuple[Any, ...]:
        """Only what the list declares may be asked: Django's own rule lets an address compare any column of the table,
        secrets included. A filter compares with one value, and a pair of rows is linked once, so no row is found twice.
        """
        specs, has_filters, remaining, _, has_active = super().get_filters(request)
        for key in remaining:
            if key not in self._declared_lookups():
                raise DisallowedModelAdminLookup(f"Filtering by {key} not allowed")
        return specs, has_filters, remaining, False, has_active

    def _declared_lookups(self) -> set[str]:
        """What may be asked besides the filters' own parameters: a declared field, for a value or one of several."""
        linked = cast("KontorAdmin", self.model_admin).linked_filters
        fields = [str(one[0]) for one in self.list_filter if isinstance(one, tuple)]
        return {*linked, *fields, *(f"{field}__in" for field in fields)}

    def get_results(self, request: HttpRequest) -> None:
        """First the keys of the page, out of an index, then its rows: what is skipped is neither joined nor read."""
        super().get_results(request)
        keys = list(cast("QuerySet[Model]", self.result_list).values_list("pk", flat=True))
        rows = self.root_queryset.filter(pk__in=keys)
        rows = rows if rows.query.select_related else self.apply_select_related(rows)
        added = related_among(self.model, (one for one in self.shown_columns if one in self.layout.added))
        found = {row.pk: row for row in (rows.select_related(*added) if added else rows)}
        self.result_list = [found[key] for key in keys if key in found]
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


def is_near(request: HttpRequest) -> bool:
    """Whether what the search found is only spelled nearly so."""
    return getattr(request, "search_is_near", False)


class NearRows(_Admin):
    """A list that shows what is spelled nearly so: who looks and picks may use it, nothing chooses of it by itself."""

    def forgives_mistyping(self, request: HttpRequest) -> bool:
        """Not where somebody sees some rows alone: what is found, or is not, would tell of the others."""
        return True

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:  # type: ignore[override]
        """Rows are ticked one by one; all that "match" were asked for by nobody."""
        is_across = BooleanField(required=False).to_python(request.POST.get("select_across", "0"))
        if is_across and is_near(request):
            messages.error(request, gettext("Nothing matches exactly, so nothing was chosen: tick the rows you mean."))
            return HttpResponseRedirect(request.get_full_path())
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer
