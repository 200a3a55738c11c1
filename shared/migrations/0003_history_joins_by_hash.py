from django.db import migrations


class Migration(migrations.Migration):
    """The plan of a session's first statement is kept: made for one row, it walked all pairs of a bulk update."""

    dependencies = [("shared", "0002_record_changes")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION kontor_record_change() SET enable_nestloop = off",
            "ALTER FUNCTION kontor_record_change() RESET enable_nestloop",
        ),
    ]
