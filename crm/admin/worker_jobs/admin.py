"""The worker's jobs, to look at when something did not happen."""

import json
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob
from rest_framework_simplejwt.token_blacklist.admin import BlacklistedTokenAdmin, OutstandingTokenAdmin
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import NOTHING, moment, tag

# Loaded first, whatever loaded this module, or they would come back later.
_NOT_SHOWN = (ProcrastinateJobAdmin, BlacklistedTokenAdmin, OutstandingTokenAdmin)
# Sign-in tokens are machinery: nothing there for staff to see or change.
for _model in (ProcrastinateJob, BlacklistedToken, OutstandingToken):
    admin.site.unregister(_model)

# The library calls its tables and columns by English names alone.
ProcrastinateJob._meta.verbose_name, ProcrastinateJob._meta.verbose_name_plural = _("job"), _("jobs")
apps.get_app_config(ProcrastinateJob._meta.app_label).verbose_name = _("Jobs")

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
    list_display = ("number", "name", "state", "tries", "at")
    list_filter = [JobStateFilter]
    ordering = ("-id",)
    empty_help = _("Jobs appear once the worker runs: it sweeps unpaid orders every few minutes.")
    fields = (("name", "state"), ("queue", "tries", "at"), ("locked_by", "waits_once"), "asked")
    readonly_fields = ("name", "state", "queue", "tries", "at", "locked_by", "waits_once", "asked")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not settings.SWEEP_UNPAID_ORDERS:
            text = _("The sweep is switched off (SWEEP_UNPAID_ORDERS): overdue orders keep their stock.")
            messages.warning(request, text)
        return super().changelist_view(request, extra_context)

    @display(description=_("number"))
    def number(self, job: ProcrastinateJob) -> int:
        return int(job.id)

    @display(description=_("job"))
    def name(self, job: ProcrastinateJob) -> str:
        return str(job.task_name)

    @display(description=_("state"))
    def state(self, job: ProcrastinateJob) -> str:
        return tag(_STATES.get(job.status, job.status), _COLOURS.get(job.status, "default"))

    @display(description=_("tries"))
    def tries(self, job: ProcrastinateJob) -> int:
        return int(job.attempts)

    @display(description=_("not before"))
    def at(self, job: ProcrastinateJob) -> str:
        return moment(job.scheduled_at)

    @display(description=_("queue"))
    def queue(self, job: ProcrastinateJob) -> str:
        return str(job.queue_name)

    @display(description=_("runs alone among"))
    def locked_by(self, job: ProcrastinateJob) -> str:
        return job.lock or NOTHING

    @display(description=_("waits once among"))
    def waits_once(self, job: ProcrastinateJob) -> str:
        return job.queueing_lock or NOTHING

    @display(description=_("arguments"))
    def asked(self, job: ProcrastinateJob) -> str:
        return json.dumps(job.args, ensure_ascii=False)
