"""Up to which position events are forgotten stands beside the feed's own; until now it was looked for each time."""

from django.db import migrations, models

# The turn of events.feed.turn: whoever forgets just now is waited for.
_KNOWN = """
SELECT pg_advisory_xact_lock(5201001);
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
