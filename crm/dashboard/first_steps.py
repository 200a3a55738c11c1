"""The two buttons of the first steps."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shared.concurrency.throttling import hit
from shared.errors import Refusal
from shop.services.follow_first_steps import dismiss_checklist, send_test_mail

_TEST_MAILS = 3  # a minute and colleague: each holds a thread for as long as the mail server takes


def first_steps_urls() -> list[URLPattern]:
    return [
        path("first-steps/dismiss/", admin.site.admin_view(dismiss_page), name="first_steps_dismiss"),
        path("first-steps/test-mail/", admin.site.admin_view(test_mail_page), name="first_steps_mail"),
    ]


@require_POST
def dismiss_page(request: HttpRequest) -> HttpResponse:
    _check_right(request)
    dismiss_checklist()
    messages.success(request, _("Nobody is shown the first steps any more. The shop's page can bring them back."))
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
def test_mail_page(request: HttpRequest) -> HttpResponse:
    _check_right(request)
    try:
        hit(name="test_mail", subject=str(request.user.pk), limit=_TEST_MAILS)
        send_test_mail(to=request.user.get_username())
        messages.success(request, _("The mail server has taken an e-mail to you."))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    return HttpResponseRedirect(reverse("admin:index"))


def _check_right(request: HttpRequest) -> None:
    if not request.user.has_perm("shop.change_shop"):
        raise PermissionDenied
