from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_drafts_with_terms")]
    operations = [
        ValidateConstraint(model_name="draft", name="draft_discount_is_whole"),
        ValidateConstraint(model_name="draft", name="draft_delivery_address_is_one"),
        ValidateConstraint(model_name="draft", name="draft_billing_address_is_one"),
        ValidateConstraint(model_name="draftline", name="draft_line_discount_is_whole"),
    ]
