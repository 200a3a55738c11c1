"""Tasks."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from crm.admin.bulk.views import actions_of
from crm.models.task import Task, TaskPriority, TaskRepeat
from crm.services.tasks.complete_task import complete_task
from crm.services.tasks.create_task import create_task
from crm.services.tasks.delete_task import delete_task
from crm.services.tasks.update_task import update_task
from crm.tasks.recurrence import next_due
from crm.tasks.task_zone import task_zone
from shared.admin.base import actor_of
from shared.admin.display import change_url, moment
from shared.admin.filters import RelatedFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.navigation import back_url
from shared.admin.saving import ServiceAdmin, Values
from users.admin.owned import Owned

_PRIORITY_COLOURS = {
    TaskPriority.HIGH.value: "danger",
    TaskPriority.NORMAL.value: "default",
    TaskPriority.LOW.value: "default",
}

_STATE_COLOURS = {"open": "info", "overdue": "danger", "done": "success"}


class StateFilter(RadioFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("open", pgettext_lazy("task", "Open")), ("overdue", gettext_lazy("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "open":
            return queryset.filter(done_at=None)
        if self.value() == "overdue":
            return queryset.filter(done_at=None, due_at__lt=timezone.now())
        return queryset


class TaskForm(forms.ModelForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if "repeat" in self.fields:
            self.fields["repeat"].required = False

    def clean_repeat(self) -> str:
        """Whoever says nothing means once."""
        return self.cleaned_data["repeat"] or TaskRepeat.NEVER

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("repeat", TaskRepeat.NEVER) != TaskRepeat.NEVER and values.get("due_at") is None:
            self.add_error("due_at", _("A task that comes back needs a time when it is due."))
        return values


@admin.register(Task)
class TaskAdmin(Owned, ServiceAdmin):
    form = TaskForm
    list_display = ("title", "customer_name", "state", "due_at", "priority_label", "assignee")
    more_columns = ("repeat", "reminder_at", "done_at", "created_at")
    list_select_related = ("customer", "assignee")
    opens_with = "assignee__id__exact={user}&state=open"
    list_filter = [
        StateFilter,
        ("assignee", RelatedFilter),
        ("customer", RelatedFilter),
    ]
    ordering = ("due_at", "id")
    sortable_by = ("due_at",)
    empty_help = gettext_lazy("Add what somebody should do, and by when; it shows on their dashboard.")
    autocomplete_fields = ("customer", "deal", "lead", "assignee")
    readonly_fields = ("done_at", "created_at", "updated_at")
    actions = actions_of(Task)
    actions_detail = ("complete",)
    fieldsets = (
        (None, {"fields": ("title", ("due_at", "priority"), ("reminder_at", "repeat"), "assignee")}),
        (gettext_lazy("About"), {"fields": ("customer", "deal", "lead")}),
        (gettext_lazy("Dates"), {"fields": (("done_at", "created_at", "updated_at"),)}),
    )
    add_fieldsets = (
        (None, {"fields": ("title", ("due_at", "priority"), ("reminder_at", "repeat"), "assignee")}),
        (gettext_lazy("About"), {"fields": ("customer", "deal", "lead")}),
    )

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        """Whoever takes the deal away leaves the customer."""
        values = super().values_of(request, form, change)
        return {"customer_id": form.instance.customer_id, **values} if "deal_id" in values else values

    def create_record(self, request: HttpRequest, values: Values) -> Task:
        return create_task(actor=actor_of(request), **values)

    def change_record(self, request: HttpRequest, row: Task, changes: Values) -> Task:
        return update_task(task_id=row.pk, changes=changes)

    def delete_record(self, request: HttpRequest, row: Task) -> None:
        delete_task(task_id=row.pk)

    @display(description=gettext_lazy("customer"))
    def customer_name(self, task: Task) -> str:
        return task.customer.name if task.customer else "-"

    @display(description=gettext_lazy("state"), label=_STATE_COLOURS)
    def state(self, task: Task) -> tuple[str, str]:
        if task.done_at is not None:
            return "done", _("done")
        is_overdue = task.due_at is not None and task.due_at < timezone.now()
        return ("overdue", _("overdue")) if is_overdue else ("open", pgettext("task", "open"))

    @display(description=gettext_lazy("priority"), label=_PRIORITY_COLOURS)
    def priority_label(self, task: Task) -> tuple[int, str]:
        return task.priority, task.get_priority_display()

    @action(
        description=gettext_lazy("Done"),
        icon="check",
        variant=ActionVariant.SUCCESS,
        permissions=["crm.change_task"],
    )
    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        task = self.find_to_change(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            done = complete_task(task_id=task.pk, actor=actor_of(request))
            again = None
            if done.due_at and done.done_at:
                again = next_due(
                    done.due_at, done.repeat, done.done_at, zone=task_zone(done), repeat_day=done.repeat_day
                )
            if again is None:
                return Done(_("“%(title)s” is done.") % {"title": task.title})
            said = _("“%(title)s” is done. It comes back on %(day)s.")
            return Done(
                said % {"title": task.title, "day": date_format(timezone.localtime(again), "SHORT_DATE_FORMAT")}
            )

        page = FormPage(
            title=_("Is “%(title)s” done?") % {"title": task.title},
            facts=[(_("Due"), moment(task.due_at)), (_("Assigned to"), task.assignee or _("nobody"))],
            submit=_("Yes, it is done"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=back_url(request, change_url(Task, task.pk)),
        )
        return answer(self, request, page)
