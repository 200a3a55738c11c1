"""Endpoints: where events are sent. The secret is shown once, right after making or rotating it."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from shared.admin.display import link, moment, tag
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.saving import ServiceAdmin, Values
from webhooks.admin.pages import disable_page, enable_page, replay_page, show_secret, try_page
from webhooks.endpoints.owners import pause_reason
from webhooks.endpoints.visibility import check_may_change, endpoints_shown
from webhooks.models.endpoint import Endpoint, EndpointState
from webhooks.services.delete_endpoint import delete_endpoint
from webhooks.services.rotate_secret import TooManySecrets, rotate_secret
from webhooks.services.save_endpoint import create_endpoint, update_endpoint

_CHANGE = ["webhooks.change_endpoint"]


class EndpointForm(forms.ModelForm):
    types = forms.CharField(
        label=_("Types"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Types of events with commas between them: order.paid, all that begin so: order.*, or all: *"),
    )

    class Meta:
        model = Endpoint
        fields = ("url", "types", "include", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.initial.get("types")
        if isinstance(kept, list):
            self.initial["types"] = ", ".join(kept)

    def clean_types(self) -> list[str]:
        return [name for name in re.split(r"[,\s]+", self.cleaned_data["types"]) if name]


@admin.register(Endpoint)
class EndpointAdmin(ServiceAdmin):
    form = EndpointForm
    list_display = ("name", "url", "shown_types", "shown_state", "owner", "shown_failing")
    list_display_links = ("name",)
    list_filter = (("state", ChoicesDropdownFilter),)
    empty_help = _("An endpoint is an address of another program, which is told of every change as it happens.")
    readonly_fields = ("shown_state", "shown_failing", "owner", "api_key", "position", "deliveries_link", "created_at")
    actions_detail = ("send_test", "replay", "rotate", "disable", "enable")
    fieldsets = (
        (None, {"fields": ("url", "types", "include", "description")}),
        (
            _("State"),
            {
                "fields": (
                    ("shown_state", "shown_failing"),
                    ("owner", "api_key"),
                    ("position", "created_at"),
                    "deliveries_link",
                )
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("url", "types", "include", "description"),
                "description": _("It is sent what you may see. The next page shows its secret, that once only."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        return endpoints_shown(request.user)

    @display(description=_("endpoint"))
    def name(self, endpoint: Endpoint) -> str:
        return str(endpoint)

    @display(description=_("types"))
    def shown_types(self, endpoint: Endpoint) -> str:
        return ", ".join(endpoint.types)

    @display(description=_("state"))
    def shown_state(self, endpoint: Endpoint) -> str:
        if endpoint.state == EndpointState.DISABLED:
            return tag(f"{endpoint.get_state_display()}: {endpoint.get_disabled_reason_display()}", "danger")
        if reason := pause_reason(endpoint):
            return tag(f"{gettext('Paused')}: {reason}", "warning")
        return tag(endpoint.get_state_display(), "success")

    @display(description=_("failing since"))
    def shown_failing(self, endpoint: Endpoint) -> str:
        return moment(endpoint.failing_since)

    @display(description=_("deliveries"))
    def deliveries_link(self, endpoint: Endpoint) -> str:
        url = reverse("admin:webhooks_delivery_changelist")
        return link(gettext("What was sent, and what waits"), f"{url}?endpoint__id__exact={endpoint.pk}")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """One of Disable and Enable: the one that changes something."""
        is_off = Endpoint.objects.filter(pk=object_id, state=EndpointState.DISABLED).exists()
        useless = "disable" if is_off else "enable"
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in offered if button.method.original_function_name != useless]

    def create_record(self, request: HttpRequest, values: Values) -> Endpoint:
        made, secret = create_endpoint(owner=request.user, **values)  # type: ignore[arg-type]
        request.new_webhook_secret = secret  # type: ignore[attr-defined]
        return made

    def change_record(self, request: HttpRequest, row: Endpoint, changes: Values) -> Endpoint:
        check_may_change(request.user, row)
        return update_endpoint(endpoint_id=row.pk, changes=changes)

    def delete_record(self, request: HttpRequest, row: Endpoint) -> None:
        check_may_change(request.user, row)
        delete_endpoint(endpoint_id=row.pk)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Not counted: its deliveries may be many, and go with it."""
        return [str(one) for one in objs], {}, set(), []

    def response_add(self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None) -> HttpResponse:
        return show_secret(self, request, obj, request.new_webhook_secret)  # type: ignore[attr-defined]

    @action(description=_("Send a test"), icon="send", permissions=_CHANGE)
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, try_page(request, self._changeable(request, object_id)))

    @action(description=_("Replay events"), icon="replay", permissions=_CHANGE)
    def replay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, replay_page(request, self._changeable(request, object_id)))

    @action(description=_("Disable"), icon="block", variant=ActionVariant.DANGER, permissions=_CHANGE)
    def disable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, disable_page(request, self._changeable(request, object_id)))

    @action(description=_("Enable"), icon="play_arrow", permissions=_CHANGE)
    def enable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return answer(self, request, enable_page(request, self._changeable(request, object_id)))

    @action(description=_("Rotate the secret"), icon="key", permissions=_CHANGE)
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        endpoint = self._changeable(request, object_id)
        if request.method == "POST":
            try:
                rotated, secret = rotate_secret(endpoint_id=endpoint.pk)
            except TooManySecrets as refusal:
                self.message_user(request, refusal.detail, messages.ERROR)
                return HttpResponseRedirect(reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]))
            return show_secret(self, request, rotated, secret)
        page = FormPage(
            title=gettext("Rotate the secret?"),
            intro=gettext("The next page shows the new one, that once only. For 24 hours the old one signs as well."),
            facts=((gettext("Endpoint"), endpoint),),
            submit=gettext("Rotate"),
            form=StyledForm(posted(request)),
            apply=lambda _values: Done(""),
            back_url=reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]),
        )
        return answer(self, request, page)

    def _changeable(self, request: HttpRequest, object_id: str) -> Endpoint:
        endpoint: Endpoint = self.find(request, object_id)
        check_may_change(request.user, endpoint)
        return endpoint
