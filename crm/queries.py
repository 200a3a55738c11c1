"""What the dashboard and the customer's page show: bounded, or answered by an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce

from catalog.models.stock_level import StockLevel
from catalog.models.stock_movement import StockMovement
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.task import Task
from orders.models.order import Order
from orders.models.payment import Payment, PaymentRecordStatus
from orders.order_state import OrderStatus
from shared.lookups import Literal, one_of

MAX_COUNTED = 1_000
CHART_DAYS = 14
# Rows of each kind on a customer's page.
MAX_SHOWN = 20
# A sum looks at so many of the newest orders.
MAX_SUMMED = 10_000
# Low stock is looked for among what moved last: a level gets low only by moving.
_LATEST_MOVEMENTS = 2_000

# Day by day through the index on created_at, giving up at the limit: a busy day costs as much as a quiet one.
_ORDERS_PER_DAY = """
SELECT day::date, (
    SELECT count(*) FROM (
        SELECT 1 FROM orders_order WHERE created_at >= day AND created_at < day + interval '1 day' LIMIT %s
    ) AS counted
)
FROM generate_series(%s::timestamptz, %s::timestamptz, interval '1 day') AS day ORDER BY day
"""

_PAID = """
SELECT currency, sum(total) FILTER (WHERE is_paid), count(*) FILTER (WHERE is_paid) AS paid, count(*) FROM (
    SELECT currency, total, payment_status = 'PAID' AND status <> 'CANCELLED' AS is_paid
    FROM orders_order WHERE {which} ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest GROUP BY currency ORDER BY 2 DESC NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money; there is one for every currency that occurs. `is_least`: only the newest orders were summed."""

    currency: str
    total: Decimal
    orders: int = 0
    is_least: bool = False


def today() -> datetime:
    """The beginning of the day, in UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def count_bounded(rows: QuerySet[Model]) -> str:
    """How many rows, as text; from MAX_COUNTED on, "1,000+"."""
    counted = rows.order_by().values("pk")[: MAX_COUNTED + 1].count()
    return f"{MAX_COUNTED:,}+" if counted > MAX_COUNTED else f"{counted:,}"


def orders_since(moment: datetime) -> QuerySet[Order]:
    return Order.objects.filter(created_at__gte=moment)


def revenue_since(moment: datetime) -> list[Amount]:
    """What the orders placed since then brought in, by currency."""
    return _by_currency("created_at >= %s", moment, MAX_SUMMED)


def lifetime_value(customer_id: UUID, *, most: int = MAX_SUMMED) -> list[Amount]:
    """What a customer has paid for, by currency; looks at the newest `most` orders, and one to know of more."""
    return _by_currency("customer_id = %s", customer_id, most)


def _by_currency(which: str, value: datetime | UUID, most: int) -> list[Amount]:
    with connection.cursor() as cursor:
        cursor.execute(_PAID.format(which=which), [value, most + 1])
        rows = cursor.fetchall()
    is_least = sum(looked_at for *_, looked_at in rows) > most
    return [Amount(currency, total, paid, is_least) for currency, total, paid, _ in rows if paid]


def unpaid_orders() -> QuerySet[Order]:
    return Order.objects.filter(status=Literal(OrderStatus.PENDING))


def unpaid_orders_by_deadline() -> QuerySet[Order]:
    """Those that will be cancelled first in front; orders without a deadline at the end."""
    return unpaid_orders().order_by("payment_expires_at")


def refunds_due() -> QuerySet[Payment]:
    return Payment.objects.filter(status=Literal(PaymentRecordStatus.REFUND_DUE))


def count_refunds_due() -> int:
    """How many payments wait to be given back: at most 100, which is enough for a badge."""
    return refunds_due().order_by().values("pk")[:100].count()


def low_stock(limit: int) -> Sequence[StockLevel]:
    """Levels to refill, the emptiest first, among those that moved lately."""
    moved = StockMovement.objects.order_by("-id").values_list("level_id", flat=True)[:_LATEST_MOVEMENTS]
    threshold = Coalesce("low_stock_threshold", Value(settings.LOW_STOCK_THRESHOLD))
    free = F("on_hand") - F("reserved")
    levels = StockLevel.objects.filter(one_of("pk", set(moved)), on_hand__lte=F("reserved") + threshold)
    return list(levels.select_related("variant__product", "location__seller").order_by(free, "id")[:limit])


def open_tasks_of(user_id: UUID) -> QuerySet[Task]:
    """What a colleague has to do, the most urgent first; tasks without a date at the end."""
    return Task.objects.filter(assignee=user_id, done_at=None).select_related("customer", "deal").order_by("due_at")


def orders_per_day(days: int = CHART_DAYS) -> list[tuple[str, int]]:
    """(day, orders placed), oldest first, today included; a day counts MAX_COUNTED at most."""
    last = today()
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS_PER_DAY, [MAX_COUNTED, last - timedelta(days=days - 1), last])
        return [(f"{day:%d %b}", number) for day, number in cursor.fetchall()]


def latest_orders(customer_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(customer=customer_id).order_by("-created_at", "-id")[:MAX_SHOWN]


def open_tasks_about(customer_id: UUID) -> QuerySet[Task]:
    tasks = Task.objects.filter(customer=customer_id, done_at=None).select_related("assignee")
    return tasks.order_by("due_at")[:MAX_SHOWN]


def latest_deals(customer_id: UUID) -> QuerySet[Deal]:
    deals = Deal.objects.filter(customer=customer_id).select_related("stage", "owner")
    return deals.order_by("-created_at", "-id")[:MAX_SHOWN]


def latest_activities(customer_id: UUID) -> QuerySet[Activity]:
    activities = Activity.objects.filter(customer=customer_id).select_related("author")
    return activities.order_by("-happened_at", "-id")[:MAX_SHOWN]
