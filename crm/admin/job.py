"""The worker's jobs, to look at when something did not happen."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
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
_STATES = {
    "todo": _("To do"),
    "doing": _("Running"),
    "succeeded": _("Succeeded"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
    "aborting": _("Being stopped"),
    "aborted": _("Stopped"),
}


class JobStateFilter(RadioFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [(name, _STATES[name]) for name in ("todo", "doing", "failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(ProcrastinateJob)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "task_name", "state", "attempts", "scheduled_at")
    list_filter = [JobStateFilter]
    ordering = ("-id",)
    empty_help = _("Jobs appear once the worker runs: it sweeps unpaid orders every few minutes.")
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

    @display(description=_("state"), label=_COLOURS)
    def state(self, job: ProcrastinateJob) -> tuple[str, str]:
        return str(job.status), str(_STATES.get(str(job.status), job.status))
