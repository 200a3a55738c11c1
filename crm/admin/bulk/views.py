"""What is done to many rows of a list at once: chosen on the list, confirmed on a page of its own, counted afterwards.

The page's script sends the rows in batches and shows how far it is; without it they are sent together.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.admin.bulk.actions import BULK, Bulk
from crm.services.bulk.check_many import MAX_ROWS, BulkResult
from shared.admin.base import actor_of
from shared.admin.forms import StyledForm
from shared.admin.navigation import is_ours
from shared.errors import Refusal
from shared.planner.lookups import one_of

_SHOWN = 8
BATCH = 100


def actions_of(model: type[Model]) -> list[Callable[..., HttpResponse | None]]:
    """What an admin's `actions` are."""
    return [_make_action(bulk) for bulk in BULK[model]]


def bulk_urls() -> list[URLPattern]:
    view = admin.site.admin_view(require_POST(_run_confirmed))
    return [path("bulk/<str:label>/<str:name>/", view, name="bulk")]


def _make_action(bulk: Bulk) -> Callable[..., HttpResponse | None]:
    """The list's action: it asks before anything is done."""

    @admin.action(description=bulk.label, permissions=[bulk.right])
    def ask(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        keys = list(queryset.order_by().values_list("pk", flat=True)[: MAX_ROWS + 1])
        if len(keys) > MAX_ROWS:
            text = _("More than %(most)s are selected. At most so many are changed at once: filter the list first.")
            messages.error(request, text % {"most": f"{MAX_ROWS:,}"})
            return None
        return _confirmation_page(model_admin, request, bulk, keys, bulk.form(), back=request.get_full_path())

    ask.__name__ = bulk.name
    return ask


def _run_confirmed(request: HttpRequest, label: str, name: str) -> HttpResponse:
    """Do what was confirmed: answers a script with counts, and a browser with the list and a message."""
    model_admin, bulk = _find_bulk(label, name)
    if not bulk.may(model_admin, request):
        raise PermissionDenied
    keys, form, back = _posted_keys(request), bulk.form(request.POST), _back_url(request, model_admin)
    wants_counts = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        if wants_counts:
            return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
        return _confirmation_page(model_admin, request, bulk, keys, form, back=back)
    rows = model_admin.get_queryset(request).filter(one_of("pk", keys))
    allowed = [row.pk for row in rows if bulk.may(model_admin, request, row)]
    try:
        result = bulk.apply(allowed, form.cleaned_data, actor_of(request))
    except Refusal as refusal:
        if wants_counts:
            return JsonResponse({"errors": {"__all__": [{"message": refusal.detail}]}}, status=refusal.status)
        form.add_error(None, refusal.detail)
        return _confirmation_page(model_admin, request, bulk, keys, form, back=back, status=refusal.status)
    left_out = len(keys) - len(allowed)
    if wants_counts:
        counts = {"changed": result.changed, "unchanged": result.unchanged, "left_out": left_out}
        return JsonResponse({**counts, "refused": result.refused})
    _show_result(request, result, left_out)
    return HttpResponseRedirect(back)


def _show_result(request: HttpRequest, result: BulkResult, left_out: int) -> None:
    told = [_("%(n)d changed") % {"n": result.changed}]
    if result.unchanged:
        told.append(_("%(n)d were so already") % {"n": result.unchanged})
    if left_out:
        told.append(_("%(n)d are gone or not yours to change") % {"n": left_out})
    messages.success(request, f"{', '.join(told)}.")
    if result.refused:
        more = len(result.refused) - _SHOWN
        reasons = [*result.refused[:_SHOWN], *([_("and %(n)d more") % {"n": more}] if more > 0 else [])]
        messages.warning(request, " ".join([_("Not changed:"), *reasons]))


def _confirmation_page(
    model_admin: ModelAdmin,
    request: HttpRequest,
    bulk: Bulk,
    keys: Iterable[UUID],
    form: StyledForm,
    *,
    back: str,
    status: int = 200,
) -> HttpResponse:
    keys = list(keys)
    names = [str(row) for row in model_admin.get_queryset(request).filter(one_of("pk", keys[:_SHOWN]))]
    request.current_app = model_admin.admin_site.name
    context = {
        **model_admin.admin_site.each_context(request),
        "title": bulk.label,
        "form": form,
        "keys": ",".join(map(str, keys)),
        "count": len(keys),
        "names": names,
        "more": len(keys) - len(names),
        "batch": BATCH,
        "url": reverse("admin:bulk", args=[model_admin.opts.label_lower, bulk.name]),
        "back": back,
        "model_admin": model_admin,
        "what": model_admin.opts.verbose_name if len(keys) == 1 else model_admin.opts.verbose_name_plural,
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/kontor/bulk.html", context, status=status)


def _find_bulk(label: str, name: str) -> tuple[ModelAdmin, Bulk]:
    for model, bulks in BULK.items():
        for bulk in bulks:
            if (model._meta.label_lower, bulk.name) == (label, name):
                return admin.site.get_model_admin(model), bulk
    raise Http404(_("There is no such change."))


def _posted_keys(request: HttpRequest) -> list[UUID]:
    try:
        keys = [UUID(key) for key in request.POST.get("keys", "").split(",") if key]
    except ValueError as error:
        raise BadRequest(_("These are no keys.")) from error
    if len(keys) > MAX_ROWS:
        raise BadRequest(_("At most %(limit)s at once.") % {"limit": f"{MAX_ROWS:,}"})
    return keys


def _back_url(request: HttpRequest, model_admin: ModelAdmin) -> str:
    wanted = request.POST.get("back", "")
    opts = model_admin.opts
    return wanted if is_ours(request, wanted) else reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
