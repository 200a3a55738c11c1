"""A colleague's own sign-in: second factor, backup codes, sessions. And what every page of the admin asks first."""

import time
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import qrcode
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from shared.admin.forms import StyledForm, posted
from shared.concurrency.throttling import hit
from shared.errors import Refusal
from shared.http.client_address import client_address
from users.models.staff_session import StaffSession
from users.models.user import User
from users.security.second_factor import has_second_factor
from users.security.session_keys import SECOND_FACTOR_DONE, SEEN_AT, SESSION_ID
from users.security.staff_sessions import end_session, end_sessions, list_sessions, see_session
from users.services.enrol_second_factor import (
    AlreadyEnrolled,
    begin_enrolment,
    confirm_enrolment,
    remove_second_factor,
    renew_backup_codes,
)
from users.sign_in_pages.sign_in import CodeForm, second_factor_page

_SEEN_EVERY_SECONDS = 300
_CODES_PER_MINUTE = 10
_OPEN_WITHOUT = {"enrol_second_factor", "logout", "password_change", "password_change_done", "jsi18n"}
_NO_STORE = {"Cache-Control": "no-store"}


def security_urls(site: admin.AdminSite) -> list[URLPattern]:
    def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(view)

    return [
        path(
            "second-factor/",
            lambda request: second_factor_page(request, site.each_context(request)),
            name="second_factor",
        ),
        path("security/", page(security_page), name="security"),
        path("security/second-factor/", page(enrol_page), name="enrol_second_factor"),
        path("security/backup-codes/", page(backup_codes_page), name="backup_codes"),
        path("security/remove-second-factor/", page(remove_page), name="remove_second_factor"),
        path("security/sessions/<uuid:session_id>/end/", page(require_POST(end_one)), name="end_session"),
        path("security/sessions/end-others/", page(require_POST(end_others)), name="end_other_sessions"),
    ]


def before_page(request: HttpRequest) -> HttpResponse | None:
    """Notes now and then that the session is in use; where to go first, while a second factor is owed."""
    session = request.session
    if SESSION_ID in session and time.time() - session.get(SEEN_AT, 0) > _SEEN_EVERY_SECONDS:
        keep_session(request)
    if not settings.REQUIRE_SECOND_FACTOR or SECOND_FACTOR_DONE in session:
        return None
    match = request.resolver_match
    if match is not None and match.url_name in _OPEN_WITHOUT:
        return None
    if has_second_factor(user=_signed_in_staff(request)):  # set up elsewhere meanwhile: this session never showed it
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    return HttpResponseRedirect(reverse("admin:enrol_second_factor"))


def keep_session(request: HttpRequest) -> None:
    """The noted session is in use now, under the key that it has now."""
    request.session[SEEN_AT] = int(time.time())
    if SESSION_ID in request.session:
        see_session(session_id=UUID(request.session[SESSION_ID]), session_key=str(request.session.session_key))


def after_new_password(request: HttpRequest) -> None:
    keep_session(request)
    end_sessions(user=_signed_in_staff(request), but=_own_id(request))


def before_logout(request: HttpRequest) -> None:
    own = _own_id(request)
    if request.method == "POST" and own is not None and request.user.is_authenticated:
        end_session(user=_signed_in_staff(request), session_id=own)


def _signed_in_staff(request: HttpRequest) -> User:
    """Who is signed in; these pages are for staff alone."""
    return cast(User, request.user)


def _own_id(request: HttpRequest) -> UUID | None:
    return UUID(request.session[SESSION_ID]) if SESSION_ID in request.session else None


def _render_page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/kontor/{template}", context, headers=_NO_STORE)


def security_page(request: HttpRequest) -> HttpResponse:
    sessions: list[StaffSession] = list_sessions(user=_signed_in_staff(request))
    return _render_page(
        request,
        "security.html",
        _("Sign-in and security"),
        has_second_factor=has_second_factor(user=_signed_in_staff(request)),
        is_required=settings.REQUIRE_SECOND_FACTOR,
        sessions=sessions,
        own_id=_own_id(request),
    )


def _try_code(request: HttpRequest) -> None:
    """Raises RateLimited: codes are guessed here no faster than at the door."""
    hit(name="second factor", subject=f"{request.user.pk} {client_address(request)}", limit=_CODES_PER_MINUTE)


class FirstCodeForm(CodeForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=10,
        help_text=gettext_lazy("The six digits that the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def enrol_page(request: HttpRequest) -> HttpResponse:
    """Shows the secret until the first code proves that the authenticator has it."""
    try:
        device = begin_enrolment(user=_signed_in_staff(request))
    except AlreadyEnrolled as refusal:
        messages.info(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:security"))
    form = FirstCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _try_code(request)
            codes = confirm_enrolment(user=_signed_in_staff(request), code=form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.detail)
        else:
            request.session[SECOND_FACTOR_DONE] = True
            end_sessions(user=_signed_in_staff(request), but=_own_id(request))  # they were begun with a password alone
            return _show_codes(request, codes)
    url = device.config_url
    secret = url.split("secret=", 1)[1].split("&", 1)[0]
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return _render_page(request, "enrol.html", _("Set up a second factor"), form=form, secret=grouped, qr=_qr_code(url))


def _qr_code(text: str) -> str:
    """As SVG to be put into the page: the secret never has an address of its own."""
    svg: bytes = qrcode.make(text, image_factory=SvgPathImage, box_size=12, border=2).to_string()
    return svg.decode("utf-8")


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Not redirected to, so that they are kept nowhere in between."""
    return _render_page(request, "backup_codes.html", _("Your backup codes"), codes=codes)


def backup_codes_page(request: HttpRequest) -> HttpResponse:
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _try_code(request)
            return _show_codes(
                request, renew_backup_codes(user=_signed_in_staff(request), code=form.cleaned_data["code"])
            )
        except Refusal as refusal:
            form.add_error("code", refusal.detail)
    return _ask_code(request, form, _("New backup codes"), _("The codes that you have now stop working."))


def remove_page(request: HttpRequest) -> HttpResponse:
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _try_code(request)
            remove_second_factor(user=_signed_in_staff(request), code=form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.detail)
        else:
            request.session.pop(SECOND_FACTOR_DONE, None)
            messages.success(request, _("You sign in with your password alone from now on."))
            return HttpResponseRedirect(reverse("admin:security"))
    text = _("Your password alone will open the admin again.")
    return _ask_code(request, form, _("Remove the second factor?"), text, is_dangerous=True)


def _ask_code(request: HttpRequest, form: StyledForm, title: str, intro: str, **page: Any) -> HttpResponse:
    shown = {"title": title, "intro": intro, "submit": title.rstrip("?"), "back_url": reverse("admin:security"), **page}
    return _render_page(request, "form_page.html", title, page=shown, form=form, preview=None, media=form.media)


def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    try:
        end_session(user=_signed_in_staff(request), session_id=session_id)
        messages.success(request, _("The session is ended."))
    except Refusal as refusal:
        messages.info(request, refusal.detail)
    return HttpResponseRedirect(reverse("admin:security"))


def end_others(request: HttpRequest) -> HttpResponse:
    count = end_sessions(user=_signed_in_staff(request), but=_own_id(request))
    messages.success(
        request, ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", count) % {"count": count}
    )
    return HttpResponseRedirect(reverse("admin:security"))
