"""Why something happened to an order or for it, where a service says it and not a colleague.

Keys are stored: they stay. docs/decisions/stored-texts.md
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from orders.states import CancelReason, DisputeStatus
from shared.text.messages import Message

# Of the stock's ledger, too.
ORDER: Final = Message("order", _("order %(number)s"))
RETURN: Final = Message("return", _("return %(number)s"))
NOT_PAID_IN_TIME: Final = Message("not_paid_in_time", _("not paid in time"))
GOODS_ARRIVED: Final = Message("goods_arrived", _("goods arrived"))

CANCELLED: Final = {why: Message(f"cancelled.{why}", why.label) for why in CancelReason}
DEMO_REMOVED: Final = Message("demo_removed", _("the demo shop is removed"))
PACKED: Final = Message("shipment.packed", _("packed"))
UNPACKED: Final = Message("shipment.unpacked", _("unpacked"))

PAYMENT_SETTLED: Final = Message("payment.settled", _("payment settled"))
PAID_AFTER_CANCELLING: Final = Message("payment.after_cancelling", _("paid after cancelling"))
PAID_TWICE: Final = Message("payment.twice", _("paid twice"))
GIVEN_BACK_TOO_MUCH: Final = Message("payment.given_back_too_much", _("more given back than came in"))

REFUND_PAID_OUT: Final = Message("refund.paid_out", _("paid out"))
REFUND_TO_TRY_AGAIN: Final = Message("refund.to_try_again", _("to be tried again"))
REFUND_UNDER_WAY: Final = Message("refund.under_way", _("under way"))
REFUND_REFUSED: Final = Message("refund.refused", _("refused"))
GIVEN_BACK_AT_PROVIDER: Final = Message("refund.given_back_at_provider", _("given back at the provider"))

DISPUTE: Final = {
    DisputeStatus.NEEDS_RESPONSE: Message("dispute.opened", _("dispute opened")),
    DisputeStatus.UNDER_REVIEW: Message("dispute.under_review", _("dispute under review")),
    DisputeStatus.LOST: Message("dispute.lost", _("dispute lost")),
    DisputeStatus.WON: Message("dispute.won", _("dispute won")),
}
DISPUTE_CLOSED: Final = Message("dispute.closed_by_staff", _("dispute closed by staff"))
