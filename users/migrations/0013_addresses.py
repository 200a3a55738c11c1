import django.db.models.functions.comparison
import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """No row that is there is read."""

    dependencies = [
        ("users", "0012_metadata_validated"),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='addresses',
            field=models.JSONField(blank=True, db_default=[], default=list, editable=False, verbose_name='addresses'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='address',
            field=models.TextField(blank=True, db_default='', help_text='Where goods and invoices go, as a text; of a customer with addresses it follows these.', max_length=1000, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='country',
            field=models.CharField(blank=True, db_default='', default='', help_text='ISO code, e.g. UA: taxes and shipping of orders that name no country, of customers without a default delivery address.', max_length=2, verbose_name='country'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=django.db.models.functions.comparison.Coalesce(models.Func(models.F('addresses'), models.Value('strict $.type() == "array" && $.size() <= 50 && !exists($[*] ? (!(@.type() == "object" && @.country like_regex "^([A-Z]{2})?$" && @.lines.type() == "array" && @.lines.size() <= 3 && !exists(@.lines[*] ? (@.type() != "string" || @ like_regex "^.{200}.{200}." flag "s")) && !exists(@.* ? (@.type() == "string" && @ like_regex "^.{200}." flag "s")) && @.name.type() == "string" && @.company.type() == "string" && @.city.type() == "string" && @.region.type() == "string" && @.postal_code.type() == "string" && @.phone.type() == "string" && @.id.type() == "string" && (@.kind == "delivery" || @.kind == "billing") && @.is_default.type() == "boolean") || (@.type() == "object" && @.country like_regex "^([A-Z]{2})?$" && @.lines.type() == "array" && @.lines.size() <= 3 && !exists(@.lines[*] ? (@.type() != "string" || @ like_regex "^.{200}.{200}." flag "s")) && !exists(@.* ? (@.type() == "string" && @ like_regex "^.{200}." flag "s")) && @.name.type() == "string" && @.company.type() == "string" && @.city.type() == "string" && @.region.type() == "string" && @.postal_code.type() == "string" && @.phone.type() == "string" && @.id.type() == "string" && (@.kind == "delivery" || @.kind == "billing") && @.is_default.type() == "boolean") is unknown))'), function='jsonb_path_match', output_field=models.BooleanField()), models.Value(False)), name='customer_addresses_are_some'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('addresses'), models.Value('$[*] ? (@.kind == "delivery" && @.is_default == true)'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 1), name='customer_one_default_delivery'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('addresses'), models.Value('$[*] ? (@.kind == "billing" && @.is_default == true)'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 1), name='customer_one_default_billing'),
        ),
    ]
