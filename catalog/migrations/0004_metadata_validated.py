from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_metadata")]
    operations = [
        ValidateConstraint(model_name="product", name="product_metadata_texts"),
        ValidateConstraint(model_name="product", name="product_metadata_keys"),
        ValidateConstraint(model_name="variant", name="variant_barcode_is_a_gtin"),
        ValidateConstraint(model_name="variant", name="variant_metadata_texts"),
        ValidateConstraint(model_name="variant", name="variant_metadata_keys"),
    ]
