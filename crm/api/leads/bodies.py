"""Leads over HTTP: what is sent."""

from rest_framework import serializers

from crm.api.fields import currency_field, custom_values_field, example, link_field, money_field, text_field
from crm.models.lead import LeadSource, LeadStatus
from shared.api.serializers import EmailAddress, StrictSerializer


@example({"name": "Grace Hopper", "email": "grace@example.com", "company_name": "Compilers Ltd"})
class LeadBody(StrictSerializer):
    name = serializers.CharField(max_length=200)
    email = EmailAddress(allow_blank=True, required=False)
    phone = text_field(40)
    company_name = text_field(200)
    source = serializers.ChoiceField(LeadSource.choices, required=False)  # type: ignore[assignment]
    status = serializers.ChoiceField(LeadStatus.choices, required=False, help_text="All but `converted`.")
    owner = link_field("owner")
    note = text_field(10_000)
    custom_fields = custom_values_field()


class NewDealBody(StrictSerializer):
    title = serializers.CharField(max_length=200)
    value = money_field()
    currency = currency_field()
    pipeline = serializers.UUIDField(source="pipeline_id", required=False)


@example({"deal": {"title": "40 office chairs", "value": "8000.00"}})
class ConvertLeadBody(StrictSerializer):
    customer = serializers.UUIDField(
        source="customer_id", required=False, help_text="A customer that is there already; unset: a new one is made."
    )
    deal = NewDealBody(required=False)
