from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0007_kinds_of_movements"),
    ]

    operations = [
        ValidateConstraint(model_name="variant", name="catalog_variant_backorder_limit_check"),
        ValidateConstraint(model_name="stockmovement", name="movement_kind_known"),
        ValidateConstraint(model_name="stockmovement", name="movement_quantity_sign"),
        ValidateConstraint(model_name="stockmovement", name="movement_names_its_order_item"),
        ValidateConstraint(model_name="variant", name="variant_tax_class_known"),
    ]
