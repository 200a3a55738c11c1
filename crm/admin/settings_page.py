"""What every colleague sets for themselves: the daily digest, and the address of their tasks' calendar."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from crm.services.calendar_token import make_calendar_token, revoke_calendar_token
from crm.services.set_digest import set_digest


def settings_urls() -> list[URLPattern]:
    return [path("my-settings/", admin.site.admin_view(_settings), name="my_settings")]


def _settings(request: HttpRequest) -> HttpResponse:
    """Show them; a POST changes one of them."""
    user: Any = request.user
    if request.method == "POST":
        if "make" in request.POST:
            make_calendar_token(user_id=user.pk)
            messages.success(request, _("The calendar has a new address."))
        elif "revoke" in request.POST:
            revoke_calendar_token(user_id=user.pk)
            messages.success(request, _("The calendar's address works no more."))
        else:
            set_digest(user_id=user.pk, is_wanted="wants_digest" in request.POST)
            messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(request.path)
    token = user.calendar_token
    context = {
        **admin.site.each_context(request),
        "title": _("My settings"),
        "wants_digest": user.wants_digest,
        "calendar": request.build_absolute_uri(reverse("tasks_calendar", args=[token])) if token else "",
    }
    return TemplateResponse(request, "admin/kontor/my_settings.html", context)
