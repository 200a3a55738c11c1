"""Shapes of the CRM over HTTP: what is sent."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from crm.models.activity import ActivityKind
from crm.models.lead import LeadSource, LeadStatus
from crm.models.task import TaskPriority, TaskRepeat
from shared.api.serializers import CurrencyCode, EmailAddress, StrictSerializer
from users.models.consent import ConsentPurpose

_ID = "0198c0de-0000-7000-8000-000000000001"
_OTHER_ID = "0198c0de-0000-7000-8000-000000000002"
_RULE = {"all": [{"field": "last_order", "op": "not_within_days", "value": 90}]}


def _example(value: dict[str, Any]) -> Any:
    return extend_schema_serializer(examples=[OpenApiExample("As JSON", value=value, request_only=True)])


def _link(name: str, **more: Any) -> serializers.UUIDField:
    return serializers.UUIDField(source=f"{name}_id", **{"required": False, "allow_null": True, **more})


def _money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=15, decimal_places=3, min_value=0, required=False)


def _currency() -> CurrencyCode:
    return CurrencyCode(required=False, help_text="ISO 4217; unset: the shop's.")


def _text(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, allow_blank=True, required=False)


def _custom_fields() -> serializers.DictField:
    return serializers.DictField(required=False, help_text="By key; null takes a value away.")


@_example({"name": "Grace Hopper", "email": "grace@example.com", "company_name": "Compilers Ltd"})
class LeadBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    email = EmailAddress(allow_blank=True, required=False)
    phone = _text(40)
    company_name = _text(200)
    source = serializers.ChoiceField(LeadSource.choices, required=False)  # type: ignore[assignment]
    status = serializers.ChoiceField(LeadStatus.choices, required=False, help_text="All but `converted`.")
    owner = _link("owner")
    note = _text(10_000)
    custom_fields = _custom_fields()


class NewDealBody(StrictSerializer):
    title = serializers.CharField(max_length=200)
    value = _money()
    currency = _currency()
    pipeline = serializers.UUIDField(source="pipeline_id", required=False)


@_example({"deal": {"title": "40 office chairs", "value": "8000.00"}})
class ConvertLeadBody(StrictSerializer):
    customer = serializers.UUIDField(
        source="customer_id", required=False, help_text="A customer that is there already; unset: a new one is made."
    )
    deal = NewDealBody(required=False)


class _DealFields(StrictSerializer):
    title = serializers.CharField(max_length=200)
    value = _money()
    currency = _currency()
    probability = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    expected_close = serializers.DateField(allow_null=True, required=False)
    owner = _link("owner")
    custom_fields = _custom_fields()


@_example({"title": "40 office chairs", "customer": _ID})
class DealBody(_DealFields):
    customer = serializers.UUIDField(source="customer_id")
    pipeline = serializers.UUIDField(source="pipeline_id", required=False, help_text="Unset: the default one.")
    stage = serializers.UUIDField(source="stage_id", required=False, help_text="An open one; unset: the first.")


@_example({"expected_close": "2027-05-31"})
class DealChangesBody(_DealFields):
    """Its stage is moved by /deals/{id}/stage, its lines are set by /deals/{id}/lines."""


@_example({"stage": _ID})
class MoveDealBody(StrictSerializer):
    stage = serializers.UUIDField(source="stage_id")
    lost_reason = serializers.CharField(
        max_length=200, allow_blank=True, required=False, help_text="Needed when it is lost."
    )


class DealLineBody(StrictSerializer):
    variant = serializers.UUIDField(source="variant_id")
    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    unit_price = serializers.DecimalField(
        max_digits=15, decimal_places=3, min_value=0, required=False, help_text="Net; unset: the catalogue's."
    )


@_example({"lines": [{"variant": _ID, "quantity": 40}]})
class DealLinesBody(StrictSerializer):
    lines = DealLineBody(many=True)


@_example({"customer": _ID, "kind": "call", "subject": "Asked about delivery"})
class ActivityBody(StrictSerializer):
    kind = serializers.ChoiceField(
        [choice for choice in ActivityKind.choices if choice[0] != ActivityKind.CHANGE], required=False
    )
    customer = serializers.UUIDField(source="customer_id", required=False)
    lead = serializers.UUIDField(source="lead_id", required=False)
    deal = serializers.UUIDField(source="deal_id", required=False)
    subject = _text(200)
    text = _text(10_000)
    happened_at = serializers.DateTimeField(required=False)


@_example({"title": "Call back about delivery", "customer": _ID, "due_at": "2027-05-31T09:00:00Z"})
class TaskBody(StrictSerializer):
    title = serializers.CharField(max_length=200)
    customer = _link("customer")
    deal = _link("deal")
    lead = _link("lead")
    assignee = _link("assignee", help_text="Unset: whoever makes it.")
    priority = serializers.ChoiceField(TaskPriority.choices, required=False)
    due_at = serializers.DateTimeField(allow_null=True, required=False)
    reminder_at = serializers.DateTimeField(allow_null=True, required=False)
    repeat = serializers.ChoiceField(TaskRepeat.choices, required=False)


@_example({"name": "VIP"})
class TagBody(StrictSerializer):
    name = serializers.CharField(max_length=60)


@_example({"name": "No order for 90 days", "rule": _RULE})
class SegmentBody(StrictSerializer):
    name = serializers.CharField(max_length=120)
    description = _text(300)
    rule = serializers.DictField()


@_example({"customer": _ID, "purpose": "marketing_email", "is_given": True, "source": "web form"})
class ConsentBody(StrictSerializer):
    customer = serializers.UUIDField(source="customer_id")
    purpose = serializers.ChoiceField(ConsentPurpose.choices)
    is_given = serializers.BooleanField()
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]


@_example({"kept": _ID, "duplicate": _OTHER_ID})
class MergePreviewBody(StrictSerializer):
    kept = serializers.UUIDField(source="kept_id")
    duplicate = serializers.UUIDField(source="duplicate_id", help_text="Whose rows move, and who is gone afterwards.")


@_example({"kept": _ID, "duplicate": _OTHER_ID, "take": ["phone", "custom_fields.tier"]})
class MergeBody(MergePreviewBody):
    take = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=100,
        required=False,
        help_text="Fields whose value is the duplicate's; unset: those that are empty at the kept customer.",
    )
    kept_updated_at = serializers.DateTimeField(required=False, help_text="As the preview said; changed since: 412.")
    duplicate_updated_at = serializers.DateTimeField(
        required=False, help_text="As the preview said; changed since: 412."
    )
