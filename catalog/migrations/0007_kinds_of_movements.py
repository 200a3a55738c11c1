from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Returns, transfers and counts are movements, too."""

    dependencies = [
        ("catalog", "0006_prices_taxes_documents"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stockmovement",
            name="movement_quantity_sign",
        ),
        migrations.RemoveConstraint(
            model_name="stockmovement",
            name="movement_names_its_order_item",
        ),
        migrations.RemoveConstraint(
            model_name="stockmovement",
            name="movement_kind_known",
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receive", "Received"),
                    ("adjust", "Adjusted"),
                    ("reserve", "Reserved"),
                    ("release", "Released"),
                    ("sale", "Sold"),
                    ("return", "Returned"),
                    ("transfer", "Transferred"),
                    ("count", "Counted"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="quantity",
            field=models.IntegerField(
                help_text="Units moved; negative where an adjustment, a transfer or a count takes away.",
                verbose_name="quantity",
            ),
        ),
        AddConstraintNotValid(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["receive", "adjust", "reserve", "release", "sale", "return", "transfer", "count"])
                ),
                name="movement_kind_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gt", 0),
                    models.Q(("kind__in", ["adjust", "transfer", "count"]), models.Q(("quantity", 0), _negated=True)),
                    _connector="OR",
                ),
                name="movement_quantity_sign",
            ),
        ),
        AddConstraintNotValid(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["receive", "adjust", "transfer", "count"]),
                    ("order_item_id__isnull", False),
                    _connector="OR",
                ),
                name="movement_names_its_order_item",
            ),
        ),
        AddConstraintNotValid(
            model_name="variant",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_class__in", ["standard", "reduced", "zero"])), name="variant_tax_class_known"
            ),
        ),
    ]
