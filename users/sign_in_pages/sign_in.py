"""Signing in to the admin: password, then the code of the second factor for who has one; the same limits on guessing
as over the API. Who has a second factor is not signed in before its code was right."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from shared.admin.forms import StyledForm, posted
from shared.concurrency.throttling import RateLimited
from shared.errors import Refusal
from shared.http.client_address import client_address
from users.models.user import User
from users.security.hashing_turns import turn_to_change_password, turn_to_sign_in
from users.security.places import KNOWN_FOR, Place, find_place, note_failure, note_success, refuse_locked
from users.security.second_factor import WrongCode, check_second_factor, has_second_factor
from users.security.session_keys import SECOND_FACTOR_DONE, SEEN_AT, SESSION_ID
from users.security.staff_sessions import start_session
from users.services.sign_in import count_try

log = structlog.get_logger("kontor.users")

_PENDING, _PENDING_SECONDS = "kontor_half_signed_in", 300
_BROWSER_COOKIE = "kontor_browser"


def _try_at(request: HttpRequest, account: str) -> Place:
    """Count one try. Raises RateLimited, which a lock is, too."""
    address = client_address(request)
    place = find_place(email=account, address=address, browser=request.COOKIES.get(_BROWSER_COOKIE, ""))
    count_try(email=account, address=address, is_known_place=place.is_known)
    refuse_locked(place=place, most_failures=settings.SIGN_IN_FAILURES_TO_LOCK)
    return place


class SignInForm(AuthenticationForm):
    refusal: RateLimited | None = None

    def clean(self) -> dict[str, Any]:
        """Count the try before the password is looked at."""
        try:
            self.place = _try_at(self.request, str(self.cleaned_data.get("username", "")))
            with turn_to_sign_in(is_known_place=self.place.is_known):
                cleaned: dict[str, Any] = super().clean()
        except RateLimited as refusal:
            self.refusal = refusal
            raise ValidationError(refusal.detail, code=refusal.code) from None
        except ValidationError:
            note_failure(place=self.place)
            log.info("sign_in_refused", account=self.place.account, address=client_address(self.request))
            raise
        return cleaned


class SignInView(LoginView):
    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        return _as_refused(answer, form.refusal)

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if user is None:  # nothing was sent that could be checked
            return self.form_invalid(form)
        if has_second_factor(user=user):
            return _ask_for_code(self.request, user, self.get_success_url())
        return _finish_sign_in(self.request, user, form.place, HttpResponseRedirect(self.get_success_url()))


def _as_refused(answer: HttpResponse, refusal: Refusal | None) -> HttpResponse:
    """The page that says so, as 429 with Retry-After if it is one of too many."""
    if isinstance(refusal, RateLimited):
        answer.status_code = refusal.status
        answer["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


def change_password(request: HttpRequest, view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """The page with a new password for whoever knows the old one, no faster than one signs in."""
    if request.method != "POST":
        return view(request)
    try:
        with turn_to_change_password(account=str(request.user.pk)):
            return view(request)
    except RateLimited as refusal:
        page = {"title": refusal.title, "detail": refusal.detail}
        return _as_refused(render(request, "503.html", page), refusal)


def _ask_for_code(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    """Remember for a few minutes whose password was right, in a session that is nobody's."""
    if SESSION_KEY in request.session:
        request.session.flush()
    request.session.cycle_key()
    request.session[_PENDING] = {
        "user": str(user.pk),
        "backend": user.backend,
        "password": user.get_session_auth_hash(),
        "until": time.time() + _PENDING_SECONDS,
        "next": next_url,
    }
    return HttpResponseRedirect(reverse("admin:second_factor"))


def _half_signed_in(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    pending: dict[str, Any] | None = request.session.get(_PENDING)
    if pending is None or pending["until"] < time.time():
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["password"]):
        return None
    return user, pending


class CodeForm(StyledForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        help_text=_("The six digits of your authenticator, or one of your backup codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": "", "spellcheck": "false"}),
    )


def second_factor_page(request: HttpRequest, site_context: dict[str, Any]) -> HttpResponseBase:
    """The second step."""
    found = _half_signed_in(request)
    if found is None:
        request.session.pop(_PENDING, None)
        messages.warning(request, _("Please begin again with your password."))
        return HttpResponseRedirect(reverse("admin:login"))
    user, pending = found
    form, refused = CodeForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            place = _try_at(request, user.email)
            _check_code(place, user, form.cleaned_data["code"])
        except Refusal as refusal:
            refused = refusal
            form.add_error("code", refusal.detail)
        else:
            del request.session[_PENDING]
            user.backend = pending["backend"]
            request.session[SECOND_FACTOR_DONE] = True
            return _finish_sign_in(request, user, place, HttpResponseRedirect(_safe_url(request, pending["next"])))
    context = {**site_context, "title": _("Second factor"), "form": form, "account": user.email}
    page = TemplateResponse(request, "admin/kontor/second_factor.html", context, headers={"Cache-Control": "no-store"})
    return _as_refused(page, refused)


def _check_code(place: Place, user: User, code: str) -> None:
    try:
        check_second_factor(user=user, code=code)
    except WrongCode:
        note_failure(place=place)
        raise


def _safe_url(request: HttpRequest, url: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else reverse("admin:index")


def _finish_sign_in(request: HttpRequest, user: User, place: Place, answer: HttpResponse) -> HttpResponse:
    """Sign in, note the session, and leave the token by which this browser is known as one of the user's."""
    login(request, user, backend=user.backend)
    browser = request.COOKIES.get(_BROWSER_COOKIE, "")
    if not place.key.startswith("browser "):
        browser = secrets.token_urlsafe(32)
    note_success(place=place, user=user, new_browser=browser)
    request.session.save()  # the key is needed now
    session = start_session(
        user=user,
        session_key=str(request.session.session_key),
        address=client_address(request),
        browser=request.headers.get("User-Agent", ""),
    )
    request.session[SESSION_ID], request.session[SEEN_AT] = str(session.pk), int(time.time())
    answer.set_cookie(
        _BROWSER_COOKIE,
        browser,
        max_age=KNOWN_FOR,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    log.info("signed_in", account=user.email, address=client_address(request))
    return answer
