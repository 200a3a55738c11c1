"""What a colleague should know in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.models.deal import Deal
from crm.models.task import Task
from crm.reads.low_stock import low_stock
from inventory.models.level import StockLevel
from orders.models.payment import Payment, PaymentRecordStatus
from shared.clock import bounds_of_days, reader_zone
from shared.planner.lookups import InlineWord
from users.models.user import User

# Rows of each kind in an e-mail; who has more reads the list.
MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class Digest:
    overdue: Sequence[Task] = ()
    due_today: Sequence[Task] = ()
    deals: Sequence[Deal] = ()
    refunds_due: int = 0
    low_stock: Sequence[StockLevel] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.due_today or self.deals or self.refunds_due or self.low_stock)


def digest_of(user: User, day: date) -> Digest:
    """Tasks that are overdue or due on the colleague's day, open deals to decide by Sunday, payments to give
    back (100 at most are counted), stock to refill: of each only what the colleague may see."""
    tasks = Task.objects.filter(assignee=user.pk, done_at=None).select_related("customer").order_by("due_at")
    begins, ends = bounds_of_days(day, day, reader_zone(user.time_zone))
    sunday = day + timedelta(days=6 - day.weekday())
    deals = Deal.objects.filter(owner=user.pk, status=InlineWord("open"), expected_close__lte=sunday)
    may = user.has_perm
    # A literal, so that the partial index of refunds due is read whatever plan PostgreSQL keeps.
    refunds = Payment.objects.filter(status=InlineWord(PaymentRecordStatus.REFUND_DUE)).order_by().values("pk")[:100]
    return Digest(
        overdue=list(tasks.filter(due_at__lt=begins)[:MAX_LISTED]) if may("crm.view_task") else (),
        due_today=list(tasks.filter(due_at__gte=begins, due_at__lt=ends)[:MAX_LISTED]) if may("crm.view_task") else (),
        deals=list(deals.select_related("customer").order_by("expected_close", "id")[:MAX_LISTED])
        if may("crm.view_deal")
        else (),
        refunds_due=refunds.count() if may("orders.view_payment") else 0,
        low_stock=low_stock(MAX_LISTED, of=user) if may("inventory.adjust_stock") else (),
    )
