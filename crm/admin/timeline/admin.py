"""The timeline's entries, as written."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.models.activity import Activity, ActivityKind
from crm.services.timeline.add_activity import add_activity
from crm.services.timeline.delete_activity import delete_activity
from crm.timeline.lines import shown_subject, shown_text
from crm.timeline.visibility import about_visible
from shared.admin.base import actor_of
from shared.admin.filters import RelatedFilter
from shared.admin.saving import ServiceAdmin, Values
from users.admin.owned import ReachedChoices


@admin.register(Activity)
class ActivityAdmin(ReachedChoices, ServiceAdmin):
    """Added here or on the customer's page; never edited."""

    list_display = ("what", "kind", "customer_name", "author", "happened_at")
    list_select_related = ("customer", "lead", "author")
    list_filter = [("customer", RelatedFilter)]
    ordering = ("-happened_at", "-id")
    sortable_by = ("happened_at",)
    empty_help = _("Open a customer and write down what colleagues should know.")
    autocomplete_fields = ("customer", "lead", "deal")
    readonly_fields = ("author", "order", "happened_at")
    fieldsets = (
        (
            None,
            {"fields": (("kind", "happened_at"), ("customer", "deal"), "lead", "order", "subject", "text", "author")},
        ),
    )
    add_fieldsets = ((None, {"fields": ("kind", ("customer", "deal"), "lead", "subject", "text")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Those about customers and leads whom the colleague sees."""
        return about_visible(request.user, super().get_queryset(request), "customer", "lead")

    def has_change_permission(self, request: HttpRequest, obj: Activity | None = None) -> bool:
        return False

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Changes are written by the system alone."""
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in ActivityKind.choices if choice[0] != ActivityKind.CHANGE]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def create_record(self, request: HttpRequest, values: Values) -> Activity:
        return add_activity(**values, actor=actor_of(request))

    def delete_record(self, request: HttpRequest, row: Activity) -> None:
        delete_activity(activity_id=row.pk)

    @admin.display(description=_("what"))
    def what(self, activity: Activity) -> str:
        message = activity.message
        text = shown_subject(activity.subject, message) or shown_text(activity.text, message)
        return text if len(text) <= 80 else f"{text[:80]}…"

    @admin.display(description=_("about"))
    def customer_name(self, activity: Activity) -> str:
        about = activity.customer or activity.lead
        return about.name if about else ""
