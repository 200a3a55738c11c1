"""Notes, as written."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from crm.models.note import Note
from crm.services.add_note import add_note
from shared.admin.base import KontorAdmin, actor_of


@admin.register(Note)
class NoteAdmin(KontorAdmin):
    """Added here or on the customer's page; never edited."""

    list_display = ("text_start", "customer_name", "author", "created_at")
    list_select_related = ("customer", "author")
    list_filter = [("customer", AutocompleteSelectFilter)]
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)
    empty_help = "Open a customer and write down what colleagues should know."
    autocomplete_fields = ("customer",)
    readonly_fields = ("author", "created_at")
    fieldsets = ((None, {"fields": ("customer", "text", ("author", "created_at"))}),)
    add_fieldsets = ((None, {"fields": ("customer", "text")}),)

    def has_change_permission(self, request: HttpRequest, obj: Note | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Note, form: forms.ModelForm, change: bool) -> None:
        note = add_note(customer_id=obj.customer_id, text=obj.text, actor=actor_of(request))
        obj.pk = note.pk

    @admin.display(description="note")
    def text_start(self, note: Note) -> str:
        return note.text if len(note.text) <= 80 else f"{note.text[:80]}…"

    @admin.display(description="customer")
    def customer_name(self, note: Note) -> str:
        return note.customer.name
