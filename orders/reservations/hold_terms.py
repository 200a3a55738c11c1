"""How long an unpaid order's stock is held, and how often that may be put off."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from orders.models.hold_policy import HoldPolicy
from orders.models.order import Order
from users.models.customer import Customer

# Where PAYMENT_TIMEOUT_MINUTES is 0, an order that has a deadline nevertheless was placed before that.
_MINUTES_WITHOUT_TIMEOUT = 15


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """Each extension puts the deadline off by `extension_minutes`."""

    max_extensions: int
    extension_minutes: int


def terms_for(order: Order) -> HoldTerms:
    """By the policy that counts for the order's payment method and its customer's group today, found as placing finds
    it (orders.placing.sql); without one the deadline may be put off once by PAYMENT_TIMEOUT_MINUTES. One statement."""
    fits = Q(customer_group=None) | Q(customer_group__in=_groups_of(order))
    policies = HoldPolicy.objects.filter(fits, payment_method__in={"", order.payment_method})
    # The most telling one: of a group first, then of a payment method.
    ranked = sorted(policies, key=lambda policy: (policy.customer_group_id is None, not policy.payment_method))
    if not ranked:
        return HoldTerms(1, settings.PAYMENT_TIMEOUT_MINUTES or _MINUTES_WITHOUT_TIMEOUT)
    return HoldTerms(ranked[0].max_extensions, ranked[0].extension_minutes)


def _groups_of(order: Order) -> object:
    return Customer.everyone.filter(pk=order.customer_id).order_by().values("group_id")
