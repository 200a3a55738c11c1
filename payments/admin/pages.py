"""The pages on which staff capture an intent, void it, or have a webhook processed again."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.models.payment_intent import PaymentIntent
from payments.models.webhook_event import WebhookEvent, WebhookStatus
from payments.services.change_intent import capture_intent, void_intent
from payments.services.process_webhook import process_webhook
from shared.admin.base import actor_of
from shared.admin.display import change_url, money
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, VersionForm, posted


class CaptureForm(VersionForm):
    # Places for any currency there is: how many this intent's has is the service's to check.
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=24,
        decimal_places=3,
        required=False,
        help_text=_("Empty: all that is authorised; of a bank transfer or cash, what the order is due."),
    )


class EmptyForm(StyledForm):
    pass


def capture_page(request: HttpRequest, intent: PaymentIntent) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        return _done_message(
            capture_intent(
                intent_id=intent.pk,
                actor=actor_of(request),
                amount=values["amount"],
                expected_version=values["version"],
            )
        )

    return FormPage(
        title=gettext("Capture this payment?"),
        intro=gettext("The provider is asked to take the money. What it takes is a payment of the order."),
        facts=_intent_facts(intent),
        submit=gettext("Capture"),
        # The version that the page shows: what a colleague does meanwhile makes this a refusal, not a second capture.
        form=CaptureForm(posted(request), initial={"version": intent.version}),
        apply=apply,
        back_url=change_url(PaymentIntent, intent.pk),
    )


def void_page(request: HttpRequest, intent: PaymentIntent) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        return _done_message(
            void_intent(intent_id=intent.pk, actor=actor_of(request), expected_version=values["version"])
        )

    return FormPage(
        title=gettext("Void this payment?"),
        intro=gettext("What is not captured is given up. The order stays as it is and can be paid another way."),
        facts=_intent_facts(intent),
        submit=gettext("Void"),
        is_dangerous=True,
        form=VersionForm(posted(request), initial={"version": intent.version}),
        apply=apply,
        back_url=change_url(PaymentIntent, intent.pk),
    )


def replay_page(request: HttpRequest, event: WebhookEvent) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        # Without a version: what is known already changes nothing, however many colleagues press.
        status = process_webhook(webhook_id=event.pk, again=True)
        return Done(
            # None: the daily purge took it while the page was open.
            gettext("The webhook is %(status)s.") % {"status": WebhookStatus(status or "ignored").label.lower()}
        )

    return FormPage(
        title=gettext("Process this webhook again?"),
        intro=gettext("What is known already changes nothing: money is counted once however often it is told of."),
        facts=[
            (gettext("Provider"), event.provider),
            (gettext("Event"), event.event_id),
            (gettext("Kind"), event.kind),
        ],
        submit=gettext("Process again"),
        form=EmptyForm(posted(request)),
        apply=apply,
        back_url=change_url(WebhookEvent, event.pk),
    )


def _done_message(intent: PaymentIntent) -> Done:
    captured = money(intent.captured_amount, intent.currency)
    values = {"status": intent.get_status_display().lower(), "captured": captured}
    return Done(gettext("The payment is %(status)s, %(captured)s captured.") % values)


def _intent_facts(intent: PaymentIntent) -> Facts:
    return [
        (gettext("Order"), intent.order.number),
        (gettext("Provider"), intent.provider),
        (gettext("Amount"), money(intent.amount, intent.currency)),
        (gettext("Authorised"), money(intent.authorised_amount, intent.currency)),
        (gettext("Captured"), money(intent.captured_amount, intent.currency)),
    ]
