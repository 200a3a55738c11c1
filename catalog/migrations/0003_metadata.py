import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Free texts by key, and the code on the package. No row that is there is read."""

    dependencies = [
        ('catalog', '0002_words_of_products'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='metadata',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Texts by key, for programs: ids of other systems and the like.', verbose_name='metadata'),
        ),
        migrations.AddField(
            model_name='variant',
            name='barcode',
            field=models.CharField(blank=True, db_default='', default='', help_text='GTIN (EAN, UPC, ISBN) of 8, 12, 13 or 14 digits.', max_length=14, verbose_name='barcode'),
        ),
        migrations.AddField(
            model_name='variant',
            name='metadata',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Texts by key, for programs: ids of other systems and the like.', verbose_name='metadata'),
        ),
        AddConstraintNotValid(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Func(models.F('metadata'), models.Value('strict $.type() == "object" && !exists($.* ? (@.type() != "string")) && !exists($.* ? (@ like_regex "^.{250}.{1}.{249}." flag "s")) && !exists($.keyvalue() ? (@.key == "" || @.key like_regex "^.{40}." flag "s"))'), function='jsonb_path_match', output_field=models.BooleanField()), name='product_metadata_texts'),
        ),
        AddConstraintNotValid(
            model_name='product',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('metadata'), models.Value('$ ? (@.type() == "object").keyvalue()'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 50), name='product_metadata_keys'),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(('barcode__regex', '^([0-9]{8}|[0-9]{12,14})?$')), name='variant_barcode_is_a_gtin'),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Func(models.F('metadata'), models.Value('strict $.type() == "object" && !exists($.* ? (@.type() != "string")) && !exists($.* ? (@ like_regex "^.{250}.{1}.{249}." flag "s")) && !exists($.keyvalue() ? (@.key == "" || @.key like_regex "^.{40}." flag "s"))'), function='jsonb_path_match', output_field=models.BooleanField()), name='variant_metadata_texts'),
        ),
        AddConstraintNotValid(
            model_name='variant',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('metadata'), models.Value('$ ? (@.type() == "object").keyvalue()'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 50), name='variant_metadata_keys'),
        ),
    ]
