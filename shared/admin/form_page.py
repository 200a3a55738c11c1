"""A page that asks before a service is called: what will happen, what must be known, one button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from shared.admin.conflicts.asking import SecondLook, opening, second_look
from shared.admin.conflicts.merging import MINE, THEIRS
from shared.admin.conflicts.opened import OPENED
from shared.errors import Refusal, StaleVersion

Facts = Sequence[tuple[str, object]]
CONFIRMED = "_confirmed"
LOOK = "_look"


class Done(NamedTuple):
    """What to tell the colleague, and where to go if not back."""

    message: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    """`apply` gets the form's values, calls the service and says what was done.

    `preview` answers a first submit with what would come of the values, and `apply` waits for a second one; None where
    there is nothing to confirm. `look` answers a button of its own (the template's, named LOOK) with facts; the form
    stays as it is.
    """

    title: str
    submit: str
    back_url: str
    form: forms.Form
    apply: Callable[[dict[str, Any]], Done]
    intro: str = ""
    facts: Facts = ()
    preview: Callable[[dict[str, Any]], Facts | None] | None = None
    look: Callable[[dict[str, Any]], Facts] | None = None
    is_dangerous: bool = False
    template: str = "admin/kontor/form_page.html"
    extra_context: dict[str, Any] = field(default_factory=dict)


def answer(model_admin: ModelAdmin, request: HttpRequest, page: FormPage) -> HttpResponse:
    """Show the page, or do what was confirmed on it. A refusal is shown on the page, with its HTTP status.

    So is what somebody changed since the page was shown, and then it must be confirmed again.
    """
    if request.method == "POST" and (changed := second_look(request, page.form)) is not None:
        page.form.is_valid()
        page.form.add_error(None, changed.text)
        return _render_page(model_admin, request, page, changed=changed, status=StaleVersion.status)
    if request.method != "POST" or not page.form.is_valid():
        return _render_page(model_admin, request, page)
    if page.preview is not None and CONFIRMED not in request.POST:
        facts = page.preview(page.form.cleaned_data)
        if facts is not None:
            return _render_page(model_admin, request, page, preview=facts)
    try:
        if page.look is not None and LOOK in request.POST:
            return _render_page(model_admin, request, page, seen=page.look(page.form.cleaned_data))
        done = page.apply(page.form.cleaned_data)
    except Refusal as refusal:
        page.form.add_error(None, refusal.detail)
        return _render_page(model_admin, request, page, status=refusal.status)
    messages.success(request, done.message)
    return HttpResponseRedirect(done.url or page.back_url)


def _render_page(
    model_admin: ModelAdmin,
    request: HttpRequest,
    page: FormPage,
    *,
    preview: Facts | None = None,
    seen: Facts = (),
    changed: SecondLook | None = None,
    status: int = 200,
) -> HttpResponse:
    request.current_app = model_admin.admin_site.name
    context = {
        **model_admin.admin_site.each_context(request),
        "title": page.title,
        "page": page,
        "form": page.form,
        "preview": preview,
        "seen": seen,
        "look_name": LOOK,
        "opened_name": OPENED,
        "opened": opening(request, page.form, changed),
        "conflicts": changed.conflicts if changed is not None else (),
        "mine": MINE,
        "theirs": THEIRS,
        "asks_again": page.preview is not None and preview is None,
        "confirmed_name": CONFIRMED,
        "model_admin": model_admin,
        "media": model_admin.media + page.form.media,
        **page.extra_context,
    }
    return TemplateResponse(request, page.template, context, status=status)
