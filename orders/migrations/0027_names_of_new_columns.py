import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shared.database.names_only import NamesOnly


class Migration(migrations.Migration):
    """What the columns of papers, drafts and uses of coupons are called."""

    dependencies = [
        ("orders", "0026_item_variant_newest"),
        ("users", "0014_customer_deleted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NamesOnly(
            [
                migrations.AlterModelOptions(
                    name="invoiceseries",
                    options={"verbose_name": "series of invoices", "verbose_name_plural": "series of invoices"},
                ),
                migrations.AlterField(
                    model_name="couponuse",
                    name="coupon",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="orders.coupon",
                        verbose_name="coupon",
                    ),
                ),
                migrations.AlterField(
                    model_name="couponuse",
                    name="created_at",
                    field=models.DateTimeField(editable=False, verbose_name="created at"),
                ),
                migrations.AlterField(
                    model_name="couponuse",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.customer",
                        verbose_name="customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="couponuse",
                    name="order",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coupon_use",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                migrations.AlterField(
                    model_name="draft",
                    name="version",
                    field=models.PositiveIntegerField(default=1, verbose_name="version"),
                ),
                migrations.AlterField(
                    model_name="draftline",
                    name="draft",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.draft",
                        verbose_name="draft or quote",
                    ),
                ),
                migrations.AlterField(
                    model_name="invoice",
                    name="order_version",
                    field=models.PositiveIntegerField(
                        help_text="The version of the order that it shows.", verbose_name="order version"
                    ),
                ),
                migrations.AlterField(
                    model_name="orderedit",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="refund",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="return",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="return",
                    name="version",
                    field=models.PositiveIntegerField(default=1, verbose_name="version"),
                ),
                migrations.AlterField(
                    model_name="shipment",
                    name="actor",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                migrations.AlterField(
                    model_name="shipment",
                    name="version",
                    field=models.PositiveIntegerField(default=1, verbose_name="version"),
                ),
            ]
        )
    ]
