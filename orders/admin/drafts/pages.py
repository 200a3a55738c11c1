"""The pages on which staff send a draft or quote, decline it, and make it an order."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext

from orders.drafts.worth import worth_of
from orders.models.draft import Draft
from orders.models.order import Order
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from orders.services.drafts.decide_draft import decline_draft, send_draft
from orders.services.drafts.order_draft import order_draft
from shared.admin.base import actor_of
from shared.admin.display import NOTHING, change_url, money
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import VersionForm, posted


def order_page(request: HttpRequest, draft: Draft) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        ordered = order_draft(
            draft_id=draft.pk,
            actor=actor_of(request),
            # Whoever may not agree prices may order a draft only whose agreed prices are the catalogue's.
            agrees_prices=request.user.has_perm(AGREE_PRICES),
            expected_version=values["version"],
        )
        text = gettext("Order %(number)s is placed.")
        # To the order, not back to the draft: what comes next, paying and packing, is done there.
        return Done(text % {"number": ordered.order.number}, change_url(Order, ordered.order.pk))

    return _draft_page(
        request,
        draft,
        title=gettext("Make %(number)s an order?"),
        intro=gettext("Its lines are placed at the agreed prices, the others at today's, and their stock is held."),
        submit=gettext("Place order"),
        apply=apply,
    )


def send_page(request: HttpRequest, draft: Draft) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        sent = send_draft(draft_id=draft.pk, expected_version=values["version"])
        return Done(gettext("%(number)s is with the customer.") % {"number": sent.number})

    return _draft_page(
        request,
        draft,
        title=gettext("Is %(number)s sent?"),
        intro=gettext("Print it and send it as you like; here it is kept that the customer has it."),
        submit=gettext("It is sent"),
        apply=apply,
    )


def decline_page(request: HttpRequest, draft: Draft) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        declined = decline_draft(draft_id=draft.pk, expected_version=values["version"])
        return Done(gettext("%(number)s is declined.") % {"number": declined.number})

    return _draft_page(
        request,
        draft,
        title=gettext("Is %(number)s declined?"),
        intro=gettext("It stays as it is, and becomes no order any more."),
        submit=gettext("It is declined"),
        apply=apply,
        is_dangerous=True,
    )


def _draft_page(
    request: HttpRequest,
    draft: Draft,
    *,
    title: str,
    intro: str,
    submit: str,
    apply: Callable[[dict[str, Any]], Done],
    is_dangerous: bool = False,
) -> FormPage:
    return FormPage(
        title=title % {"number": draft.number},
        intro=intro,
        facts=_draft_facts(draft),
        submit=submit,
        is_dangerous=is_dangerous,
        form=VersionForm(posted(request), initial={"version": draft.version}),
        apply=apply,
        back_url=change_url(Draft, draft.pk),
    )


def _draft_facts(draft: Draft) -> Facts:
    # Nothing is kept of what a draft comes to: prices and taxes of lines without an agreed price are today's until it
    # is ordered.
    amounts = worth_of(draft, list(draft.lines.order_by("id"))).amounts
    return [
        (gettext("Customer"), draft.customer.name),
        (gettext("Total"), money(amounts.total, draft.currency) if amounts else NOTHING),
        (gettext("Valid until"), date_format(draft.valid_until) if draft.valid_until else NOTHING),
    ]
