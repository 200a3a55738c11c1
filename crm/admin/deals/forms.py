"""The forms of the deals' pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from crm.models.deal import Deal
from crm.models.pipeline import Stage, StageKind
from shared.admin.forms import StyledForm
from shared.money.amounts import round_money


class StageField(forms.ModelChoiceField):
    def label_from_instance(self, stage: Any) -> str:
        return f"{stage.pipeline}: {stage.name}"


class NewDealForm(forms.ModelForm):
    stage = StageField(
        label=gettext_lazy("Stage"),
        queryset=Stage.objects.filter(kind=StageKind.OPEN)
        .select_related("pipeline")
        .order_by("-pipeline__is_default", "pipeline__name", "position"),
        widget=UnfoldAdminSelectWidget,
        empty_label=None,
        help_text=gettext_lazy("Where the deal stands; it decides the pipeline."),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "stage" in values:
            self.instance.pipeline = values["stage"].pipeline
        return values


class DealForm(forms.ModelForm):
    """`seen` is when the deal was last changed as the page was made."""

    seen = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """The value in the currency's digits, not in the column's."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.instance._state.adding:
            self.initial["value"] = round_money(self.instance.value, self.instance.currency)
            self.initial["seen"] = self.instance.updated_at.isoformat()

    def clean_seen(self) -> datetime | None:
        text = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Not a time.")) from error

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        seen = values.get("seen")
        if seen is not None and seen != self.instance.updated_at:
            raise forms.ValidationError(
                _("Somebody else changed this deal meanwhile. Load the page again, and put in what you wanted.")
            )
        return values


class MoveForm(StyledForm):
    stage = forms.ModelChoiceField(
        label=gettext_lazy("Stage"),
        queryset=Stage.objects.none(),
        help_text=gettext_lazy("Where the deal stands now."),
    )
    lost_reason = forms.CharField(
        label=gettext_lazy("Lost reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed when it is lost, e.g. “too expensive”."),
    )

    def __init__(self, deal: Deal, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"stage": deal.stage_id}, **kwargs)
        stages = Stage.objects.filter(pipeline=deal.pipeline_id).order_by("position", "id")
        self.fields["stage"].queryset = stages  # type: ignore[attr-defined]
