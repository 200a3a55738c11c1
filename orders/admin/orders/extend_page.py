"""The page on which staff put an order's payment deadline off."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.reservations.hold_terms import terms_for
from orders.services.orders.extend_hold import extend_hold
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import VersionForm, posted


class ExtendForm(VersionForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Stays in the order's history.")
    )


def extend_page(request: HttpRequest, order: Order) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        extended = extend_hold(
            order_id=order.pk,
            actor=actor_of(request),
            reason=values["reason"],
            expected_version=values["version"],
        )
        return Done(
            gettext("Order %(number)s may be paid until %(deadline)s.")
            % {"number": extended.number, "deadline": _shown_deadline(extended)}
        )

    return FormPage(
        title=gettext("Put off the payment deadline of order %(number)s") % {"number": order.number},
        intro=gettext("Its stock stays held as long."),
        facts=_deadline_facts(order),
        submit=gettext("Put it off"),
        form=ExtendForm(posted(request), initial={"version": order.version}),
        apply=apply,
        back_url=change_url(Order, order.pk),
    )


def _deadline_facts(order: Order) -> Facts:
    # The order's own, by payment method and group; how often it may be put off is shown before somebody promises it.
    terms = terms_for(order)
    return [
        (gettext("Customer"), order.customer_name),
        (gettext("Payment deadline"), _shown_deadline(order)),
        (gettext("Minutes more"), terms.extension_minutes),
        (
            gettext("Extensions"),
            gettext("%(used)s of %(most)s") % {"used": order.hold_extensions, "most": terms.max_extensions},
        ),
    ]


def _shown_deadline(order: Order) -> str:
    return date_format(localtime(order.payment_expires_at), "DATETIME_FORMAT") if order.payment_expires_at else "-"
