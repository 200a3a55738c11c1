"""Filters of the list of orders."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from orders.admin.orders.search import is_narrowed
from orders.reads.newest import Stretch, newest_active_ids
from orders.states import UNFINISHED, CancelReason, OrderStatus
from shared.planner.lookups import InlineWord, one_of

MOST_IN_PROGRESS = 1_000  # so many are read of each status that is no end
_SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


class ProgressFilter(RadioFilter):
    """Orders that are neither delivered nor cancelled: the newest of them, each status out of its own stretch of the
    index. Left to itself PostgreSQL walks through all orders, hoping to meet a page of them soon."""

    title = _("progress")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", gettext("In progress (the newest %(most)s)") % {"most": MOST_IN_PROGRESS})]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "open":
            return queryset
        if is_narrowed(queryset):  # by another filter, or to a seller's orders: those are few
            return queryset.filter(status__in=UNFINISHED)
        return queryset.filter(one_of("pk", newest_active_ids(Stretch(MOST_IN_PROGRESS))))


class MoneyFilter(RadioFilter):
    """Orders whose money wants somebody to look, in the order of an index that holds only such orders."""

    title = _("money")
    parameter_name = "money"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("open", str(_("Something is still to be paid")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "open":
            return queryset
        # The 0 is part of the statement and no parameter: the planner takes the partial index only for the very
        # condition that the index was made with.
        found = queryset.filter(open_amount__gt=RawSQL("0", [])).exclude(status=OrderStatus.CANCELLED)
        # Together with another filter, which leaves few rows, the order of the index would mislead the planner into
        # walking along it.
        return found if is_narrowed(queryset) else found.order_by("-created_at", "-id")


class ExpiredFilter(RadioFilter):
    """Cancelled lately because they were not paid in time, in the order of the index that holds only such orders."""

    title = _("expired")
    parameter_name = "expired"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("hour", str(_("In the last hour"))), ("day", str(_("In the last day")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        span = _SPANS.get(self.value() or "")
        if span is None:
            return queryset
        # For the same reason as above: the index holds this one reason only.
        timed_out = InlineWord(CancelReason.PAYMENT_TIMEOUT)
        found = queryset.filter(cancel_reason=timed_out, cancelled_at__gte=timezone.now() - span)
        return found if is_narrowed(queryset) else found.order_by("-cancelled_at", "-id")
