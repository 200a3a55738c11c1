from django.db import migrations, models


class Migration(migrations.Migration):
    """No row that is there is read."""

    dependencies = [
        ("orders", "0014_archived_orders"),
        ("users", "0016_tax_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='customer_tax_number',
            field=models.CharField(blank=True, db_default='', default='', editable=False, help_text="The customer's own or the company's, for documents.", max_length=40, verbose_name='customer tax number'),
        ),
    ]
