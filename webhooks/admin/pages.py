"""The pages on which staff send again, rotate a secret, and switch an endpoint off and on."""

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import StyledForm, posted
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint
from webhooks.services.disable_endpoint import disable_endpoint, enable_endpoint
from webhooks.services.send_again import redeliver, replay_events, send_test


class ReplayForm(StyledForm):
    after = forms.IntegerField(
        label=_("After position"),
        min_value=0,
        help_text=_("All events behind it that the endpoint asks for are sent once more, each under its own id."),
    )


def try_page(request: HttpRequest, endpoint: Endpoint) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        delivery = send_test(endpoint_id=endpoint.pk)
        return Done(gettext("The test is on its way."), change_url(Delivery, delivery.pk))

    return FormPage(
        title=gettext("Send a test?"),
        intro=gettext("Something of the type webhook.test, signed as an event is. The next page says what came of it."),
        facts=((gettext("Address"), endpoint.url),),
        submit=gettext("Send"),
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Endpoint, endpoint.pk),
    )


def replay_page(request: HttpRequest, endpoint: Endpoint) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        replay_events(endpoint_id=endpoint.pk, after=values["after"])
        return Done(gettext("The events are sent once more."))

    return FormPage(
        title=gettext("Replay events?"),
        intro=gettext("The receiver knows by their ids which it has had."),
        facts=((gettext("Sent up to position"), endpoint.position),),
        submit=gettext("Replay"),
        form=ReplayForm(posted(request)),
        apply=apply,
        back_url=change_url(Endpoint, endpoint.pk),
    )


def disable_page(request: HttpRequest, endpoint: Endpoint) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        disable_endpoint(endpoint_id=endpoint.pk)
        return Done(gettext("Nothing is sent there any more."))

    return FormPage(
        title=gettext("Disable this endpoint?"),
        intro=gettext("Nothing is sent until it is enabled again. Events wait for as long as the feed keeps them."),
        submit=gettext("Disable"),
        is_dangerous=True,
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Endpoint, endpoint.pk),
    )


def enable_page(request: HttpRequest, endpoint: Endpoint) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        enable_endpoint(endpoint_id=endpoint.pk)
        return Done(gettext("It is sent to again, what waits first. Events can be replayed from a position on."))

    return FormPage(
        title=gettext("Enable this endpoint?"),
        facts=((gettext("State"), endpoint.get_state_display()), (gettext("Why"), _why(endpoint))),
        submit=gettext("Enable"),
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Endpoint, endpoint.pk),
    )


def _why(endpoint: Endpoint) -> str:
    return endpoint.get_disabled_reason_display() if endpoint.disabled_reason else "-"


def redelivery_page(request: HttpRequest, delivery: Delivery) -> FormPage:
    def apply(values: dict[str, Any]) -> Done:
        redeliver(delivery_id=delivery.pk)
        return Done(gettext("It is sent once more."))

    return FormPage(
        title=gettext("Deliver again?"),
        intro=gettext("The receiver knows by the event's id whether it has had it."),
        facts=(
            (gettext("Endpoint"), delivery.endpoint),
            (gettext("Type"), delivery.event_type),
            (gettext("Event"), delivery.event_id),
        ),
        submit=gettext("Deliver again"),
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Delivery, delivery.pk),
    )


def show_secret(model_admin: ModelAdmin, request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
    """The one page that shows the secret: not redirected to, so that it is kept nowhere in between."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": gettext("The endpoint's secret"),
        "endpoint": endpoint,
        "secret": secret,
        "back_url": change_url(Endpoint, endpoint.pk),
        "model_admin": model_admin,
    }
    return TemplateResponse(request, "admin/kontor/webhook_secret.html", context, headers={"Cache-Control": "no-store"})
