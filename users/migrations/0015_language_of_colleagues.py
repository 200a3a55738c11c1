from django.db import migrations, models


class Migration(migrations.Migration):
    """What language reminders and digests are in."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("users", "0014_customer_deleted"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("uk", "Українська")],
                db_default="en",
                default="en",
                help_text="Of reminders and the daily digest; follows the language chosen in the admin.",
                max_length=2,
                verbose_name="language",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "uk"])), name="user_language_known"
            ),
        ),
    ]
