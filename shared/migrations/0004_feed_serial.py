from django.db import migrations


class Migration(migrations.Migration):
    """One for all ledgers: their rows are put in order by it."""

    dependencies = [("shared", "0003_history_function")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE IF NOT EXISTS kontor_feed_serial CACHE 1", "DROP SEQUENCE IF EXISTS kontor_feed_serial"
        )
    ]
