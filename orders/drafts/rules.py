"""What may become of drafts and quotes."""

from datetime import date

from django.db.models import CharField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.draft import Draft, DraftKind, DraftStatus
from shared.errors import NotFound, Refusal

# Still to be decided upon.
PENDING = (DraftStatus.OPEN, DraftStatus.SENT)
# Of sequences, gaps and all: a draft is no document of the books.
_NUMBERS = {DraftKind.DRAFT: ("D-", "orders_draft_number_seq"), DraftKind.QUOTE: ("Q-", "orders_quote_number_seq")}


class DraftNotFound(NotFound):
    code = "draft_not_found"
    title = _("No such draft")


class DraftClosed(Refusal):
    """It was ordered, declined, or its time is over."""

    code = "draft_closed"
    title = _("The draft cannot be changed any more")
    members = {"status_now": str}


class DraftExpired(Refusal):
    code = "draft_expired"
    title = _("The draft's time is over")


class DraftNotPossible(Refusal):
    """Its coupon or shipping method does not hold: what it shows is not what the customer would pay."""

    code = "draft_not_possible"
    title = _("The draft names what is not possible")


def next_number(kind: str) -> Combinable:
    """To be saved as the number of a new one: D-1, D-2 …, Q-1 …"""
    prefix, sequence = _NUMBERS[DraftKind(kind)]
    count = Cast(Func(Value(sequence), function="nextval"), CharField())
    return Concat(Value(prefix), count, output_field=CharField())


def check_pending(draft: Draft) -> None:
    """Raise DraftClosed unless it may still be changed, sent, declined or ordered."""
    if draft.status not in PENDING:
        raise DraftClosed(
            gettext("%(number)s is %(status)s.") % {"number": draft.number, "status": draft.get_status_display()},
            status_now=draft.status,
        )


def check_in_time(draft: Draft, today: date) -> None:
    """Raise DraftExpired after its last day, by the shop's."""
    if draft.valid_until is not None and draft.valid_until < today:
        raise DraftExpired(
            gettext("%(number)s was valid until %(day)s.")
            % {"number": draft.number, "day": draft.valid_until.isoformat()}
        )
