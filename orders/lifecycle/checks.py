"""Whether a locked order may change as it is asked to."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.states import MACHINES, ORDER, Table, Trigger, is_allowed, next_statuses
from shared.concurrency.versions import check_row_version
from shared.errors import Refusal


class InvalidTransition(Refusal):
    code = "invalid_transition"
    title = _("The order cannot go there from where it is")
    members = {"status_now": str, "allowed": [str]}


def check_transition(order: Order, target: str, *, by: Trigger) -> None:
    """Raise InvalidTransition unless the state table lets `by` take the order to `target`."""
    if not is_allowed(order.status, target, by=by):
        raise InvalidTransition(
            gettext("Order %(number)s is %(status)s and cannot become %(target)s.")
            % {
                "number": order.number,
                "status": _label_in_sentence(order.status),
                "target": _label_in_sentence(target),
            },
            status_now=order.status,
            allowed=next_statuses(order.status, by=by),
        )


def _label_in_sentence(status: str, table: Table = ORDER) -> str:
    """A status in words, within a sentence."""
    states = next(states for states, its in MACHINES.values() if its is table)
    return states(status).label.lower()


def check_step(name: str, current: str, target: str, *, by: Trigger, table: Table) -> None:
    """Raise InvalidTransition unless a shipment, refund or return may become `target`; `name` is its number, as people
    say it."""
    if not is_allowed(current, target, by=by, table=table):
        raise InvalidTransition(
            gettext("%(name)s is %(status)s and cannot become %(target)s.")
            % {"name": name, "status": _label_in_sentence(current, table), "target": _label_in_sentence(target, table)},
            status_now=current,
            allowed=next_statuses(current, by=by, table=table),
        )


def check_version(order: Order, expected_version: int | None) -> None:
    """Raise StaleVersion when the locked order is no longer at the version that the caller read."""
    stale = gettext("Order %(number)s is at version %(version)s, not %(expected_version)s.")
    check_row_version(order, expected_version, stale, number=order.number)
