"""The feed is vacuumed once a day's events are forgotten, not once they are a fifth of it (decisions/event-feed.md)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_forgotten_positions"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE events_event SET (autovacuum_vacuum_scale_factor = 0.02)",
            "ALTER TABLE events_event RESET (autovacuum_vacuum_scale_factor)",
        ),
    ]
