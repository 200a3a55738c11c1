"""The small forms on a customer's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models.activity import ActivityKind
from crm.services.tasks.add_task import MAX_TITLE_LENGTH
from crm.timeline.limits import MAX_TEXT_LENGTH
from shared.admin.forms import StyledForm
from shared.admin.moments import LocalDateTimeField

_BY_HAND = (ActivityKind.NOTE, ActivityKind.CALL, ActivityKind.MEETING)


class ActivityForm(StyledForm):
    kind = forms.ChoiceField(
        label=_("What"),
        choices=[(kind.value, kind.label) for kind in _BY_HAND],
        required=False,
        initial=ActivityKind.NOTE.value,
    )
    text = forms.CharField(
        label=_("New entry"),
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("What should colleagues know?")}),
    )


class TaskForm(StyledForm):
    title = forms.CharField(
        label=_("New task"),
        max_length=MAX_TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": _("What should you do?")}),
    )
    due_at = LocalDateTimeField(
        label=_("Due"),
        required=False,
        widget=forms.TextInput(),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].widget.input_type = "datetime-local"
