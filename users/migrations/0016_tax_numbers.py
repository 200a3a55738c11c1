from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """No row that is there is read."""

    dependencies = [
        ("users", "0015_addresses_of_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='tax_number',
            field=models.CharField(blank=True, db_default='', default='', help_text='On the documents of its customers who have none of their own, e.g. the VAT ID.', max_length=40, verbose_name='tax number'),
        ),
        migrations.AddField(
            model_name='customer',
            name='tax_number',
            field=models.CharField(blank=True, db_default='', default='', help_text="On documents, e.g. the VAT ID of a business; empty: the company's.", max_length=40, verbose_name='tax number'),
        ),
        AddConstraintNotValid(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('tax_number__regex', '[a-z\\s.-]'), _negated=True), name='company_tax_number_is_plain'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('tax_number__regex', '[a-z\\s.-]'), _negated=True), name='customer_tax_number_is_plain'),
        ),
    ]
