"""Whether an order's money lets its goods leave."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.due import shown_due
from orders.lifecycle.order_group import OrderGroup
from orders.models.order import DisputeFlag
from orders.models.refund import Refund, RefundCause
from orders.states import PaymentStatus
from shared.errors import Refusal
from shared.money.amounts import format_money

# Who holds it may let goods leave all the same.
MAY_SHIP_UNSETTLED = "orders.ship_unsettled"


class Unsettled(Refusal):
    """`why`: open_amount, disputed or money_gone."""

    code = "order_unsettled"
    title = _("The order's money is not settled")
    members = {"why": str, "amount_due?": str, "currency?": str}


def check_settled(group: OrderGroup) -> None:
    """Raise Unsettled for goods that are not paid in full, whose payer has the bank take the money back, or whose money
    went back at the provider. The order group must be locked."""
    parent = group.parent
    due = format_money(shown_due(parent), parent.currency)
    values = {"number": parent.number, "due": due, "currency": parent.currency}
    # The order's own column, kept right under this lock: no shipment needs to read payments.
    if shown_due(parent):
        text = gettext("Of order %(number)s %(due)s %(currency)s is still to be paid.")
        raise Unsettled(text % values, why="open_amount", amount_due=due, currency=parent.currency)
    if parent.dispute in (DisputeFlag.OPEN, DisputeFlag.LOST):
        text = gettext("The payment of order %(number)s is disputed at the bank.")
        raise Unsettled(text % values, why="disputed")
    # What staff gave back they knew of; goods of money that the provider took must not leave by mistake.
    if parent.payment_status == PaymentStatus.REFUNDED and _went_back_elsewhere(group):
        text = gettext("All that was paid for order %(number)s went back at the payment provider.")
        raise Unsettled(text % values, why="money_gone")


def _went_back_elsewhere(group: OrderGroup) -> bool:
    causes = (RefundCause.PROVIDER, RefundCause.DISPUTE)
    return Refund.objects.filter(order__in=group.ids, cause__in=causes).exists()
