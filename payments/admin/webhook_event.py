"""What providers sent: as it came, what became of it, and once more."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display

from payments.admin.pages import replay_page
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import tag
from shared.admin.form_page import answer
from shared.planner.lookups import InlineWord

_COLOURS = {WebhookStatus.PROCESSED.value: "success", WebhookStatus.FAILED.value: "danger"}


class OpenFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("Not processed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Literals, so that the partial index answers."""
        if self.value() != "open":
            return queryset
        return queryset.filter(
            status__in=[InlineWord(WebhookStatus.STORED), InlineWord(WebhookStatus.FAILED)]
        ).order_by("received_at")


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "provider", "kind", "event_id", "state", "attempts", "error")
    list_display_links = ("received_at",)
    list_filter = [OpenFilter]
    ordering = ("-id",)
    empty_help = _("Providers report to /api/v1/webhooks/<provider>.")
    fields = (
        ("provider", "event_id", "kind"),
        ("state", "attempts"),
        "error",
        ("received_at", "processed_at"),
        "headers",
        "text",
    )
    readonly_fields = ("state", "text")
    actions_detail = ("replay",)

    @action(description=_("Process again"), icon="replay", permissions=["orders.confirm_payment"])
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, replay_page(request, self.find(request, object_id)))

    @display(description=_("status"))
    def state(self, event: WebhookEvent) -> str:
        return tag(event.get_status_display(), _COLOURS.get(event.status, "warning"))

    @display(description=_("body"))
    def text(self, event: WebhookEvent) -> str:
        # Only signed bytes are kept, and yet they need not be text: the page must show what makes them fail.
        return bytes(event.body).decode("utf-8", "replace")
