"""Removing the demo shop: the page that says what goes and what stays, how far it is, and the banner above pages."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldBooleanSwitchWidget

from catalog.models.tax import TaxRegion
from crm.demo.removal.asking import (
    MAY_REMOVE_DEMO,
    ask_for_removal,
    check_demo_there,
    is_being_removed,
    removal_progress,
)
from crm.demo.removal.kinds import KINDS
from crm.demo.removal.plan import Plan, plan_removal
from crm.demo.removal.reasons import reason_text
from crm.models.demo_row import DemoRow, DemoRowState
from orders.models.coupon import Coupon
from orders.models.shipping_method import ShippingMethod
from shared.admin.base import actor_of
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.navigation import is_ours
from shared.errors import Refusal
from shop.current import current_shop
from shop.models.shop import Shop
from users.models.user import User

_INTRO = gettext_lazy(
    "The made-up goods, customers, orders, leads and logins go. The shop's settings, your own colleagues, whatever you "
    "added yourselves and whatever you changed stay. You see what goes before anything happens."
)
# What else comes of it that a kind goes.
_MEANS: dict[type[Model], Any] = {
    TaxRegion: gettext_lazy("orders to these countries are taxed by each variant's own rate then"),
    ShippingMethod: gettext_lazy("nobody can choose them any more"),
    Coupon: gettext_lazy("nobody can use them any more"),
    User: gettext_lazy(
        "nobody can sign in with them any more; those who are named in books that stay are only switched off"
    ),
}
_HIDDEN = "demo_banner_hidden"  # of the session: whoever signs in again sees the banner again


class RemovalForm(StyledForm):
    with_trials = forms.BooleanField(
        label=gettext_lazy("Also what was tried out with it"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=gettext_lazy(
            "Orders of demo goods alone, drafts, deals, tasks and stock documents about demo customers and goods, and "
            "demo records that you changed. What real money was paid for stays."
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
    if request.method == "GET" and is_being_removed():
        return _progress_page(request)
    try:
        check_demo_there()
    except Refusal as refusal:
        gone = DemoRow.objects.filter(state=DemoRowState.REMOVED).exists()
        messages.info(request, _("The demo shop is gone, and nothing of it is left.") if gone else refusal.detail)
        return HttpResponseRedirect(reverse("admin:index"))
    return answer(model_admin, request, _form_page(request))


def _form_page(request: HttpRequest) -> FormPage:
    actor, done = actor_of(request), removal_progress()[0]

    def apply(values: dict[str, Any]) -> Done:
        ask_for_removal(with_trials=values["with_trials"], actor=actor)
        return Done(_("The demo shop is being removed."), reverse("admin:demo_shop"))

    return FormPage(
        title=_("Remove the demo shop"),
        submit=_("Remove what is left") if done else _("Remove it for good"),
        back_url=reverse("admin:index"),
        form=RemovalForm(posted(request)),
        apply=apply,
        preview=lambda values: list(_facts_of(plan_removal(with_trials=values["with_trials"], actor=actor))),
        intro=_intro_after() if done else str(_INTRO),
        facts=list(_facts_kept()),
        is_dangerous=True,
    )


def _intro_after() -> str:
    """What came of an earlier removal."""
    if current_shop().demo_removal_began_at is not None:
        return _("The removal stopped before its end. Begin it again: it goes on where it was.")
    return _("The demo shop was removed, but for what is below. You may remove more of it.")


def _facts_kept() -> Iterator[tuple[str, object]]:
    """What the last removal left, and why."""
    left = DemoRow.objects.filter(state=DemoRowState.KEPT).order_by()
    found = left.values_list("table", "kept_for").annotate(rows=Count("pk"))
    for kind in KINDS:
        kept = {reason: rows for table, reason, rows in found if table == kind.table}
        if kept:
            yield kind.name.capitalize(), "; ".join(_stays(reason, rows) for reason, rows in kept.items())


def _facts_of(plan: Plan) -> Iterator[tuple[str, object]]:
    for kind in KINDS:
        going, kept = len(plan.goes[kind.model]), plan.reasons(kind.model)
        if not going and not kept:
            continue
        words = [ngettext("%(count)s goes", "%(count)s go", going) % {"count": going}]
        words += [_stays(reason, count) for reason, count in kept.items()]
        if going and kind.model in _MEANS:
            words.append(str(_MEANS[kind.model]))
        yield kind.name.capitalize(), "; ".join(words)


def _stays(reason: str, count: int) -> str:
    text = ngettext("%(count)s stays: %(why)s", "%(count)s stay: %(why)s", count)
    return text % {"count": count, "why": reason_text(reason)}


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
