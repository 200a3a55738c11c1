"""What every colleague sets for themselves: time zone, daily digest, language of e-mails, address of their calendar."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.i18n import set_language as choose_for_pages

from crm.services.tasks.make_calendar_token import make_calendar_token
from crm.services.tasks.revoke_calendar_token import revoke_calendar_token
from crm.services.tasks.set_digest import set_digest
from shared.clock import shop_zone
from shared.errors import InvalidInput
from shared.zones import zones_with_offsets
from users.models.language import Language
from users.services.own_settings.set_language import set_language
from users.services.own_settings.set_time_zone import set_time_zone


def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's own choice of the pages' language; who is signed in gets their e-mails in it, too."""
    answer: HttpResponse = choose_for_pages(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in Language.values:
        set_language(user_id=request.user.pk, language=language)
    return answer


def settings_urls() -> list[URLPattern]:
    page = admin.site.admin_view(_settings_view)
    return [path("my-settings/", page, name="my_settings"), path("settings/", page, name="settings")]


def _settings_view(request: HttpRequest) -> HttpResponse:
    """Show them; a POST changes one of them. The answer to the one that makes the calendar's address is the only page
    that shows it."""
    user: Any = request.user
    if request.method == "POST":
        if "make" in request.POST:
            token = make_calendar_token(user_id=user.pk)
            messages.success(request, _("The calendar has a new address."))
            return _settings_page(request, request.build_absolute_uri(reverse("tasks_calendar", args=[token])))
        if "revoke" in request.POST:
            revoke_calendar_token(user_id=user.pk)
            messages.success(request, _("The calendar's address works no more."))
        else:
            try:
                _save_settings(user, request)
            except InvalidInput as refusal:
                return _settings_page(request, fault=refusal.detail)
            messages.success(request, _("Your settings are saved."))
        return HttpResponseRedirect(request.path)
    return _settings_page(request)


def _save_settings(user: Any, request: HttpRequest) -> None:
    """Raises InvalidInput, with nothing saved."""
    with transaction.atomic():
        set_digest(user_id=user.pk, is_wanted="wants_digest" in request.POST)
        if request.POST.get("language") in Language.values:
            set_language(user_id=user.pk, language=request.POST["language"])
        set_time_zone(user_id=user.pk, time_zone=request.POST.get("time_zone", "").strip())


def _settings_page(request: HttpRequest, new_address: str = "", fault: str = "") -> HttpResponse:
    user: Any = request.user
    context = {
        **admin.site.each_context(request),
        "title": _("My settings"),
        "wants_digest": user.wants_digest,
        "language": user.language,
        "languages": Language.choices,
        "time_zone": request.POST.get("time_zone", "") if fault else user.time_zone,
        "time_zones": zones_with_offsets(),
        "shop_zone": shop_zone().key,
        "fault": fault,
        "new_address": new_address,
        "has_calendar": bool(new_address or user.calendar_token_hash),
    }
    headers = {"Cache-Control": "no-store"}
    return TemplateResponse(request, "admin/kontor/my_settings.html", context, headers=headers)
