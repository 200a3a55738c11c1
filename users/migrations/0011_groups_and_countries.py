import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.text
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import shared.ids


class Migration(migrations.Migration):
    """Groups of customers, and the country that taxes and shipping follow."""

    dependencies = [
        ("users", "0010_translated_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="country",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="ISO code, e.g. UA: taxes and shipping of orders that name no country of their own.",
                max_length=2,
                verbose_name="country",
            ),
        ),
        migrations.CreateModel(
            name="CustomerGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="created at",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
            ],
            options={
                "verbose_name": "customer group",
                "verbose_name_plural": "customer groups",
                "db_table": "users_customer_group",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="customer_group_name_unique"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Prices, coupons and payment deadlines may depend on it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="customers",
                to="users.customergroup",
                verbose_name="group",
            ),
        ),
        AddConstraintNotValid(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^([A-Z]{2})?$")), name="customer_country_code"
            ),
        ),
    ]
