"""What providers were asked, to read; and what of it is still open."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from payments.models.intent_operation import IntentOperation, OperationStatus
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import money, object_link, tag
from shared.planner.lookups import InlineWord
from shared.text.messages import show_text

_COLOURS = {OperationStatus.DONE.value: "success", OperationStatus.FAILED.value: "danger"}


class OpenFilter(RadioFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("Without an answer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Literals, so that the partial index answers."""
        if self.value() != "open":
            return queryset
        return queryset.filter(
            status__in=[InlineWord(OperationStatus.PLANNED), InlineWord(OperationStatus.SENT)]
        ).order_by("due_at")


@admin.register(IntentOperation)
class IntentOperationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "asked", "intent_link", "state", "attempts", "answer")
    list_display_links = ("created_at",)
    list_select_related = ("intent",)
    list_filter = [OpenFilter]
    ordering = ("-id",)
    empty_help = _("Written before a provider is asked, and kept with what it answered.")
    fields = (
        ("intent_link", "refund"),
        ("kind", "asked", "state"),
        ("attempts", "idempotency_key"),
        "answer",
        "response",
        ("created_at", "sent_at", "due_at", "done_at"),
        "actor",
    )
    readonly_fields = ("intent_link", "asked", "state", "idempotency_key", "due_at", "answer")

    @display(description=_("payment intent"))
    def intent_link(self, operation: IntentOperation) -> str:
        return object_link(operation.intent)

    @display(description=_("amount"))
    def asked(self, operation: IntentOperation) -> str:
        return money(operation.amount, operation.currency)

    @display(description=_("status"))
    def state(self, operation: IntentOperation) -> str:
        return tag(operation.get_status_display(), _COLOURS.get(operation.status, "warning"))

    @display(description=_("error"))
    def answer(self, operation: IntentOperation) -> str:
        return show_text(operation.error, None)
