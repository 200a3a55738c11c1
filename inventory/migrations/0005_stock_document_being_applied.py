from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_stock_movement_feed_index")]
    operations = [
        migrations.RemoveConstraint(model_name="stockdocument", name="stock_document_status_known"),
        migrations.AlterField(
            model_name="stockdocument",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("applying", "Being applied"),
                    ("applied", "Applied"),
                    ("cancelled", "Cancelled"),
                ],
                default="open",
                max_length=9,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "applying", "applied", "cancelled"])),
                name="stock_document_status_known",
            ),
        ),
    ]
