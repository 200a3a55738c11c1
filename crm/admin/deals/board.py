"""The board: a pipeline's deals as cards in columns, moved by dragging, by keys or by a small form."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.models.deal import Deal
from crm.models.pipeline import Pipeline, StageKind
from crm.pipeline.board import MAX_SUMMED, MINE, TEAM, board_of, deals_of
from crm.services.deals.move_deal import move_deal
from shared.admin.base import actor_of
from shared.errors import Refusal

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    _Base = ModelAdmin
else:
    _Base = object

TITLE = "admin/kontor/board.html"
COLUMNS = "admin/kontor/board_columns.html"


class MoveCardForm(forms.Form):
    """What the board's script sends. `seen` is the deal's `updated_at` as it stands on the card."""

    deal = forms.UUIDField()
    stage = forms.UUIDField()
    lost_reason = forms.CharField(required=False, max_length=200)
    seen = forms.CharField(required=False)

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError as error:
            raise forms.ValidationError(_("Not a time.")) from error


class BoardPages(_Base):
    """Of the deals' admin: the board's page, and where its script sends a move."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("board/", wrap(self.board), name="crm_deal_board"),
            path("board/move/", wrap(require_POST(self.move_card)), name="crm_deal_board_move"),
        ]
        return [*own, *super().get_urls()]

    def board(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            **self._board_context(request),
            "title": _("Board"),
            "opts": self.opts,
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, TITLE, context)

    def move_card(self, request: HttpRequest) -> HttpResponse:
        """Move one deal, and answer with the board as it is then, also after a refusal."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = MoveCardForm(request.POST)
        if not form.is_valid():
            return self._answer_columns(request, _("That move makes no sense to the server."), 400)
        values = form.cleaned_data
        deal = self.get_queryset(request).filter(pk=values["deal"]).first()
        if deal is None:
            return self._answer_columns(request, _("There is no such deal."), 404)
        if not self.has_change_permission(request, deal):
            return self._answer_columns(request, _("It is another colleague's, and your role changes only some."), 403)
        try:
            deal = move_deal(
                deal_id=deal.pk,
                stage_id=values["stage"],
                actor=actor_of(request),
                lost_reason=values["lost_reason"],
                expected_updated_at=values["seen"],
            )
        except Refusal as refusal:
            return self._answer_columns(request, refusal.detail, refusal.status)
        said = _("“%(title)s” stands at %(stage)s now.") % {"title": deal.title, "stage": deal.stage}
        return self._answer_columns(request, said, 200)

    def _answer_columns(self, request: HttpRequest, message: str, status: int) -> JsonResponse:
        html = render_to_string(COLUMNS, self._board_context(request), request)
        return JsonResponse({"message": message, "html": html}, status=status)

    def _board_context(self, request: HttpRequest) -> dict[str, Any]:
        pipelines = list(Pipeline.objects.order_by("-is_default", "name").prefetch_related("stages"))
        pipeline = _chosen_pipeline(pipelines, request.GET.get("pipeline", ""))
        opened = _uuid_or_none(request.GET.get("opened", ""))
        user: Any = request.user
        choices = _whose_of(user)
        whose = request.GET.get("whose", "")
        whose = whose if whose in choices else ""
        deals: QuerySet[Deal] = deals_of(self.get_queryset(request), user=user, whose=whose)
        list_filter = {"owner__id__exact": user.pk} if whose == MINE else {}
        return {
            "whose": whose,
            "whose_choices": choices,
            "list_filter": f"&{urlencode(list_filter)}" if list_filter else "",
            "pipelines": pipelines,
            "pipeline": pipeline,
            "columns": board_of(pipeline, deals, opened=opened) if pipeline else [],
            "opened": opened,
            "max_summed": MAX_SUMMED,
            "lost": StageKind.LOST,
            "may_move": self.has_change_permission(request),
            "list_url": reverse("admin:crm_deal_changelist"),
        }


def _whose_of(user: Any) -> dict[str, str]:
    """Whose deals the board can show: a team's to whoever is in one."""
    team = {TEAM: _("My team's")} if user.team_id is not None else {}
    return {"": _("Everybody's"), MINE: _("Mine"), **team}


def _chosen_pipeline(pipelines: list[Pipeline], key: str) -> Pipeline | None:
    """The pipeline of that key; without a key the first. Raises Http404."""
    if not key:
        return next(iter(pipelines), None)
    found = next((pipeline for pipeline in pipelines if str(pipeline.pk) == key), None)
    if found is None:
        raise Http404(_("There is no such pipeline."))
    return found


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
