import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_stock_document_being_applied")]
    operations = [
        migrations.AddField(
            model_name="stockdocument",
            name="remainder",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="The document of those lines that could not be applied any more.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.stockdocument",
                verbose_name="remainder",
            ),
        ),
    ]
