import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Free texts by key. No row that is there is read."""

    dependencies = [
        ("users", "0010_digest_day_without_a_database"),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='metadata',
            field=models.JSONField(blank=True, db_default={}, default=dict, help_text='Texts by key, for programs: ids of other systems and the like.', verbose_name='metadata'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Func(models.F('metadata'), models.Value('strict $.type() == "object" && !exists($.* ? (@.type() != "string")) && !exists($.* ? (@ like_regex "^.{250}.{1}.{249}." flag "s")) && !exists($.keyvalue() ? (@.key == "" || @.key like_regex "^.{40}." flag "s"))'), function='jsonb_path_match', output_field=models.BooleanField()), name='customer_metadata_texts'),
        ),
        AddConstraintNotValid(
            model_name='customer',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(models.Func(models.Func(models.F('metadata'), models.Value('$ ? (@.type() == "object").keyvalue()'), function='jsonb_path_query_array'), function='jsonb_array_length', output_field=models.IntegerField()), 50), name='customer_metadata_keys'),
        ),
    ]
