"""What belongs to an order and tells of its buyer: the words that people wrote, at once, and what the books keep of the
buyer, once they need it no longer. See docs/decisions/privacy.md."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Func, JSONField, Q, Value
from django.db.models.functions import Cast, Concat

from orders.models.adjustment import Adjustment, AdjustmentKind
from orders.models.dispute import Dispute
from orders.models.draft import Draft, DraftLine
from orders.models.invoice import Invoice
from orders.models.order_edit import OrderEdit
from orders.models.order_event import EventKind, OrderEvent
from orders.models.order_return import Return
from orders.models.payment import Payment
from orders.models.refund import Refund
from orders.models.shipment import Shipment
from shared.database.append_only import rows_may_change
from shared.planner.lookups import one_of
from shared.privacy.erasure import ERASED_NAME

# With the id, as a payment's reference is unique in its order.
_ERASED = Concat(Value("erased "), Cast("id", CharField()))
_EDITED: dict[str, Any] = {"lines": []}
_NOBODY = {"name": ERASED_NAME, "email": "", "address": "", "tax_number": "", "delivery": ""}


class _Set(Func):
    """One value in a JSON document, if it is there."""

    function = "jsonb_set"
    template = "%(function)s(%(expressions)s, false)"
    output_field = JSONField()

    def __init__(self, document: object, path: str, value: str) -> None:
        keys = Value("{" + path + "}")
        super().__init__(document, _Typed(keys, kind="text[]"), Value(value, output_field=JSONField()))


class _Typed(Func):
    template = "%(expressions)s::%(kind)s"
    output_field = CharField()


def erase_words(order_ids: list[UUID]) -> None:
    """Free text, tracking numbers, and the e-mail address in the documents: none of it is needed for the books."""
    of_orders = one_of("order_id", order_ids)
    # Only rows that have words: a raised version makes everybody's copy of it old.
    returns = Return.objects.filter(of_orders).exclude(reason="", answer="")
    returns.update(reason="", answer="", version=F("version") + 1)
    Refund.objects.filter(of_orders).update(reason="", failure="")
    OrderEdit.objects.filter(of_orders).update(reason="")
    Adjustment.objects.filter(of_orders, kind=AdjustmentKind.WRITE_OFF).update(label="")
    # Why staff took something off is a word about the buyer; a coupon's code is none.
    given = Adjustment.objects.filter(of_orders, kind=AdjustmentKind.DISCOUNT, data__given=True)
    given.exclude(label="").update(label="")
    shipments = Shipment.objects.filter(of_orders).exclude(carrier="", tracking_number="", tracking_url="")
    shipments.update(carrier="", tracking_number="", tracking_url="", version=F("version") + 1)
    Invoice.objects.filter(of_orders).update(content=_Set("content", "buyer,email", ""))
    # Of their words, not of what happened.
    with rows_may_change(OrderEvent):
        # PLACED has no words: the id in it is the order's own, and the audit asks for it.
        events = OrderEvent.objects.filter(of_orders).exclude(kind=EventKind.PLACED)
        # That lines were changed, not which: the audit counts these events beside the changes.
        edited = events.filter(kind=EventKind.EDITED, data__has_key="lines")
        edited.exclude(reason="", data=_EDITED).update(reason="", data=_EDITED)
        others = events.exclude(kind=EventKind.EDITED, data__has_key="lines")
        others.exclude(reason="", data={}).update(reason="", data={})


def erase_books(order_ids: list[UUID]) -> None:
    """The buyer in documents, payments' references and what a provider calls a dispute. Amounts stay."""
    of_orders = one_of("order_id", order_ids)
    Payment.objects.filter(of_orders).exclude(reference="").update(reference=_ERASED)
    Refund.objects.filter(of_orders).update(reference="")
    Dispute.objects.filter(of_orders).update(provider_id=_ERASED, reason="")
    content: object = "content"
    for name, value in _NOBODY.items():
        content = _Set(content, f"buyer,{name}", value)
    Invoice.objects.filter(of_orders).update(content=_Set(content, "reason", ""))


def erase_drafts(*, customer_id: UUID, now: datetime) -> set[str]:
    """Words and addresses of drafts and quotes go; the ids, for their history."""
    drafts = Draft.objects.filter(customer_id=customer_id)
    lines = DraftLine.objects.filter(draft__in=drafts)
    lines.exclude(discount_reason="").update(discount_reason="")
    nothing = Q(note="", discount_reason="", delivery_address__isnull=True, billing_address__isnull=True)
    empty: dict[str, Any] = {"note": "", "discount_reason": "", "delivery_address": None, "billing_address": None}
    drafts.exclude(nothing).update(**empty, version=F("version") + 1, updated_at=now)
    return {str(key) for rows in (drafts, lines) for key in rows.values_list("pk", flat=True)}
