"""Tasks over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import SOME_ID, example, link_field
from crm.models.task import TaskPriority, TaskRepeat
from shared.api.serializers import StrictSerializer


@example({"title": "Call back about delivery", "customer": SOME_ID, "due_at": "2027-05-31T09:00:00Z"})
class TaskBody(StrictSerializer):
    title = serializers.CharField(max_length=200)
    customer = link_field("customer")
    deal = link_field("deal")
    lead = link_field("lead")
    assignee = link_field("assignee", help_text="Unset: whoever makes it.")
    priority = serializers.ChoiceField(TaskPriority.choices, required=False)
    due_at = serializers.DateTimeField(allow_null=True, required=False)
    reminder_at = serializers.DateTimeField(allow_null=True, required=False)
    repeat = serializers.ChoiceField(TaskRepeat.choices, required=False)
