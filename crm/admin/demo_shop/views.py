"""Removing the demo shop: the page that says what goes and what stays, how far it is, and the banner above pages."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldBooleanSwitchWidget

from crm.demo.removal.kinds import KINDS, reason_text
from crm.demo.removal.plan import Plan, plan_removal
from crm.demo.removal.remove import MAY_REMOVE_DEMO, ask_for_removal, check_demo_there, removal_progress
from shared.admin.base import actor_of
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.navigation import is_ours
from shared.errors import Refusal
from shop.current import current_shop
from shop.models.shop import Shop

_HIDDEN = "demo_banner_hidden"  # of the session: whoever signs in again sees the banner again


class RemovalForm(StyledForm):
    with_trials = forms.BooleanField(
        label=gettext_lazy("Also what was tried out with it"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=gettext_lazy(
            "Orders of demo goods alone, drafts, deals, tasks and stock documents about demo customers and goods, and "
            "demo records that you changed."
        ),
    )


def demo_urls() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("demo-shop/", wrap(removal_page), name="demo_shop"),
        path("demo-shop/hide/", wrap(require_POST(_hide_banner)), name="demo_shop_hide"),
    ]


def banner_of(request: HttpRequest) -> dict[str, Any] | None:
    """What stands above every page while the demo shop is there. No statement of its own: the shop's row says it."""
    if request.user.pk is None or current_shop().demo_loaded_at is None or request.session.get(_HIDDEN):
        return None
    return {"may_remove": request.user.has_perms(MAY_REMOVE_DEMO)}


def removal_page(request: HttpRequest) -> HttpResponse:
    """What goes, what stays, and the button; while it runs, how far it is."""
    if not request.user.has_perms(MAY_REMOVE_DEMO):
        raise PermissionDenied
    model_admin = admin.site.get_model_admin(Shop)
    if request.method == "GET" and current_shop().demo_removal_began_at is not None:
        return _progress_page(request)
    try:
        check_demo_there()
    except Refusal as refusal:
        messages.info(request, refusal.detail)
        return HttpResponseRedirect(reverse("admin:index"))

    def apply(values: dict[str, Any]) -> Done:
        ask_for_removal(with_trials=values["with_trials"], actor=actor_of(request))
        return Done(_("The demo shop is being removed."), reverse("admin:demo_shop"))

    page = FormPage(
        title=_("Remove the demo shop"),
        submit=_("Remove it for good"),
        back_url=reverse("admin:index"),
        form=RemovalForm(posted(request)),
        apply=apply,
        preview=lambda values: list(_facts_of(plan_removal(with_trials=values["with_trials"]))),
        intro=_(
            "The made-up goods, customers, orders, leads and logins go. The shop's settings, your own colleagues and "
            "whatever you added yourselves stay. You see what goes before anything happens."
        ),
        is_dangerous=True,
    )
    return answer(model_admin, request, page)


def _facts_of(plan: Plan) -> Iterator[tuple[str, object]]:
    for kind in KINDS:
        going, kept = len(plan.goes[kind.model]), plan.reasons(kind.model)
        if not going and not kept:
            continue
        words = [ngettext("%(count)s goes", "%(count)s go", going) % {"count": going}]
        for reason, count in kept.items():
            stays = ngettext("%(count)s stays: %(why)s", "%(count)s stay: %(why)s", count)
            words.append(stays % {"count": count, "why": reason_text(reason)})
        yield str(kind.model._meta.verbose_name_plural).capitalize(), "; ".join(words)


def _progress_page(request: HttpRequest) -> HttpResponse:
    done, every = removal_progress()
    context = {
        **admin.site.each_context(request),
        "title": _("Remove the demo shop"),
        "done": done,
        "every": every,
        "is_running": True,
    }
    return TemplateResponse(request, "admin/kontor/demo_removal.html", context)


def _hide_banner(request: HttpRequest) -> HttpResponse:
    request.session[_HIDDEN] = True
    back = request.POST.get("next", "")
    return HttpResponseRedirect(back if is_ours(request, back) else reverse("admin:index"))
