"""What every list and form of the admin has in common."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.checks import ModelAdminChecks
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext

from shared.actor import Actor
from shared.admin.changelist import KontorChangeList, NearRows
from shared.admin.conflicts.form import KeepsOthersChanges
from shared.admin.history import HistoryPage
from shared.admin.moments import MOMENT_FIELDS, show_moments
from shared.admin.paginator import MAX_COUNTED, BoundedPaginator
from shared.admin.search import MAX_MATCHES, forgiving

if TYPE_CHECKING:  # unfold has no types: its classes are Django's with another look
    from django.contrib.admin import ModelAdmin, TabularInline
else:
    from unfold.admin import ModelAdmin, TabularInline


def actor_of(request: HttpRequest) -> Actor:
    """The colleague who is signed in, as services want to know it."""
    user = request.user
    return Actor(user_id=user.pk, principal_id=user.pk, label=user.get_username())


show_moments()
_FILLED_IN = {"created_at", "updated_at"}


def _flat_names(fields: Any) -> set[str]:
    return {name for field in fields for name in (field if isinstance(field, list | tuple) else (field,))}


# The query string of the menu's links to lists that open with something.
FROM_MENU = "opening=1"


class KontorAdmin(NearRows, KeepsOthersChanges, HistoryPage, ModelAdmin):
    """Lists stay fast at millions of rows: a bounded count, no facets, sorting only where an index helps
    (`sortable_by` names the columns), and search by `search`, which an index must answer.

    `search_fields` only switches the search box on. `empty_help` says what to do while the list is empty.
    """

    # Unfold's checks look permissions up in the database: on an empty one no command would start.
    checks_class = ModelAdminChecks
    paginator: ClassVar[type[Paginator]] = BoundedPaginator  # what get_paginator makes
    max_counted: ClassVar[int] = MAX_COUNTED
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides = MOMENT_FIELDS
    actions: Any = None  # what is done to many rows at once is a service's business
    list_per_page = 25
    list_max_show_all = 100
    sortable_by: ClassVar[Any] = ()
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = True
    list_filter_sheet = True
    empty_help: ClassVar[str | Promise] = ""
    # What the menu's link opens the list with, where a colleague has no default view of their own: what is still to be
    # done. {user} is the colleague's id. A search from there looks in all (crm.admin.saved_views.views).
    opens_with: ClassVar[str] = ""
    more_columns: ClassVar[tuple[str, ...]] = ()  # besides those of list_display, for readers who ask for them
    linked_filters: ClassVar[tuple[str, ...]] = ()  # lookups that our pages link to, besides those of list_filter

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KontorChangeList]:
        return KontorChangeList

    def get_list_display(self, request: HttpRequest) -> Any:
        """All that the list can show; KontorChangeList shows what its reader wants of it."""
        return [*super().get_list_display(request), *self.more_columns]

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> Paginator:
        """Autocomplete and a search end where the search stopped looking, not where a list does."""
        is_search = "field_name" in request.GET or request.GET.get(SEARCH_VAR)
        most = min(self.max_counted, MAX_MATCHES) if is_search else self.max_counted
        pages = BoundedPaginator(queryset, per_page, orphans, allow_empty_first_page, max_counted=most)
        pages.has_more = getattr(request, "search_has_more", False)
        return pages

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term or not self.get_search_fields(request):
            return queryset, False
        if "\0" in term:  # PostgreSQL has no such text, so nothing matches
            return queryset.none(), False
        with forgiving(self.forgives_mistyping(request)):
            found = self.search(queryset, term)
        request.search_has_more = getattr(found, "has_more", False)  # type: ignore[attr-defined]
        request.search_is_near = getattr(found, "is_near", False)  # type: ignore[attr-defined]
        return found, False

    def choice_label(self, row: Any) -> str:
        """What a picker calls a row of `get_queryset`."""
        return str(row)

    def choice_extras(self, row: Any) -> dict[str, object]:
        """What a picker shows of it besides: the `picture`'s address ("": it has none), whether it `is_none` in stock.
        Most rows have neither."""
        return {}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the database fills in has nothing to show before there is a row."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        return [(name, options) for name, options in fieldsets if not _flat_names(options["fields"]) <= _FILLED_IN]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What cannot be a key names no row: the buttons of a page look their row up before the page does."""
        if object_id is not None:
            try:
                self.opts.pk.to_python(unquote(object_id))
            except ValidationError:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def find(self, request: HttpRequest, object_id: str) -> Any:
        """The row a page is about. Raises Http404."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(gettext("There is no such %(verbose_name)s.") % {"verbose_name": self.opts.verbose_name})
        return row

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        """Rows that match the term; overridden wherever there is a search box."""
        raise NotImplementedError(f"{type(self).__name__} has a search box but no search.")


class ReadOnly:
    """Rows that only services write: no one adds, changes or deletes them here."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, KontorAdmin):
    """History: to be looked at."""

    warn_unsaved_form = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Without the button to the log of edits: there are none."""
        extra = {"show_history": False, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, extra)


class ReadOnlyInline(ReadOnly, TabularInline):
    """History of the row above it."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True


class RecordTable(ReadOnlyInline):
    """The same as a card of the record's page."""

    template = "admin/kontor/record_table.html"


class Undeletable:
    """Rows that others rest on; they are switched off instead of deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
