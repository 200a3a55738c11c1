"""The worker's jobs, to look at when something did not happen."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from procrastinate.contrib.django.models import ProcrastinateJob
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from shared.admin.base import ReadOnlyAdmin

# Sign-in tokens are machinery: nothing there for staff to see or change.
for _model in (ProcrastinateJob, BlacklistedToken, OutstandingToken):
    admin.site.unregister(_model)

_COLOURS = {
    "todo": "info",
    "doing": "warning",
    "succeeded": "success",
    "failed": "danger",
    "aborted": "danger",
}


class JobStateFilter(RadioFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("todo", "To do"), ("doing", "Running"), ("failed", "Failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(ProcrastinateJob)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "task_name", "state", "attempts", "scheduled_at")
    list_filter = [JobStateFilter]
    ordering = ("-id",)
    empty_help = "Jobs appear once the worker runs: it sweeps unpaid orders every few minutes."
    fields = (
        ("task_name", "status"),
        ("queue_name", "attempts", "scheduled_at"),
        ("lock", "queueing_lock"),
        "args",
    )
    readonly_fields = (
        "task_name",
        "status",
        "queue_name",
        "attempts",
        "scheduled_at",
        "lock",
        "queueing_lock",
        "args",
    )

    @display(description="state", label=_COLOURS)
    def state(self, job: ProcrastinateJob) -> str:
        return str(job.status)
