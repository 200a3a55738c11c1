"""Shapes of the CRM over HTTP: what is answered."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.duplicate_pair import DuplicatePair, PairReason
from crm.models.lead import Lead
from crm.models.pipeline import Pipeline, Stage
from crm.models.segment import Segment
from crm.models.task import Task
from shared.api.serializers import MoneyAmount
from shared.money import format_money
from users.api.serializers import CustomValues
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.tag import Tag


def link(name: str, help_text: str = "") -> serializers.UUIDField:
    """The id of a row that this one points at."""
    return serializers.UUIDField(source=f"{name}_id", allow_null=True, help_text=help_text)


class LeadSerializer(serializers.ModelSerializer):
    email = serializers.CharField(help_text="An address, or empty.")
    owner = link("owner", "The colleague who follows it up.")
    customer = link("customer", "What it became.")
    custom_fields = CustomValues()

    class Meta:
        model = Lead
        fields = [
            "id",
            "name",
            "email",
            "phone",
            "company_name",
            "source",
            "status",
            "owner",
            "note",
            "custom_fields",
            "customer",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ConvertedLeadSerializer(serializers.Serializer):
    lead = LeadSerializer()
    customer = serializers.UUIDField(source="customer.pk")
    deal = serializers.UUIDField(source="deal.pk", default=None, allow_null=True)


class StageSerializer(serializers.ModelSerializer):
    class Meta:
        model = Stage
        fields = ["id", "name", "position", "kind", "probability"]
        read_only_fields = fields


class PipelineSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True)

    class Meta:
        model = Pipeline
        fields = ["id", "name", "is_default", "stages", "created_at", "updated_at"]
        read_only_fields = fields


class DealLineSerializer(serializers.ModelSerializer):
    variant = serializers.UUIDField(source="variant_id")
    sku = serializers.CharField(source="variant.sku")
    unit_price = serializers.SerializerMethodField(help_text="Net, in the deal's currency.")

    class Meta:
        model = DealLine
        fields = ["id", "variant", "sku", "quantity", "unit_price"]
        read_only_fields = fields

    def get_unit_price(self, line: DealLine) -> str:
        return format_money(line.unit_price, line.deal.currency)


class DealSerializer(serializers.ModelSerializer):
    customer = serializers.UUIDField(source="customer_id")
    pipeline = serializers.UUIDField(source="pipeline_id")
    stage = serializers.UUIDField(source="stage_id")
    owner = link("owner", "The colleague who works on it.")
    order = link("order", "The order it became.")
    value = MoneyAmount(help_text="In `currency`; the sum of the lines where there are some.")
    custom_fields = CustomValues()
    lines = DealLineSerializer(many=True)

    class Meta:
        model = Deal
        fields = [
            "id",
            "title",
            "customer",
            "pipeline",
            "stage",
            "status",
            "value",
            "currency",
            "probability",
            "expected_close",
            "owner",
            "lost_reason",
            "custom_fields",
            "lines",
            "order",
            "closed_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ActivitySerializer(serializers.ModelSerializer):
    customer = link("customer")
    lead = link("lead")
    deal = link("deal")
    author = link("author", "Who wrote it; empty: the system.")

    class Meta:
        model = Activity
        fields = ["id", "kind", "customer", "lead", "deal", "author", "subject", "text", "happened_at"]
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer):
    customer = link("customer")
    deal = link("deal")
    lead = link("lead")
    assignee = link("assignee", "Who does it.")

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


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name"]
        read_only_fields = fields


@extend_schema_field({"type": "object", "additionalProperties": True})
class RuleValue(serializers.JSONField):
    """A segment's rule."""


class SegmentSerializer(serializers.ModelSerializer):
    owner = link("owner")
    rule = RuleValue(help_text="Conditions joined by `all` and `any`.")

    class Meta:
        model = Segment
        fields = [
            "id",
            "name",
            "description",
            "rule",
            "member_count",
            "refreshed_at",
            "owner",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class ConsentSerializer(serializers.ModelSerializer):
    customer = serializers.UUIDField(source="customer_id")
    recorded_by = link("recorded_by")

    class Meta:
        model = Consent
        fields = ["id", "customer", "purpose", "is_given", "source", "recorded_at", "recorded_by"]
        read_only_fields = fields


class CustomFieldSerializer(serializers.ModelSerializer):
    choices = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = CustomField
        fields = ["id", "model", "key", "label", "kind", "choices", "is_required", "help_text", "position"]
        read_only_fields = fields


def _reasons() -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(PairReason.choices), help_text="What speaks for it.")


class DuplicatePairSerializer(serializers.ModelSerializer):
    first = serializers.UUIDField(source="first_id", help_text="The older customer.")
    second = serializers.UUIDField(source="second_id")
    reasons = _reasons()
    dismissed_by = link("dismissed_by")

    class Meta:
        model = DuplicatePair
        fields = ["id", "first", "second", "score", "reasons", "state", "found_at", "dismissed_at", "dismissed_by"]
        read_only_fields = fields


class AlikeSerializer(serializers.Serializer):
    customer = serializers.UUIDField()
    name = serializers.CharField()
    score = serializers.IntegerField(help_text="How likely they are the same, in per cent.")
    reasons = _reasons()


class MergeSerializer(serializers.ModelSerializer):
    kept = serializers.UUIDField(source="kept_id")
    duplicate = serializers.UUIDField(source="duplicate_id", help_text="A customer that is gone until it is undone.")
    moved = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows moved, by kind.")
    merged_by = link("merged_by")
    undone_by = link("undone_by")

    class Meta:
        model = CustomerMerge
        fields = [
            "id",
            "kept",
            "duplicate",
            "duplicate_name",
            "moved",
            "merged_at",
            "merged_by",
            "undone_at",
            "undone_by",
            "forgotten_at",
        ]
        read_only_fields = fields
        extra_kwargs = {"forgotten_at": {"help_text": "Since when it cannot be undone any more."}}


@extend_schema_field({})
class AnyValue(serializers.JSONField):
    """Whatever such a field holds."""


class MergeFieldSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="As `take` names it.")
    label = serializers.CharField()  # type: ignore[assignment]
    kept = AnyValue(allow_null=True)
    duplicate = AnyValue(allow_null=True)
    proposed = serializers.ChoiceField(["kept", "duplicate"], help_text="Whose value stays if nobody chooses.")


class MergePreviewSerializer(serializers.Serializer):
    kept = serializers.UUIDField()
    duplicate = serializers.UUIDField()
    kept_updated_at = serializers.DateTimeField()
    duplicate_updated_at = serializers.DateTimeField()
    fields = MergeFieldSerializer(many=True, help_text="Those that differ.")  # type: ignore[assignment]
    moves = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows would move, by kind.")
