"""What belongs to an intent, on its page."""

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from payments.models.intent_operation import IntentOperation
from shared.admin.base import ReadOnlyInline
from shared.admin.display import money
from shared.text.messages import show_text


class OperationInline(ReadOnlyInline):
    model = IntentOperation
    fields = ("created_at", "kind", "asked", "status", "attempts", "sent_at", "done_at", "answer")
    readonly_fields = fields
    # Against the model's own order: what was asked of the provider is read from its beginning.
    ordering = ("id",)
    verbose_name_plural = _("operations")

    @display(description=_("amount"))
    def asked(self, operation: IntentOperation) -> str:
        return money(operation.amount, operation.currency)

    @display(description=_("error"))
    def answer(self, operation: IntentOperation) -> str:
        return show_text(operation.error, None)
