"""Up to which position events are forgotten stands beside the feed's own; until now it was looked for each time."""

from django.db import migrations, models

_KNOWN = """
UPDATE events_sequencer
SET forgotten = coalesce((SELECT position - 1 FROM events_event ORDER BY position LIMIT 1), position)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_stream_ticket"),
    ]

    operations = [
        migrations.AddField(
            model_name="sequencer",
            name="forgotten",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_KNOWN, migrations.RunSQL.noop),
    ]
