"""What every form of the admin does when somebody else has saved the same record meanwhile."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shared.admin.conflicts import locking
from shared.admin.conflicts.lost_page import lost_page
from shared.admin.conflicts.merging import MINE, THEIRS, Conflict, Merging
from shared.admin.conflicts.opened import OPENED, Opened, rows_in, seal, unseal, values_in
from shared.admin.conflicts.others import Author, authors_of
from shared.admin.conflicts.refused import (
    REFUSALS,
    Fault,
    RefusedForm,
    faults_of,
    faults_of_record,
    keep_refusal,
    show_in_rows,
)
from shared.admin.conflicts.sending import sent_keys
from shared.database.conflicts import connection_was_lost, is_retryable
from shared.errors import Refusal, Unavailable

if TYPE_CHECKING:  # stands before the theme's ModelAdmin
    from django.contrib.admin import ModelAdmin as _Base
else:
    _Base = object

_HELD, _MERGED = "_kontor_held", "_kontor_merged"
_MOST_TRIES = 3


class KeepsOthersChanges(_Base):
    """A form carries what it was opened with. Saving it, under the record's lock, writes what I changed and keeps what
    others changed; what both changed is asked about. Whatever is refused stays in the form."""

    def lock_record(self, key: Any) -> None:
        """Until the transaction ends. Records that a service alone may lock override it."""
        locking.lock_rows(self.model, [key])

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A rule that only a service knows says no: nothing is saved, and the form says why."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        view, sent = super().changeform_view, request.POST

        def save() -> HttpResponse:
            request.POST = sent
            return view(request, object_id, form_url, extra_context)

        try:
            return _again_after_conflicts(save)
        except Refusal as refusal:
            keep_refusal(request, refusal)
            page = save()
            page.status_code = refusal.status
            return page

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        """Called by Django, inside of the transaction that saves."""
        view: Any = super()._changeform_view  # type: ignore[misc]
        request.__dict__.pop(_HELD, None)
        if request.method != "POST" or object_id is None or not self.has_change_permission(request):
            return view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]
        record = self._lock_and_read(request, unquote(object_id))
        if record is None:
            elsewhere = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
            return lost_page(self, request, None, elsewhere.url)
        if not self.has_change_permission(request, record):
            if OPENED not in request.POST:
                raise PermissionDenied
            return lost_page(self, request, record, request.get_full_path())
        merging = self._merge_sent(request, record)
        page: HttpResponse = view(request, object_id, form_url, extra_context)
        if merging.conflicts and page.status_code == 200:
            page.status_code = 409
        if page.status_code == 302 and merging.taken_over:
            _tell_what_was_kept(request, record, merging)
        return page

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The one that this request has locked, as it is since."""
        key, held = request.__dict__.get(_HELD, (None, None))
        if held is not None and key == (self.model, object_id):
            return held
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusals = faults_of_record(request)
        return type(form.__name__, (RefusedForm, form), {"refusals": refusals}) if refusals else form

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        show_in_rows(faults_of(request), formsets)
        return formsets, inlines

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if change and obj is not None and self.has_change_permission(request, obj):
            merging: Merging | None = request.__dict__.get(_MERGED)
            conflicts = merging.conflicts if merging is not None else []
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            rows = {formset.prefix: rows_in(formset) for formset in formsets}
            asked = frozenset(conflict.key for conflict in conflicts)
            opened = Opened(values_in(context["adminform"].form), rows, asked)
            context |= {"opened_name": OPENED, "opened": seal(self._subject_of(obj), opened)}
            context |= {"conflicts": _with_authors(obj, conflicts), "mine": MINE, "theirs": THEIRS}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _lock_and_read(self, request: HttpRequest, key: str) -> Any:
        """Lock the record, then read it: whoever saved before has committed."""
        with suppress(ValidationError):
            self.lock_record(self.opts.pk.to_python(key))
        record = self.get_object(request, key)
        request.__dict__[_HELD] = ((self.model, key), record)
        return record

    def _merge_sent(self, request: HttpRequest, record: Model) -> Merging:
        """Make of what was sent what is to be saved."""
        opened = unseal(self._subject_of(record), request.POST.get(OPENED))
        merging = Merging(request.POST.copy(), opened or Opened({}))
        fields = self.get_fieldsets(request, record)
        names = [name for _label, options in fields for name in _flat_names(options["fields"])]
        form = self.get_form(request, record, change=True, fields=names)(request.POST, request.FILES, instance=record)
        merging.merge_form(form, record)
        merging.merge_absent(self._absent_fields(request, record, merging.names - set(form.fields)), record)
        formsets, inlines = self._create_formsets(request, form.instance, change=True)
        for formset, inline in zip(formsets, inlines, strict=True):
            if inline.has_change_permission(request, record) and formset.initial_form_count():
                locking.lock_rows(formset.model, sent_keys(formset))  # rows have pages and routes of their own
                merging.merge_rows(formset, may_add=inline.has_add_permission(request, record))
        request.POST = cast("Any", merging.post)
        request.__dict__[_MERGED] = merging
        if merging.conflicts:
            request.__dict__[REFUSALS] = (Fault(_("Nothing is saved yet: say above whose changes stay.")),)
        return merging

    def _absent_fields(self, request: HttpRequest, record: Model, names: set[str]) -> forms.Form:
        """Those that the form had as it was opened, and has no more."""
        columns = [column for column in self.opts.concrete_fields if column.name in names]
        fields = {column.name: self.formfield_for_dbfield(column, request) for column in columns}
        shown = {name: formfield for name, formfield in fields.items() if formfield is not None}
        initial = {column.name: column.value_from_object(record) for column in columns}
        absent: forms.Form = type("AbsentFields", (forms.Form,), shown)(request.POST, initial=initial)
        return absent

    def _subject_of(self, record: Model) -> str:
        return f"{self.opts.label_lower} {record.pk}"


def _flat_names(fields: Any) -> list[str]:
    return [name for field in fields for name in (field if isinstance(field, list | tuple) else (field,))]


def _again_after_conflicts(save: Callable[[], HttpResponse]) -> HttpResponse:
    """Not after a lost connection: whether its transaction was committed is not known. Raises Unavailable."""
    for _attempt in range(_MOST_TRIES):
        try:
            return save()
        except DatabaseError as error:
            if connection.in_atomic_block or connection_was_lost(error) or not is_retryable(error):
                raise
    raise Unavailable(_("Others are saving the same just now. Save once more."))


def _with_authors(record: Model, conflicts: list[Conflict]) -> list[tuple[Conflict, Author]]:
    return list(zip(conflicts, authors_of(record, [conflict.place for conflict in conflicts]), strict=True))


def _tell_what_was_kept(request: HttpRequest, record: Model, merging: Merging) -> None:
    """What was kept though the form showed it as it was before."""
    seen = {label: place for label, place in merging.taken_over.items() if label}
    if not seen:
        return
    names = sorted({author.who for author in authors_of(record, list(seen.values()))})
    text = _("Kept as %(names)s changed it meanwhile: %(fields)s.")
    messages.info(request, text % {"names": ", ".join(names), "fields": ", ".join(seen)})
