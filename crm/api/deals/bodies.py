"""Deals over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import SOME_ID, currency_field, custom_values_field, example, link_field, money_field
from shared.api.serializers import StrictSerializer


class _DealFields(StrictSerializer):
    title = serializers.CharField(max_length=200)
    value = money_field()
    currency = currency_field()
    probability = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    expected_close = serializers.DateField(allow_null=True, required=False)
    owner = link_field("owner")
    custom_fields = custom_values_field()


@example({"title": "40 office chairs", "customer": SOME_ID})
class DealBody(_DealFields):
    customer = serializers.UUIDField(source="customer_id")
    pipeline = serializers.UUIDField(source="pipeline_id", required=False, help_text="Unset: the default one.")
    stage = serializers.UUIDField(source="stage_id", required=False, help_text="An open one; unset: the first.")


@example({"expected_close": "2027-05-31"})
class DealChangesBody(_DealFields):
    """Its stage is moved by /deals/{id}/stage, its lines are set by /deals/{id}/lines."""


@example({"stage": SOME_ID})
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


@example({"lines": [{"variant": SOME_ID, "quantity": 40}]})
class DealLinesBody(StrictSerializer):
    lines = DealLineBody(many=True)
