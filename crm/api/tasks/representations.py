"""Tasks over HTTP: what is answered."""

from rest_framework import serializers

from crm.api.fields import linked_id
from crm.models.task import Task


class TaskSerializer(serializers.ModelSerializer):
    customer = linked_id("customer")
    deal = linked_id("deal")
    lead = linked_id("lead")
    assignee = linked_id("assignee", "Who does it.")

    class Meta:
        model = Task
        fields = [
            "id",
            "title",
            "customer",
            "deal",
            "lead",
            "assignee",
            "priority",
            "due_at",
            "reminder_at",
            "repeat",
            "done_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
