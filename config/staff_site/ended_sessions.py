"""Requests of somebody who is signed in no more, and pages that only take what a form sends.

Whoever signs in again is led back by a GET. A page that a form is on is shown again, and its script fills in what was
typed (crm/kept_form.js); an address that only takes what is sent leads to the page it was sent from, and says so.
"""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from shared.admin.navigation import is_ours

BACK = "back"
_LIST = "_changelist"


def before_sign_in(request: HttpRequest) -> HttpResponse | None:
    """To the sign-in page with the page that the form was on in mind; None where Django's own answer will do."""
    if "application/json" in request.headers.get("Accept", ""):
        # A script would follow to the sign-in page, and take it for an answer (crm/session.js).
        return JsonResponse({"code": "signed_out"}, status=401)
    if request.method != "POST" or request.resolver_match is None or request.resolver_match.url_name == "logout":
        return None
    page = _page_before(request)
    if page is None or urlsplit(page).path == request.path:
        return None
    wanted = request.get_full_path()
    return redirect_to_login(
        f"{wanted}{'&' if '?' in wanted else '?'}{urlencode({BACK: page})}", reverse("admin:login")
    )


def only_sent(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer, or the way back from an address that was asked for and only takes what is sent."""
    if answer.status_code != 405 or request.method != "GET" or "application/json" in request.headers.get("Accept", ""):
        return answer
    back = request.GET.get(BACK, "")
    messages.warning(request, _("You had been signed out before this was done: please do it once more."))
    led = HttpResponseRedirect(back if is_ours(request, back) else _nearest_page(request))
    led.status_code = 303
    return led


def session_now(request: HttpRequest) -> HttpResponse:
    """For a page that waits for somebody to sign in again: who is."""
    return JsonResponse({"user": str(request.user.pk)}, headers={"Cache-Control": "no-store"})


def _page_before(request: HttpRequest) -> str | None:
    """Path and query of the page of the admin that the form was on, by the browser's word."""
    address = request.headers.get("Referer", "")
    if not is_ours(request, address):
        return None
    parts = urlsplit(address)
    if not parts.path.startswith(reverse("admin:index")):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _nearest_page(request: HttpRequest) -> str:
    """The list that the address names or stands below, else the dashboard."""
    label = request.resolver_match.kwargs.get("label", "") if request.resolver_match else ""
    if label:
        return reverse(f"admin:{label.replace('.', '_')}{_LIST}")
    path = request.path.rstrip("/")
    while "/" in path.strip("/"):
        path = path.rsplit("/", 1)[0]
        try:
            found = resolve(f"{path}/")
        except Resolver404:
            continue
        if (found.url_name or "").endswith(_LIST):
            return f"{path}/"
    return reverse("admin:index")
