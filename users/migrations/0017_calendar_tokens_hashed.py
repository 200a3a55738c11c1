"""Secrets of calendars become their hashes, so that subscribed calendars keep working. Going back, none is left: the
code before would take a hash for the secret, so colleagues make new addresses then."""

from django.db import migrations, models

HASH = """
UPDATE users_user SET calendar_token = encode(sha256(convert_to(calendar_token, 'UTF8')), 'hex')
WHERE calendar_token IS NOT NULL
"""
FORGET = "UPDATE users_user SET calendar_token = NULL WHERE calendar_token IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0016_scopes_of_prices_and_privacy"),
    ]

    operations = [
        migrations.RunSQL(
            HASH,
            FORGET,
            state_operations=[
                migrations.RenameField("user", "calendar_token", "calendar_token_hash"),
                migrations.AlterField(
                    "user",
                    "calendar_token_hash",
                    models.CharField(
                        db_column="calendar_token",
                        editable=False,
                        help_text="SHA-256 of the secret in the address of the tasks' calendar.",
                        max_length=64,
                        null=True,
                        unique=True,
                        verbose_name="calendar token's hash",
                    ),
                ),
            ],
        ),
    ]
