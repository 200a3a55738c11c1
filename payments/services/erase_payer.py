"""What providers told of a payer, and how that goes when the payer is erased."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Lookup, Q, Value
from django.db.models.functions import Cast, Concat

from orders.models.order import Order
from payments.models.intent_operation import IntentOperation
from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from shared.planner.lookups import one_of
from shared.privacy.erasure import Person

# What is not handled yet may be about money; the daily purge takes it after WEBHOOK_RETENTION_DAYS.
_HANDLED = (WebhookStatus.PROCESSED, WebhookStatus.IGNORED)


class _HoldsAny(Lookup):
    """These bytes hold one of a list of texts, in any case. Bytes that are no ASCII are compared by their escapes."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"encode({lhs}, 'escape') ILIKE ANY(%s)", (*params, [f"%{_escape_like(text)}%" for text in self.rhs])


def _escape_like(text: str) -> str:
    """Not a pattern of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def erase_payer(person: Person) -> None:
    """The payer's page, what was asked and answered, and the webhooks that name the person or one of their payments.
    Amounts, and the ids by which the provider's books are compared with ours, stay as long as the books."""
    order_ids = list(Order.objects.filter(customer_id=person.customer_id).values_list("pk", flat=True))
    erase_words(order_ids)
    intents = PaymentIntent.objects.filter(one_of("order_id", order_ids)).exclude(provider_id="")
    names = {*person.own_emails, *map(str, order_ids)}
    # No column of a webhook names its order: it is found by what its body may hold.
    names |= set(intents.values_list("provider_id", flat=True))
    told = WebhookEvent.objects.filter(Q(_HoldsAny(F("body"), sorted(names))), status__in=_HANDLED)
    told.update(body=b"", headers={}, error="")


def erase_payments(order_ids: list[UUID]) -> None:
    """Once the books need them no longer."""
    intents = PaymentIntent.objects.filter(one_of("order_id", order_ids)).exclude(provider_id="")
    # Not emptied: an empty one means that the provider has not answered yet, and it must stay unique.
    intents.update(provider_id=Concat(Value("erased "), Cast("id", CharField())))


def erase_words(order_ids: list[UUID]) -> None:
    """What no book needs."""
    PaymentIntent.objects.filter(one_of("order_id", order_ids)).update(failure="", action_url="")
    # One that is open is still asked for and its answer written; it goes once the books need the order no longer.
    operations = IntentOperation.objects.filter(one_of("intent__order_id", order_ids), done_at__isnull=False)
    operations.update(request={}, response={}, error="")
