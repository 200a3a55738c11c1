from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is empty for everybody: nothing is rewritten."""

    dependencies = [("users", "0012_customers_of_groups")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Hidden since then; it can be restored.",
                null=True,
                verbose_name="deleted at",
            ),
        ),
    ]
