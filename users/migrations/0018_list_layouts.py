import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """How everybody has each list laid out. No row that is there is read."""

    dependencies = [
        ("users", "0017_tax_numbers_validated"),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='list_layouts',
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False, help_text='By list: which columns are hidden or added, and whether rows stand close.', verbose_name='layouts of lists'),
        ),
        AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('list_layouts'), function='jsonb_typeof', output_field=models.TextField()), models.Value('object')), name='user_list_layouts_by_list'),
        ),
    ]
