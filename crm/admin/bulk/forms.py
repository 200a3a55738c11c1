"""What must be known to change many rows at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget

from crm.models.deal import Deal
from crm.models.lead import LeadStatus
from crm.models.task import TaskPriority
from shared.admin.forms import AutocompleteField, StyledForm
from shared.admin.moments import MomentField, SplitMomentWidget
from users.models.customer import Customer


class OwnerForm(StyledForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        relation = Deal._meta.get_field("owner")
        self.fields["owner"] = AutocompleteField(
            relation, admin.site, required=False, label=_("Colleague"), help_text=_("Empty: nobody.")
        )


class TagForm(StyledForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        relation: Any = Customer._meta.get_field("tags")
        self.fields["tag"] = AutocompleteField(relation, admin.site, label=_("Tag"))


class ExpectedCloseForm(StyledForm):
    expected_close = forms.DateField(
        label=_("Expected close"), required=False, widget=UnfoldAdminDateWidget, help_text=_("Empty: not known.")
    )


class LeadStatusForm(StyledForm):
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[choice for choice in LeadStatus.choices if choice[0] != LeadStatus.CONVERTED],
    )


class DueForm(StyledForm):
    due_at = MomentField(label=_("Due"), required=False, widget=SplitMomentWidget, help_text=_("Empty: some day."))


class PriorityForm(StyledForm):
    priority = forms.TypedChoiceField(label=_("Priority"), choices=TaskPriority.choices, coerce=int, initial=2)
