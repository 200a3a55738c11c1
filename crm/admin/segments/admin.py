"""Segments: their rule, row by row, and who belongs to them."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from crm.admin.segments.rule_words import rule_words
from crm.models.segment import Segment, SegmentMember
from crm.segments import rule as segment_rule
from crm.services.segments.ask_for_refresh import ask_for_refresh
from crm.services.segments.create_segment import create_segment
from crm.services.segments.delete_segment import delete_segment
from crm.services.segments.update_segment import update_segment
from shared.admin.base import actor_of
from shared.admin.display import change_url, number
from shared.admin.saving import ServiceAdmin, Values
from shared.errors import InvalidInput
from users.admin.customer import is_narrowed, newest_linked

# Shops have a handful; the filter offers so many.
_MOST_SEGMENTS = 200
_EXAMPLE = {"all": [{"field": "last_order", "op": "not_within_days", "value": 90}]}


class SegmentForm(forms.ModelForm):
    rule = forms.CharField(
        label=_("Rule"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Conditions joined by all or any. The rows above write it; nested rules are written here."),
    )

    class Meta:
        model = Segment
        fields = ("name", "description", "rule")

    class Media:
        js = ("crm/segment_rule.js",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance.rule or _EXAMPLE
        self.fields["rule"].widget.attrs["data-segment-rule"] = json.dumps(rule_words(), ensure_ascii=False)
        self.initial["rule"] = json.dumps(rule, indent=1, ensure_ascii=False)

    def clean_rule(self) -> dict[str, Any]:
        try:
            return segment_rule.as_json(segment_rule.parse_rule(json.loads(self.cleaned_data["rule"]), pointer=""))
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is no JSON.")) from None
        except InvalidInput as refusal:
            faults = [f"{fault['pointer']}: {fault['detail']}".lstrip(": ") for fault in refusal.data["errors"]]
            raise forms.ValidationError(faults) from None


class SegmentFilter(DropdownFilter):
    """The newest members of a segment, as many as a list counts; all of them where something else chooses, too."""

    title = _("segment")
    parameter_name = "segment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(key), name) for key, name in Segment.objects.values_list("pk", "name")[:_MOST_SEGMENTS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in EMPTY_VALUES:
            return queryset
        try:
            members = SegmentMember.objects.filter(segment_id=self.value())
        except ValidationError as error:
            raise IncorrectLookupParameters(error) from error
        if is_narrowed(queryset) or request.GET.get(SEARCH_VAR):
            return queryset.filter(pk__in=members.values("customer_id"))
        return newest_linked(queryset, members)


@admin.register(Segment)
class SegmentAdmin(ServiceAdmin):
    form = SegmentForm
    list_display = ("name", "description", "member_count", "refreshed_at")
    ordering = ("name",)
    sortable_by = ("name",)
    search_fields = ("name",)
    search_help_text = _("The beginning of a segment's name.")
    empty_help = _("A segment is a rule, e.g. no order for 90 days. Who fulfils it is looked up every hour.")
    readonly_fields = ("member_count", "refreshed_at", "owner", "created_at", "updated_at")
    actions_detail = ("members", "refresh")
    fieldsets = (
        (None, {"fields": ("name", "description", "rule")}),
        (_("Members"), {"fields": (("member_count", "refreshed_at"),)}),
        (_("Dates"), {"fields": (("owner", "created_at", "updated_at"),)}),
    )
    add_fieldsets = ((None, {"fields": ("name", "description", "rule")}),)

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(name__istartswith=term)

    def create_record(self, request: HttpRequest, values: Values) -> Segment:
        return create_segment(actor=actor_of(request), **values)

    def change_record(self, request: HttpRequest, row: Segment, changes: Values) -> Segment:
        return update_segment(segment_id=row.pk, changes=changes)

    def delete_record(self, request: HttpRequest, row: Segment) -> None:
        delete_segment(segment_id=row.pk)

    @action(description=_("Members"), icon="group", variant=ActionVariant.PRIMARY, permissions=["users.view_customer"])
    def members(self, request: HttpRequest, object_id: str) -> HttpResponse:
        segment = self.find(request, object_id)
        return HttpResponseRedirect(members_url(segment))

    @action(description=_("Look up now"), icon="refresh", permissions=["crm.change_segment"])
    def refresh(self, request: HttpRequest, object_id: str) -> HttpResponse:
        segment = self.find(request, object_id)
        ask_for_refresh(segment_id=segment.pk)
        messages.success(request, gettext("A job looks the members up; reload in a moment."))
        return HttpResponseRedirect(change_url(Segment, segment.pk))

    @display(description=_("members"))
    def member_count(self, segment: Segment) -> str:
        return number(segment.member_count)


def members_url(segment: Segment) -> str:
    """The customer list, filtered by the segment."""
    return f"{reverse('admin:users_customer_changelist')}?segment={segment.pk}"
